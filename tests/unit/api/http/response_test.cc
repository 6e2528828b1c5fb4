#include "api/http/response.h"

#include <gtest/gtest.h>

namespace yard::http {
namespace {

TEST(ResponseTest, TheSharedBodyWins) {
    Response response = MakeResponse(201, "text/plain", "own");
    EXPECT_EQ(response.status, 201);
    EXPECT_EQ(response.headers.Get("content-type"), "text/plain");
    EXPECT_EQ(response.body_view(), "own");
    response.shared_body = std::make_shared<const std::string>("shared");
    EXPECT_EQ(response.body_view(), "shared");
}

TEST(ResponseTest, EveryStatusHasAPhrase) {
    EXPECT_EQ(ReasonPhrase(404), "Not Found");
    EXPECT_EQ(ReasonPhrase(503), "Service Unavailable");
    EXPECT_EQ(ReasonPhrase(599), "Unknown");
}

}  // namespace
}  // namespace yard::http
