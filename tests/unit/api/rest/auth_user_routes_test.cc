#include "tests/unit/api/rest/api_fixture.h"

namespace yard::rest {
namespace {

class AuthUserRoutesTest : public ApiTest {};

TEST_F(AuthUserRoutesTest, GetOrCreateAnswersTheWholeUser) {
    Answer user = Call("POST", "/api/auth/user", "", "carol");
    ASSERT_EQ(user.status, 200) << user.text;
    EXPECT_EQ(user["id"].StringOr(""), "carol");
    EXPECT_EQ(user["email"].StringOr(""), "c@example.com");
    EXPECT_TRUE(user["created_at"].StringOr("").ends_with("+00:00"));
    EXPECT_EQ(user.json->size(), 20u);
    EXPECT_EQ(Call("POST", "/api/auth/user", "", "carol").text, user.text);
}

TEST_F(AuthUserRoutesTest, ATokenWithoutAnAddressIsRefused) {
    http::Request request = MakeRequest("POST", "/api/auth/user", "");
    Value claims = Value::Object({{"sub", Value::String("dave")},
                                  {"role", Value::String("authenticated")},
                                  {"aud", Value::String("authenticated")}});
    request.headers.Add("Authorization", "Bearer " + auth::SignJwtHs256(claims, kSecret));
    Answer user = Send(std::move(request));
    EXPECT_EQ(user.status, 401);
    EXPECT_EQ(user.text, R"({"detail":"Email not found in token"})");
}

TEST_F(AuthUserRoutesTest, TheAnswerShowsTheStoredChoices) {
    Answer changed = Call("POST", "/api/auth/user/preferences",
                          R"({"email":"New@Example.COM","preferences":{"AGENT_RUN":false,
                              "REFUND_REQUEST":true},"daily_limit":7})");
    ASSERT_EQ(changed.status, 200) << changed.text;
    EXPECT_EQ(changed["email"].StringOr(""), "New@example.com");
    EXPECT_FALSE(changed["preferences"]["AGENT_RUN"].BoolOr(true));
    EXPECT_TRUE(changed["preferences"]["LOW_BALANCE"].BoolOr(false));
    EXPECT_FALSE(changed["preferences"].Has("REFUND_REQUEST"));
    EXPECT_EQ(changed["daily_limit"].AsInt(), 7);
    Answer read = Call("GET", "/api/auth/user/preferences");
    EXPECT_EQ(read.text, changed.text);
    EXPECT_FALSE(Call("POST", "/api/auth/user")["notify_on_agent_run"].BoolOr(true));
}

TEST_F(AuthUserRoutesTest, WrongPreferencesAnswer422) {
    const char* path = "/api/auth/user/preferences";
    EXPECT_EQ(Call("POST", path, "{}")["detail"].size(), 3u);
    Answer key =
        Call("POST", path, R"({"email":"a@b.de","preferences":{"SPAM":true},"daily_limit":1})");
    EXPECT_EQ(key.status, 422);
    EXPECT_EQ(WriteJson(key["detail"].At(0)["loc"]), R"(["body","preferences","SPAM","[key]"])");
    Answer email = Call("POST", path, R"({"email":"ab.de","preferences":{},"daily_limit":1})");
    EXPECT_EQ(email["detail"].At(0)["msg"].StringOr(""),
              "value is not a valid email address: An email address must have an @-sign.");
    EXPECT_EQ(Call("POST", path, R"({"email":"a@b.de","preferences":{},"daily_limit":-1})").status,
              400);
}

TEST_F(AuthUserRoutesTest, UnknownUsersAreNotFound) {
    EXPECT_EQ(Call("GET", "/api/auth/user/preferences", "", "nobody").status, 404);
    EXPECT_EQ(Call("POST", "/api/auth/user/email", "\"x@y.de\"", "nobody").status, 404);
    EXPECT_EQ(Call("POST", "/api/auth/user/timezone", R"({"timezone":"UTC"})", "nobody").status,
              404);
}

TEST_F(AuthUserRoutesTest, TheAddressIsABareString) {
    EXPECT_EQ(Call("POST", "/api/auth/user/email", "\"new@example.com\"").text,
              R"({"email":"new@example.com"})");
    EXPECT_EQ(Call("POST", "/api/auth/user/email", "\"b@example.com\"").status, 409);
    for (const char* body : {"{}", "7", "null", ""}) {
        EXPECT_EQ(Call("POST", "/api/auth/user/email", body).status, 422) << body;
    }
}

TEST_F(AuthUserRoutesTest, TheTimezoneIsOneOfTheDatabase) {
    EXPECT_EQ(Call("GET", "/api/auth/user/timezone").text, R"({"timezone":"not-set"})");
    EXPECT_EQ(Call("POST", "/api/auth/user/timezone", R"({"timezone":"Europe/Berlin"})").text,
              R"({"timezone":"Europe/Berlin"})");
    EXPECT_EQ(Call("GET", "/api/auth/user/timezone").text, R"({"timezone":"Europe/Berlin"})");
    Answer wrong = Call("POST", "/api/auth/user/timezone", R"({"timezone":"europe/berlin"})");
    EXPECT_EQ(WriteJson(wrong["detail"]),
              R"([{"type":"TimeZoneName","loc":["body","timezone"],)"
              R"("msg":"Invalid timezone name.","input":"europe/berlin"}])");
    Answer empty = Call("POST", "/api/auth/user/timezone", R"({"timezone":""})");
    EXPECT_EQ(empty["detail"].At(0)["type"].StringOr(""), "string_too_short");
    EXPECT_EQ(Call("POST", "/api/auth/user/timezone", R"({"timezone":"not-set"})").status, 422);
    EXPECT_EQ(Call("POST", "/api/auth/user/timezone", R"({"timezone":3})").status, 422);
}

}  // namespace
}  // namespace yard::rest
