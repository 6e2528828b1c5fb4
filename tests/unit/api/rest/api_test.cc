#include "api/rest/api.h"

#include "tests/unit/api/rest/api_fixture.h"

namespace yard::rest {
namespace {

TEST_F(ApiTest, UnknownPathsAnswer404) {
    for (const char* path : {"/", "/nope", "/api", "/api/graphs/a/b", "//", "/api//graphs"}) {
        Answer answer = Call("GET", path);
        EXPECT_EQ(answer.status, 404) << path;
        EXPECT_EQ(answer.text, R"({"detail":"Not Found"})");
    }
}

TEST_F(ApiTest, WrongMethodsNameTheRightOnes) {
    Answer answer = Call("PATCH", "/api/graphs");
    EXPECT_EQ(answer.status, 405);
    EXPECT_EQ(answer.text, R"({"detail":"Method Not Allowed"})");
    EXPECT_EQ(answer.headers.Get("Allow"), "GET, POST");
    EXPECT_EQ(Call("HEAD", "/api/graphs").status, 405);
    EXPECT_EQ(Call("OPTIONS", "/api/graphs").status, 405);
    EXPECT_EQ(Call("BREW", "/health").status, 405);
}

TEST_F(ApiTest, ATrailingSlashIsRedirected) {
    Answer answer = Call("GET", "/api/graphs/?x=1");
    EXPECT_EQ(answer.status, 307);
    EXPECT_EQ(answer.headers.Get("Location"), "http://localhost:8006/api/graphs?x=1");
    EXPECT_EQ(answer.text, "");
}

TEST_F(ApiTest, AStrangeHostIsNotEchoed) {
    http::Request request = MakeRequest("GET", "/health/");
    request.headers.Set("Host", "evil.example/<script>");
    EXPECT_EQ(Send(std::move(request)).headers.Get("Location"), "/health");
}

TEST_F(ApiTest, PathsThatAreNoTextAnswer400) {
    EXPECT_EQ(Call("GET", "/api/graphs/%ff%fe").status, 400);
    EXPECT_EQ(Call("GET", "/api/graphs/%0").status, 400);
    EXPECT_EQ(Call("GET", "/api/graphs/%00").status, 400);
}

TEST_F(ApiTest, AnEncodedSlashStaysInsideItsSegment) {
    EXPECT_EQ(Call("GET", "/api/graphs/a%2Fversions").text,
              R"({"detail":"Graph #a/versions not found."})");
}

TEST_F(ApiTest, AnswersCarryTheRequestIdAndSecurityHeaders) {
    http::Request request = MakeRequest("GET", "/api/graphs");
    request.headers.Add("X-Request-Id", "my-id.1");
    Answer answer = Send(std::move(request));
    EXPECT_EQ(answer.headers.Get("X-Request-Id"), "my-id.1");
    EXPECT_EQ(answer.headers.Get("X-Frame-Options"), "DENY");
    EXPECT_EQ(answer.headers.Get("Cache-Control"), "no-store, no-cache, must-revalidate, private");
    http::Request strange = MakeRequest("GET", "/api/graphs");
    strange.headers.Add("X-Request-Id", "<b>");
    EXPECT_EQ(Send(std::move(strange)).headers.Get("X-Request-Id").size(), 36u);
}

TEST_F(ApiTest, PreflightsAreAnsweredBeforeAnythingElse) {
    http::Request request = MakeRequest("OPTIONS", "/nowhere", "");
    request.headers.Add("Origin", "https://app.example.com");
    request.headers.Add("Access-Control-Request-Method", "PUT");
    Answer answer = Send(std::move(request));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.text, "OK");
    EXPECT_EQ(answer.headers.Get("access-control-allow-origin"), "https://app.example.com");
    EXPECT_FALSE(answer.headers.Has("X-Frame-Options"));
}

TEST_F(ApiTest, ErrorsCarryCorsHeadersToo) {
    http::Request request = MakeRequest("GET", "/nowhere", "");
    request.headers.Add("Origin", "http://localhost:3000");
    Answer answer = Send(std::move(request));
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.headers.Get("access-control-allow-origin"), "http://localhost:3000");
}

TEST_F(ApiTest, OriginsThatCannotBeUsedAreRefusedAtStart) {
    options_.cors_allow_origins = {"regex:("};
    EXPECT_FALSE(Cors::Create(options_.cors_allow_origins, false).ok());
}

}  // namespace
}  // namespace yard::rest
