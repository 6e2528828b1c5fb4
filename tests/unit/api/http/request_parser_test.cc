#include "api/http/request_parser.h"

#include <gtest/gtest.h>

namespace yard::http {
namespace {

using State = RequestParser::State;

constexpr ParserLimits kLimits{100, 1000, 20, 5000};

struct Outcome {
    std::vector<Request> requests;
    int status = 0;  // 0: no failure.
    State state = State::kIdle;
};

// Feeds the bytes in pieces of `step` until they are used up or the parser fails.
Outcome Parse(std::string_view bytes, size_t step = 1 << 20) {
    RequestParser parser(kLimits);
    Outcome outcome;
    while (!bytes.empty()) {
        std::string_view piece = bytes.substr(0, step);
        bytes.remove_prefix(piece.size());
        while (!piece.empty() && parser.state() != State::kFailed) {
            piece.remove_prefix(parser.Consume(piece));
            if (parser.state() == State::kDone) outcome.requests.push_back(parser.Take().request);
        }
        if (parser.state() == State::kFailed) {
            outcome.status = parser.status();
            EXPECT_FALSE(parser.message().empty());
            break;
        }
    }
    outcome.state = parser.state();
    return outcome;
}

int StatusOf(std::string_view bytes) {
    int at_once = Parse(bytes).status;
    EXPECT_EQ(Parse(bytes, 1).status, at_once) << "split differently: " << bytes;
    return at_once;
}

std::string Post(std::string_view headers, std::string_view body) {
    return std::string("POST /x HTTP/1.1\r\nHost: a\r\n")
        .append(headers)
        .append("\r\n")
        .append(body);
}

TEST(RequestParserTest, ReadsEveryPartOfARequest) {
    Outcome outcome = Parse(
        "PATCH /a%20b?c=d HTTP/1.1\r\nHost: h:80\r\nX-A:  v 1 \t\r\nx-a:\r\nContent-Length: "
        "3\r\n\r\nabc");
    ASSERT_EQ(outcome.requests.size(), 1u);
    const Request& request = outcome.requests[0];
    EXPECT_EQ(request.method, "PATCH");
    EXPECT_EQ(request.target, "/a%20b?c=d");
    EXPECT_EQ(request.headers.GetAll("X-A"), (std::vector<std::string_view>{"v 1", ""}));
    EXPECT_EQ(request.body, "abc");
    EXPECT_TRUE(request.keep_alive);
}

TEST(RequestParserTest, PipelinedRequestsComeOutOneByOneHoweverTheyAreSplit) {
    std::string bytes = Post("Content-Length: 5\r\n", "hello") +
                        "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n" +
                        Post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n") +
                        "\r\nGET /4 HTTP/1.1\r\nHost: a\r\n\r\n";
    for (size_t step = 1; step <= bytes.size(); ++step) {
        Outcome outcome = Parse(bytes, step);
        ASSERT_EQ(outcome.requests.size(), 4u) << "step " << step << " status " << outcome.status;
        EXPECT_EQ(outcome.requests[0].body, "hello");
        EXPECT_EQ(outcome.requests[1].target, "/2");
        EXPECT_EQ(outcome.requests[2].body, "abc");
        EXPECT_EQ(outcome.requests[3].target, "/4");
        EXPECT_EQ(outcome.state, State::kIdle);
    }
}

TEST(RequestParserTest, ChunkedBodiesSurviveASplitAtEveryByte) {
    std::string bytes = Post("Transfer-Encoding: Chunked\r\n",
                             "5\r\nhello\r\n1;name=value;quoted=\"a "
                             "b\"\r\n,\r\n000006\r\n\r\n\r\n\r\n\r\n0;last\r\nTrailer: x\r\n\r\n");
    for (size_t split = 1; split < bytes.size(); ++split) {
        RequestParser parser(kLimits);
        EXPECT_EQ(parser.Consume(std::string_view(bytes).substr(0, split)), split);
        EXPECT_EQ(parser.Consume(std::string_view(bytes).substr(split)), bytes.size() - split);
        ASSERT_EQ(parser.state(), State::kDone) << split;
        Request request = parser.Take().request;
        EXPECT_EQ(request.body, "hello,\r\n\r\n\r\n");
        EXPECT_FALSE(request.headers.Has("Trailer"));
    }
}

TEST(RequestParserTest, AnEmptyChunkedBodyMayArriveByteByByte) {
    std::string bytes = Post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n");
    for (size_t step = 1; step < bytes.size(); ++step) {
        EXPECT_EQ(Parse(bytes + bytes, step).requests.size(), 2u) << step;
    }
}

TEST(RequestParserTest, ContentLengthMustBeOnePlainNumber) {
    for (std::string_view value :
         {"+5", "-5", "0x5", "5, 5", "5,5", "abc", "", " ", "5 5", "5.0", "1e1", "5;",
          "99999999999999999999999999", "18446744073709551616"}) {
        EXPECT_EQ(StatusOf(Post("Content-Length: " + std::string(value) + "\r\n", "hello")), 400)
            << value;
    }
    EXPECT_EQ(StatusOf(Post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello")), 400);
    EXPECT_EQ(StatusOf(Post("Content-Length: 5\r\ncontent-length: 6\r\n", "hello")), 400);
    EXPECT_EQ(Parse(Post("Content-Length: 0005\r\n", "hello")).requests.size(), 1u);
}

TEST(RequestParserTest, ContentLengthAndTransferEncodingExcludeEachOther) {
    EXPECT_EQ(StatusOf(Post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")),
              400);
    EXPECT_EQ(StatusOf(Post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n")),
              400);
}

TEST(RequestParserTest, TransferEncodingIsChunkedOrRefused) {
    for (std::string_view value : {"xchunked", "gzip, chunked", "chunked, identity", "identity",
                                   "chunked;q=1", "", "\"chunked\"", "chunked,", "gzip"}) {
        int status =
            StatusOf(Post("Transfer-Encoding: " + std::string(value) + "\r\n", "0\r\n\r\n"));
        EXPECT_TRUE(status == 501 || status == 400) << value << " gave " << status;
    }
    EXPECT_EQ(
        StatusOf(Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")),
        400);
    EXPECT_EQ(StatusOf(Post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n")), 400);
    EXPECT_EQ(StatusOf("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400);
}

TEST(RequestParserTest, ChunksMustBeFramedExactly) {
    for (std::string_view body :
         {"5\r\nhelloXX0\r\n\r\n", "5\r\nhello\n0\r\n\r\n", "5\nhello\r\n0\r\n\r\n",
          "5\rXhello\r\n", "x\r\n", "-1\r\n", "+1\r\na\r\n", "0x1\r\na\r\n\r\n", " 1\r\na\r\n",
          "1 \r\na\r\n", "\r\n", "5;a=b\nhello\r\n0\r\n\r\n", "1;\x01\r\na\r\n0\r\n\r\n",
          "0\r\nX y\r\n\r\n", "0\r\nContent-Length: 5\r\n\r\n",
          "0\r\nTransfer-Encoding: chunked\r\n\r\n", "fffffffffffffffff\r\n"}) {
        // What follows makes it long enough to be judged.
        std::string bytes = Post("Transfer-Encoding: chunked\r\n", body) + "\r\n\r\n";
        EXPECT_EQ(StatusOf(bytes), 400) << body;
    }
}

TEST(RequestParserTest, ChunkHeadersAndTrailersAreBounded) {
    EXPECT_EQ(
        Parse(Post("Transfer-Encoding: chunked\r\n", "1;" + std::string(10000, 'a')), 100).status,
        400);
    std::string trailers = "0\r\n";
    for (int i = 0; i < 1000; ++i) trailers += "A: b\r\n";
    EXPECT_EQ(Parse(Post("Transfer-Encoding: chunked\r\n", trailers), 100).status, 400);
}

TEST(RequestParserTest, BodiesOverTheLimitAreRefused) {
    EXPECT_EQ(StatusOf(Post("Content-Length: 5001\r\n", "")), 413);
    EXPECT_EQ(StatusOf(Post("Content-Length: 18446744073709551615\r\n", "")), 413);
    EXPECT_EQ(StatusOf(Post("Transfer-Encoding: chunked\r\n", "1389\r\n")), 413);
    EXPECT_EQ(StatusOf(Post("Transfer-Encoding: chunked\r\n", "ffffffffffffffff\r\n")), 413);
    std::string chunk = "3e8\r\n" + std::string(1000, 'x') + "\r\n";
    std::string five = chunk + chunk + chunk + chunk + chunk;
    EXPECT_EQ(Parse(Post("Transfer-Encoding: chunked\r\n", five + "0\r\n\r\n"))
                  .requests.at(0)
                  .body.size(),
              5000u);
    EXPECT_EQ(StatusOf(Post("Transfer-Encoding: chunked\r\n", five + "1\r\nx\r\n0\r\n\r\n")), 413);
}

TEST(RequestParserTest, HeadsOverTheLimitsAreRefused) {
    EXPECT_EQ(StatusOf("GET /" + std::string(100, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n"), 414);
    EXPECT_EQ(StatusOf("GET /" + std::string(16000, '/')), 414);
    EXPECT_EQ(
        Parse("GET /" + std::string(99, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n").requests.size(), 1u);
    EXPECT_EQ(StatusOf("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(1000, 'a') + "\r\n\r\n"),
              431);
    std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (int i = 0; i < 20; ++i) many += "A: b\r\n";
    EXPECT_EQ(StatusOf(many + "\r\n"), 431);
}

TEST(RequestParserTest, Http11NeedsExactlyOneValidHost) {
    EXPECT_EQ(StatusOf("GET / HTTP/1.1\r\n\r\n"), 400);
    EXPECT_EQ(StatusOf("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"), 400);
    EXPECT_EQ(StatusOf("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"), 400);
    EXPECT_EQ(StatusOf("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), 400);
    EXPECT_EQ(StatusOf("GET / HTTP/1.1\r\nHost: u@h\r\n\r\n"), 400);
    EXPECT_EQ(StatusOf("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"), 400);
    EXPECT_EQ(Parse("GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n").requests.size(), 1u);
    EXPECT_EQ(Parse("GET / HTTP/1.0\r\n\r\n").requests.size(), 1u);
}

TEST(RequestParserTest, OnlyOriginFormTargetsAreTaken) {
    for (std::string_view target :
         {"*", "http://a/", "a", "?a", "/a b", "/a#b", "/\x80", "//\xc3\xa9", ""}) {
        EXPECT_EQ(StatusOf("GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n"), 400)
            << target;
    }
    EXPECT_EQ(StatusOf("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
}

TEST(RequestParserTest, RequestLinesMustBeWellFormed) {
    for (std::string_view line :
         {"GET /", "GET / H", "GET / ", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", "G@T / HTTP/1.1",
          "GET / http/1.1", "GET / HTTP/1.", "GET / HTTP/11", "GET\t/ HTTP/1.1", "nonsense"}) {
        EXPECT_EQ(StatusOf(std::string(line) + "\r\nHost: a\r\n\r\n"), 400) << line;
    }
    EXPECT_EQ(StatusOf(std::string(40, 'M') + " / HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
    EXPECT_EQ(StatusOf("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), 505);
    EXPECT_EQ(StatusOf("GET / HTTP/0.9\r\nHost: a\r\n\r\n"), 505);
    EXPECT_EQ(StatusOf("GET / HTTP/1.2\r\nHost: a\r\n\r\n"), 505);
    EXPECT_EQ(Parse("BREW / HTTP/1.1\r\nHost: a\r\n\r\n").requests.at(0).method, "BREW");
}

TEST(RequestParserTest, FieldsMustBeWellFormed) {
    for (std::string_view field : {"Ho st: b", "X : b", ": b", "X", "X\x80: b", "X(: b", " X: b",
                                   "X: a\x02"
                                   "b"}) {
        EXPECT_EQ(StatusOf("GET / HTTP/1.1\r\nHost: a\r\n" + std::string(field) + "\r\n\r\n"), 400)
            << field;
    }
    // What typed header parsers choke on is none of the door's business.
    for (std::string_view field :
         {"Accept: *", "Accept:", "Content-Type: foo", "Cache-Control: max-age=0, foo=bar,",
          "Cookie: foo", "Date: yesterday", "X: caf\xc3\xa9"}) {
        EXPECT_EQ(StatusOf("GET / HTTP/1.1\r\nHost: a\r\n" + std::string(field) + "\r\n\r\n"), 0)
            << field;
    }
}

TEST(RequestParserTest, KeepAliveFollowsVersionAndConnection) {
    auto keeps = [](std::string_view head) { return Parse(head).requests.at(0).keep_alive; };
    EXPECT_TRUE(keeps("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, CLOSE\r\n\r\n"));
    EXPECT_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
    EXPECT_TRUE(keeps("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"));
    EXPECT_TRUE(keeps("GET / HTTP/1.1\r\nHost: a\r\nConnection: closed\r\n\r\n"));
}

TEST(RequestParserTest, TheContinueWishIsTakenOnceAndOnlyWhileTheBodyIsMissing) {
    RequestParser parser(kLimits);
    parser.Consume(Post("Expect: 100-Continue\r\nContent-Length: 5\r\n", ""));
    EXPECT_TRUE(parser.TakeContinueWish());
    EXPECT_FALSE(parser.TakeContinueWish());
    parser.Consume("hello");
    EXPECT_EQ(parser.Take().request.body, "hello");
    parser.Consume(Post("Expect: 100-continue\r\nContent-Length: 5\r\n", "hello"));
    EXPECT_FALSE(parser.TakeContinueWish());
    EXPECT_EQ(StatusOf(Post("Expect: miracles\r\nContent-Length: 5\r\n", "hello")), 417);
}

TEST(RequestParserTest, AFailedParserConsumesNothing) {
    RequestParser parser(kLimits);
    parser.Consume("BAD\r\n\r\n");
    ASSERT_EQ(parser.state(), State::kFailed);
    EXPECT_EQ(parser.Consume("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), 0u);
}

}  // namespace
}  // namespace yard::http
