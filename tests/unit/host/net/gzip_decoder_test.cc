#include "host/net/gzip_decoder.h"

#include <gtest/gtest.h>

#include <string>

namespace yard::net {
namespace {

// gzip of "hello".
const std::string kHello(
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00"
    "\x00\x00",
    25);

std::string Decode(const std::string& bytes, size_t piece) {
    std::string out;
    GzipDecoder decoder([&](std::string_view chunk) -> Result<Ok> {
        out += chunk;
        return Ok{};
    });
    for (size_t at = 0; at < bytes.size(); at += piece) {
        const auto fed = decoder.Feed(bytes.substr(at, piece));
        if (!fed) return "fault: " + fed.error().message;
    }
    const auto ended = decoder.FeedEnd();
    return ended ? out : "fault: " + ended.error().message;
}

TEST(GzipDecoderTest, PiecesOfAnySizeGiveTheSame) {
    for (size_t piece = 1; piece <= kHello.size(); ++piece) {
        EXPECT_EQ(Decode(kHello, piece), "hello") << piece;
    }
}

TEST(GzipDecoderTest, StreamsFollowEachOther) {
    EXPECT_EQ(Decode(kHello + kHello, 3), "hellohello");
    EXPECT_EQ(Decode(kHello + kHello, 100), "hellohello");
}

TEST(GzipDecoderTest, EmptyInputIsEmpty) { EXPECT_EQ(Decode("", 1), ""); }

TEST(GzipDecoderTest, DamageIsAnError) {
    for (size_t size = 1; size < kHello.size(); ++size) {
        EXPECT_EQ(Decode(kHello.substr(0, size), 100),
                  "fault: the answer's gzip data is incomplete")
            << size;
    }
    EXPECT_EQ(Decode("plain text", 100), "fault: the answer is not valid gzip");
    EXPECT_EQ(Decode(kHello + "x rubbish", 100), "fault: the answer is not valid gzip");
}

TEST(GzipDecoderTest, ErrorOfTheReceiverComesBack) {
    GzipDecoder decoder([](std::string_view) -> Result<Ok> { return NotAllowed("enough"); });
    EXPECT_EQ(decoder.Feed(kHello).error().message, "enough");
}

}  // namespace
}  // namespace yard::net
