#include "api/http/gzip.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace yard::http {
namespace {

std::string Decompress(std::string_view compressed, size_t size_max) {
    z_stream stream{};
    EXPECT_EQ(inflateInit2(&stream, MAX_WBITS + 16), Z_OK);
    std::string bytes(size_max + 1, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
    stream.avail_in = static_cast<uInt>(compressed.size());
    stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
    stream.avail_out = static_cast<uInt>(bytes.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    bytes.resize(stream.total_out);
    inflateEnd(&stream);
    return bytes;
}

bool Accepts(std::string_view value) {
    Request request;
    request.headers.Add("Accept-Encoding", value);
    return AcceptsGzip(request);
}

TEST(GzipTest, CompressesLosslesslyAtEveryLevel) {
    std::string text;
    for (int i = 0; i < 20000; ++i) text += std::to_string(i * 7919) + ",";
    for (int level = 1; level <= 9; ++level) {
        std::string compressed = GzipCompress(text, level);
        EXPECT_LT(compressed.size(), text.size());
        EXPECT_EQ(Decompress(compressed, text.size()), text);
    }
}

TEST(GzipTest, CompressesNothingAndNoise) {
    EXPECT_EQ(Decompress(GzipCompress("", 6), 0), "");
    std::string noise;
    uint32_t state = 1;
    for (int i = 0; i < 100000; ++i)
        noise += static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
    EXPECT_EQ(Decompress(GzipCompress(noise, 1), noise.size()), noise);
}

TEST(GzipTest, AcceptanceFollowsTheWeights) {
    EXPECT_TRUE(Accepts("gzip"));
    EXPECT_TRUE(Accepts("deflate, GZIP;q=0.5"));
    EXPECT_TRUE(Accepts("br;q=1.0, *;q=0.1"));
    EXPECT_TRUE(Accepts("x-gzip"));
    EXPECT_FALSE(Accepts(""));
    EXPECT_FALSE(Accepts("identity, br"));
    EXPECT_FALSE(Accepts("gzip;q=0"));
    EXPECT_FALSE(Accepts("gzip; q=0.000"));
    EXPECT_FALSE(Accepts("*;q=1, gzip;q=0"));
    EXPECT_FALSE(Accepts("*;q=0"));
    EXPECT_FALSE(Accepts("gzipped"));
    EXPECT_FALSE(AcceptsGzip(Request()));
}

}  // namespace
}  // namespace yard::http
