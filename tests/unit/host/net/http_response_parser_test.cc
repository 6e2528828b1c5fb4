#include "host/net/http_response_parser.h"

#include <gtest/gtest.h>

namespace yard::net {
namespace {

struct Parsed {
    int heads = 0;
    std::string body;
    bool is_complete = false;
    bool is_reusable = false;
    std::string fault;
};

// Feeds `text` in pieces of `piece` bytes and then, if wanted, the connection's end.
Parsed Parse(const std::string& text, size_t piece, bool with_end = false, bool has_body = true) {
    Parsed parsed;
    HttpResponseParser parser(
        has_body,
        [&](const HttpHead&) -> Result<Ok> {
            ++parsed.heads;
            return Ok{};
        },
        [&](std::string_view chunk) -> Result<Ok> {
            parsed.body += chunk;
            return Ok{};
        });
    Result<Ok> fed = Ok{};
    for (size_t at = 0; fed && at < text.size(); at += piece)
        fed = parser.Feed(text.substr(at, piece));
    if (fed && with_end) fed = parser.FeedEnd();
    parsed.is_complete = parser.is_complete();
    parsed.is_reusable = parser.is_reusable();
    if (!fed) parsed.fault = fed.error().message;
    return parsed;
}

TEST(HttpResponseParserTest, PiecesOfAnySizeGiveTheSame) {
    const std::string text =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\nEmpty:\r\n"
        "Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n1\r\ne\r\n0\r\n\r\n";
    for (size_t piece = 1; piece <= text.size(); ++piece) {
        const Parsed parsed = Parse(text, piece);
        EXPECT_EQ(parsed.heads, 1) << piece;
        EXPECT_EQ(parsed.body, "abcde") << piece;
        EXPECT_TRUE(parsed.is_complete && parsed.is_reusable) << piece << parsed.fault;
    }
}

TEST(HttpResponseParserTest, AnswerWithoutALengthEndsWithTheConnection) {
    const Parsed open = Parse("HTTP/1.1 200 OK\r\n\r\nabc", 100);
    EXPECT_FALSE(open.is_complete);
    const Parsed closed = Parse("HTTP/1.1 200 OK\r\n\r\nabc", 100, true);
    EXPECT_TRUE(closed.is_complete);
    EXPECT_FALSE(closed.is_reusable);
    EXPECT_EQ(closed.body, "abc");
}

TEST(HttpResponseParserTest, AnswersWithoutABodyAreCompleteAtOnce) {
    EXPECT_TRUE(Parse("HTTP/1.1 204 No Content\r\n\r\n", 100).is_complete);
    EXPECT_TRUE(Parse("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 100).is_complete);
    EXPECT_TRUE(
        Parse("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", 100, false, false).is_complete);
}

TEST(HttpResponseParserTest, OldProtocolAndExtraBytesAreNotReusable) {
    EXPECT_FALSE(Parse("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", 100).is_reusable);
    EXPECT_TRUE(Parse("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", 100).is_reusable);
    EXPECT_FALSE(Parse("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab", 100).is_reusable);
}

TEST(HttpResponseParserTest, ErrorOfACallbackComesBack) {
    HttpResponseParser parser(
        true, [](const HttpHead&) -> Result<Ok> { return NotAllowed("no heads"); },
        [](std::string_view) -> Result<Ok> { return Ok{}; });
    EXPECT_EQ(parser.Feed("HTTP/1.1 200 OK\r\n\r\n").error().message, "no heads");
    HttpResponseParser other(
        true, [](const HttpHead&) -> Result<Ok> { return Ok{}; },
        [](std::string_view) -> Result<Ok> { return NotAllowed("no bodies"); });
    EXPECT_EQ(other.Feed("HTTP/1.1 200 OK\r\n\r\nx").error().message, "no bodies");
}

TEST(HttpResponseParserTest, EndBeforeAnyByteIsAnError) {
    EXPECT_EQ(Parse("", 1, true).fault, "the server closed the connection before its answer ended");
}

}  // namespace
}  // namespace yard::net
