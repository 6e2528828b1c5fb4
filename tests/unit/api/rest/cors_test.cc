#include "api/rest/cors.h"

#include <gtest/gtest.h>

namespace yard::rest {
namespace {

std::unique_ptr<Cors> Make(const std::vector<std::string>& origins) {
    auto cors = Cors::Create(origins, false);
    EXPECT_TRUE(cors.ok());
    return std::move(cors).value();
}

http::Request Preflight(const std::string& origin, const std::string& method) {
    http::Request request;
    request.method = "OPTIONS";
    request.target = "/";
    request.headers.Add("Origin", origin);
    request.headers.Add("Access-Control-Request-Method", method);
    return request;
}

TEST(CorsTest, ExactOriginsAreAllowed) {
    http::Response response;
    Make({"https://a.example"})->AddHeaders("https://a.example", response);
    EXPECT_EQ(response.headers.Get("access-control-allow-origin"), "https://a.example");
    EXPECT_EQ(response.headers.Get("access-control-allow-credentials"), "true");
    EXPECT_EQ(response.headers.Get("vary"), "Origin");
}

TEST(CorsTest, OtherOriginsAreServedWithoutPermission) {
    for (const char* origin : {"https://a.example.evil", "http://a.example", "null"}) {
        http::Response response;
        Make({"https://a.example"})->AddHeaders(origin, response);
        EXPECT_FALSE(response.headers.Has("access-control-allow-origin")) << origin;
        EXPECT_TRUE(response.headers.Has("access-control-allow-credentials"));
    }
}

TEST(CorsTest, PatternsMatchTheWholeOrigin) {
    auto cors = Make({"regex:https://a|https://b[0-9]"});
    for (auto [origin, allowed] :
         {std::pair{"https://a", true}, std::pair{"https://b1", true},
          std::pair{"https://a.evil", false}, std::pair{"xhttps://b1", false}}) {
        EXPECT_EQ(cors->AnswerPreflight(Preflight(origin, "GET")).status, allowed ? 200 : 400)
            << origin;
    }
}

TEST(CorsTest, PreflightsEchoTheHeadersAskedFor) {
    http::Request request = Preflight("https://a", "PATCH");
    request.headers.Add("Access-Control-Request-Headers", "authorization, x-act-as-user-id");
    http::Response response = Make({"https://a"})->AnswerPreflight(request);
    EXPECT_EQ(response.headers.Get("access-control-allow-headers"),
              "authorization, x-act-as-user-id");
    EXPECT_EQ(response.headers.Get("access-control-allow-methods"),
              "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
    EXPECT_EQ(response.headers.Get("access-control-max-age"), "600");
}

TEST(CorsTest, RefusedPreflightsNameEveryReason) {
    auto cors = Make({"https://a"});
    EXPECT_EQ(cors->AnswerPreflight(Preflight("https://b", "GET")).body, "Disallowed CORS origin");
    EXPECT_EQ(cors->AnswerPreflight(Preflight("https://a", "BREW")).body, "Disallowed CORS method");
    EXPECT_EQ(cors->AnswerPreflight(Preflight("https://b", "BREW")).body,
              "Disallowed CORS origin, method");
}

TEST(CorsTest, APatternThatDoesNotCompileIsNamed) {
    auto cors = Cors::Create({"regex:(["}, false);
    ASSERT_FALSE(cors.ok());
    EXPECT_TRUE(cors.error().message.starts_with("Invalid regex pattern '(['"));
}

TEST(CorsTest, ProductionAdmitsNoLocalOrigin) {
    for (const char* origin :
         {"http://LocalHost:3000", "http://127.0.0.1:3000", "regex:http://localhost:.*", "regex:.*",
          "regex:https?://[a-z]+:[0-9]+"}) {
        EXPECT_FALSE(Cors::Create({origin}, true).ok()) << origin;
        EXPECT_TRUE(Cors::Create({origin}, false).ok()) << origin;
    }
    EXPECT_TRUE(Cors::Create({"https://a.example", "regex:https://[a-z]+\\.example"}, true).ok());
}

}  // namespace
}  // namespace yard::rest
