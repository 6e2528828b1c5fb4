#include "api/rest/middleware.h"

#include <gtest/gtest.h>

namespace yard::rest {
namespace {

TEST(MiddlewareTest, OnlyListedPathsAreCacheable) {
    for (const char* path : {"/api/blocks", "/api/blocks/x/execute", "/api/v1/blocks", "/docs",
                             "/openapi.json", "/api/store/agents/x/y/review"}) {
        EXPECT_TRUE(IsCacheable(path)) << path;
    }
    for (const char* path : {"/health", "/redoc", "/api/graphs", "/api/store/creators", "/"}) {
        EXPECT_FALSE(IsCacheable(path)) << path;
    }
}

TEST(MiddlewareTest, LargeBodiesAreCompressedForThoseWhoTakeIt) {
    http::Response large = http::MakeResponse(200, "application/json", std::string(50'000, 'x'));
    Compress(true, large);
    EXPECT_EQ(large.headers.Get("content-encoding"), "gzip");
    EXPECT_LT(large.body.size(), 1000u);
    http::Response plain = http::MakeResponse(200, "application/json", std::string(50'000, 'x'));
    Compress(false, plain);
    EXPECT_FALSE(plain.headers.Has("content-encoding"));
    EXPECT_EQ(plain.headers.Get("vary"), "Accept-Encoding");
}

TEST(MiddlewareTest, SmallAndCompressedBodiesStayAsTheyAre) {
    http::Response small = http::MakeResponse(200, "text/plain", std::string(49'999, 'x'));
    Compress(true, small);
    EXPECT_EQ(small.body.size(), 49'999u);
    EXPECT_FALSE(small.headers.Has("vary"));
    http::Response done = http::MakeResponse(200, "text/plain", std::string(60'000, 'x'));
    done.headers.Set("content-encoding", "gzip");
    Compress(true, done);
    EXPECT_EQ(done.body.size(), 60'000u);
}

TEST(MiddlewareTest, SharedLinksAreNotIndexed) {
    http::Response response;
    AddSecurityHeaders("/api/public/shared/x", response);
    EXPECT_EQ(response.headers.Get("X-Robots-Tag"), "noindex, nofollow");
    EXPECT_EQ(response.headers.Get("Pragma"), "no-cache");
}

TEST(MiddlewareTest, OnlyPlainRequestIdsAreTaken) {
    http::Request request;
    request.headers.Set("X-Request-Id", "abc-1:2_3.4");
    EXPECT_EQ(RequestIdOf(request), "abc-1:2_3.4");
    for (const std::string& id :
         {std::string("a b"), std::string("\"x\""), std::string(129, 'a')}) {
        request.headers.Set("X-Request-Id", id);
        EXPECT_EQ(RequestIdOf(request).size(), 36u);
    }
}

}  // namespace
}  // namespace yard::rest
