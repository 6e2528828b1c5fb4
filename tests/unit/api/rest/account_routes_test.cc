#include "tests/unit/api/rest/api_fixture.h"

namespace yard::rest {
namespace {

class AccountRoutesTest : public ApiTest {
protected:
    Answer SignUp(const std::string& email = "new@example.com") {
        return Call(
            "POST", "/auth/v1/signup",
            R"({"email":")" + email + R"(","password":"correct horse","data":{"name":"N"}})", "");
    }
    Answer WithToken(const std::string& method, const std::string& target, View session,
                     std::string body = "") {
        http::Request request = MakeRequest(method, target, "", std::move(body));
        request.headers.Add("Authorization",
                            "Bearer " + std::string(session["access_token"].StringOr("")));
        return Send(std::move(request));
    }
};

TEST_F(AccountRoutesTest, SignUpOpensASession) {
    Answer session = SignUp();
    ASSERT_EQ(session.status, 200) << session.text;
    EXPECT_EQ(session["token_type"].StringOr(""), "bearer");
    EXPECT_EQ(session["expires_in"].AsInt(), 3600);
    EXPECT_FALSE(session["refresh_token"].StringOr("").empty());
    View user = session["user"];
    EXPECT_EQ(user["email"].StringOr(""), "new@example.com");
    EXPECT_EQ(user["user_metadata"]["name"].StringOr(""), "N");
    EXPECT_EQ(WriteJson(user["app_metadata"]), R"({"provider":"email","providers":["email"]})");
    // The token opens the rest of the API.
    EXPECT_EQ(WithToken("POST", "/api/auth/user", session.json).status, 200);
}

TEST_F(AccountRoutesTest, TheSameAddressSignsUpOnce) {
    SignUp();
    Answer again = SignUp();
    EXPECT_EQ(again.status, 422);
    EXPECT_EQ(again["error_code"].StringOr(""), "user_already_exists");
}

TEST_F(AccountRoutesTest, WrongCredentialsAreWordedAsClientsExpect) {
    SignUp();
    for (const char* body : {R"({"email":"new@example.com","password":"wrong password"})",
                             R"({"email":"who@example.com","password":"wrong password"})"}) {
        Answer answer = Call("POST", "/auth/v1/token?grant_type=password", body, "");
        EXPECT_EQ(answer.status, 400);
        EXPECT_EQ(answer.text, R"({"code":400,"error_code":"invalid_credentials",)"
                               R"("msg":"Invalid login credentials"})");
    }
}

TEST_F(AccountRoutesTest, ARefreshTokenIsExchangedOnce) {
    Answer first = SignUp();
    std::string body =
        R"({"refresh_token":")" + std::string(first["refresh_token"].StringOr("")) + "\"}";
    Answer second = Call("POST", "/auth/v1/token?grant_type=refresh_token", body, "");
    ASSERT_EQ(second.status, 200) << second.text;
    EXPECT_NE(second["refresh_token"].StringOr(""), first["refresh_token"].StringOr(""));
    EXPECT_EQ(Call("POST", "/auth/v1/token?grant_type=refresh_token",
                   R"({"refresh_token":"nonsense"})", "")
                  .status,
              400);
}

TEST_F(AccountRoutesTest, TheAccountCanBeReadAndChanged) {
    Answer session = SignUp();
    EXPECT_EQ(WithToken("GET", "/auth/v1/user", session.json)["email"].StringOr(""),
              "new@example.com");
    Answer changed = WithToken("PUT", "/auth/v1/user", session.json, R"({"data":{"x":1}})");
    EXPECT_EQ(changed["user_metadata"]["x"].IntOr(0), 1);
    EXPECT_EQ(changed["user_metadata"]["name"].StringOr(""), "N");
    EXPECT_EQ(WithToken("PUT", "/auth/v1/user", session.json, R"({"password":1})").status, 400);
    EXPECT_EQ(Call("GET", "/auth/v1/user", "", "").status, 401);
}

TEST_F(AccountRoutesTest, LogoutEndsTheRefreshToken) {
    Answer session = SignUp();
    EXPECT_EQ(WithToken("POST", "/auth/v1/logout?scope=sideways", session.json).status, 400);
    EXPECT_EQ(WithToken("POST", "/auth/v1/logout", session.json).status, 204);
    std::string body =
        R"({"refresh_token":")" + std::string(session["refresh_token"].StringOr("")) + "\"}";
    EXPECT_EQ(Call("POST", "/auth/v1/token?grant_type=refresh_token", body, "").status, 400);
}

TEST_F(AccountRoutesTest, BadRequestsAreWordedAsClientsExpect) {
    for (const char* body : {"", "null", "{}", "[]", R"({"email":"a@b.de"})",
                             R"({"email":1,"password":"correct horse"})", "{\"email\":"}) {
        Answer answer = Call("POST", "/auth/v1/signup", body, "");
        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_TRUE(answer["msg"].IsString()) << answer.text;
        EXPECT_TRUE(answer["error_code"].IsString());
    }
    Answer weak = Call("POST", "/auth/v1/signup", R"({"email":"a@b.de","password":"x"})", "");
    EXPECT_EQ(weak.status, 422);
    EXPECT_EQ(weak["error_code"].StringOr(""), "weak_password");
    EXPECT_EQ(Call("POST", "/auth/v1/token?grant_type=magic", "{}", "").status, 400);
}

TEST_F(AccountRoutesTest, SettingsHealthAndKeysArePublic) {
    EXPECT_EQ(Call("GET", "/auth/v1/settings", "", "")["disable_signup"].BoolOr(true), false);
    EXPECT_EQ(Call("GET", "/auth/v1/health", "", "").status, 200);
    EXPECT_EQ(Call("GET", "/auth/v1/.well-known/jwks.json", "", "").text, R"({"keys":[]})");
}

TEST_F(AccountRoutesTest, TheyAreAbsentWhenSomebodyElseKeepsTheAccounts) {
    embedded_accounts_ = false;
    EXPECT_EQ(Call("GET", "/auth/v1/settings", "", "").status, 404);
}

}  // namespace
}  // namespace yard::rest
