// Accounts and tokens of the embedded mode, over the wire.

#include <gtest/gtest.h>

#include "base/crypto.h"
#include "base/json.h"
#include "tests/e2e/api_client.h"
#include "tests/e2e/graphs.h"

namespace yard::e2e {
namespace {

HttpAnswer Refresh(uint16_t port, std::string_view refresh_token) {
    return Send(port, {"POST",
                       "/auth/v1/token?grant_type=refresh_token",
                       {{"Content-Type", "application/json"}},
                       R"({"refresh_token":")" + std::string(refresh_token) + R"("})"});
}

std::string ErrorCode(const HttpAnswer& answer) {
    return std::string(answer.Json()["error_code"].StringOr(""));
}

int StatusWithToken(uint16_t port, const std::string& token) {
    return ApiClient(port, token).Get("/api/graphs").status;
}

// The parts of a token, with another header or claims put in by the tests.
struct TokenParts {
    std::string header;
    std::string claims;
    std::string signature;

    explicit TokenParts(const std::string& token) {
        const size_t first = token.find('.');
        const size_t second = token.find('.', first + 1);
        header = token.substr(0, first);
        claims = token.substr(first + 1, second - first - 1);
        signature = token.substr(second + 1);
    }
    std::string Joined() const { return header + "." + claims + "." + signature; }
};

TEST(AccountsTest, ANewAccountIsSignedInAtOnceAndAgainLater) {
    ServerProcess server;
    const HttpAnswer up = SignUpAnswer(server.port(), "ada@example.com", kPassword);
    ASSERT_EQ(up.status, 200) << up.body;
    EXPECT_EQ(up.Json()["user"]["email"].StringOr(""), "ada@example.com");
    EXPECT_FALSE(up.Json()["access_token"].StringOr("").empty());
    EXPECT_EQ(up.body.find(kPassword), std::string::npos);

    const HttpAnswer in = SignInAnswer(server.port(), "Ada@Example.com", kPassword);
    ASSERT_EQ(in.status, 200) << in.body;
    EXPECT_EQ(in.Json()["token_type"].StringOr(""), "bearer");
    EXPECT_EQ(in.Json()["user"]["id"].StringOr("-"), up.Json()["user"]["id"].StringOr(""));
    const ApiClient client(server.port(), std::string(in.Json()["access_token"].StringOr("")));
    EXPECT_EQ(client.Get("/auth/v1/user").Json()["email"].StringOr(""), "ada@example.com");
    EXPECT_EQ(client.Get("/api/graphs").status, 200);
    EXPECT_EQ(server.Log().find(kPassword), std::string::npos) << "the log shows the password";
}

TEST(AccountsTest, AWrongPasswordAndAnUnknownAddressAreRefusedAlike) {
    ServerProcess server;
    ApiClient::SignUp(server);
    const HttpAnswer wrong = SignInAnswer(server.port(), "ada@example.com", "something else");
    const HttpAnswer unknown = SignInAnswer(server.port(), "bob@example.com", kPassword);
    EXPECT_EQ(wrong.status, 400);
    EXPECT_EQ(ErrorCode(wrong), "invalid_credentials");
    EXPECT_EQ(wrong.body, unknown.body);
    EXPECT_EQ(unknown.status, 400);
}

TEST(AccountsTest, BadSignUpsAreRefusedWithTheirReason) {
    ServerProcess server;
    const HttpAnswer weak = SignUpAnswer(server.port(), "ada@example.com", "short");
    EXPECT_EQ(weak.status, 422);
    EXPECT_EQ(ErrorCode(weak), "weak_password");
    const HttpAnswer address = SignUpAnswer(server.port(), "not an address", kPassword);
    EXPECT_EQ(address.status, 400);
    EXPECT_EQ(ErrorCode(address), "validation_failed");
    ApiClient::SignUp(server);
    const HttpAnswer twice = SignUpAnswer(server.port(), "ADA@example.com", kPassword);
    EXPECT_EQ(twice.status, 422);
    EXPECT_EQ(ErrorCode(twice), "user_already_exists");
}

TEST(AccountsTest, ARefreshTokenIsReplacedByTheNext) {
    ServerProcess server;
    Value session = SignUpAnswer(server.port(), "ada@example.com", kPassword).Json();
    for (int round = 0; round < 3; ++round) {
        const std::string before(session["refresh_token"].StringOr(""));
        const HttpAnswer next = Refresh(server.port(), before);
        ASSERT_EQ(next.status, 200) << next.body;
        session = next.Json();
        EXPECT_NE(session["refresh_token"].StringOr(""), before);
        EXPECT_EQ(StatusWithToken(server.port(), std::string(session["access_token"].StringOr(""))),
                  200);
    }
    const HttpAnswer made_up = Refresh(server.port(), "made-up");
    EXPECT_EQ(made_up.status, 400);
    EXPECT_EQ(ErrorCode(made_up), "refresh_token_not_found");
}

TEST(AccountsTest, ACopyOfARefreshTokenEndsTheSession) {
    ServerProcess server;
    const Value first = SignUpAnswer(server.port(), "ada@example.com", kPassword).Json();
    const std::string stolen(first["refresh_token"].StringOr(""));
    const Value next = Refresh(server.port(), stolen).Json();
    // Two tabs may use it within ten seconds; after that a second use is taken for a theft.
    HttpAnswer again;
    ASSERT_TRUE(Eventually(
        [&] {
            again = Refresh(server.port(), stolen);
            return again.status != 200;
        },
        std::chrono::seconds(40)));
    EXPECT_EQ(again.status, 400);
    EXPECT_EQ(ErrorCode(again), "refresh_token_already_used");
    EXPECT_EQ(Refresh(server.port(), next["refresh_token"].StringOr("")).status, 400);
}

TEST(AccountsTest, LogoutEndsTheSessionsItNames) {
    ServerProcess server;
    const Value one = SignUpAnswer(server.port(), "ada@example.com", kPassword).Json();
    const Value two = SignInAnswer(server.port(), "ada@example.com", kPassword).Json();
    const ApiClient client(server.port(), std::string(one["access_token"].StringOr("")));
    EXPECT_EQ(client.Post("/auth/v1/logout?scope=local").status, 204);
    EXPECT_EQ(Refresh(server.port(), one["refresh_token"].StringOr("")).status, 400);
    const HttpAnswer other = Refresh(server.port(), two["refresh_token"].StringOr(""));
    ASSERT_EQ(other.status, 200) << other.body;
    EXPECT_EQ(client.Post("/auth/v1/logout?scope=global").status, 204);
    EXPECT_EQ(Refresh(server.port(), other.Json()["refresh_token"].StringOr("")).status, 400);
}

TEST(AccountsTest, RequestsWithoutAGoodTokenAreRefused) {
    ServerProcess server;
    const std::string good = ApiClient::SignUp(server).token();
    ASSERT_EQ(StatusWithToken(server.port(), good), 200);
    TokenParts unsigned_token(good);
    unsigned_token.header = Base64UrlEncode(R"({"alg":"none","typ":"JWT"})");
    unsigned_token.signature.clear();
    TokenParts other_claims(good);
    other_claims.claims = Base64UrlEncode(
        R"({"sub":"00000000-0000-4000-8000-000000000000","aud":"authenticated","role":"admin"})");
    TokenParts other_algorithm(good);
    other_algorithm.header = Base64UrlEncode(R"({"alg":"HS512","typ":"JWT"})");
    TokenParts no_signature(good);
    no_signature.signature.clear();

    for (const std::string& bad :
         {std::string(), std::string("x"), std::string("a.b.c"), unsigned_token.Joined(),
          other_claims.Joined(), other_algorithm.Joined(), no_signature.Joined(), good + "x",
          std::string(20'000, 'a')}) {
        const HttpAnswer answer = ApiClient(server.port(), bad).Get("/api/graphs");
        EXPECT_EQ(answer.status, 401) << bad.substr(0, 60);
        EXPECT_FALSE(answer.Detail().empty());
    }
    EXPECT_EQ(StatusWithToken(server.port(), good), 200);
}

TEST(AccountsTest, AnExpiredTokenIsRefused) {
    ServerOptions options;
    options.settings = {"auth.access_token_ttl_s=1"};
    ServerProcess server(options);
    const HttpAnswer session = SignUpAnswer(server.port(), "ada@example.com", kPassword);
    const ApiClient client(server.port(), std::string(session.Json()["access_token"].StringOr("")));
    HttpAnswer answer;
    ASSERT_TRUE(Eventually([&] {
        answer = client.Get("/api/graphs");
        return answer.status == 401;
    }));
    EXPECT_EQ(answer.Detail(), "Token has expired");
}

TEST(AccountsTest, TooManySignInsAreAnsweredWith429AndOthersStillServed) {
    ServerOptions options;
    options.settings = {"auth.sign_in_per_minute=5"};
    ServerProcess server(options);
    const ApiClient client = ApiClient::SignUp(server);
    int limited = 0;
    for (int attempt = 0; attempt < 8; ++attempt) {
        const HttpAnswer answer = SignInAnswer(server.port(), "ada@example.com", "guess");
        EXPECT_TRUE(answer.status == 400 || answer.status == 429) << answer.body;
        if (answer.status == 429) {
            ++limited;
            EXPECT_EQ(ErrorCode(answer), "over_request_rate_limit");
        }
    }
    EXPECT_GE(limited, 3);
    EXPECT_EQ(client.Get("/api/graphs").status, 200);
}

TEST(AccountsTest, SignUpsAreLimitedAndCanBeSwitchedOff) {
    {
        ServerOptions options;
        options.settings = {"auth.sign_up_per_minute=1"};
        ServerProcess server(options);
        EXPECT_EQ(SignUpAnswer(server.port(), "ada@example.com", kPassword).status, 200);
        EXPECT_EQ(SignUpAnswer(server.port(), "bob@example.com", kPassword).status, 429);
    }
    ServerOptions options;
    options.settings = {"auth.sign_up_enabled=false"};
    ServerProcess server(options);
    const HttpAnswer answer = SignUpAnswer(server.port(), "ada@example.com", kPassword);
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(ErrorCode(answer), "signup_disabled");
}

TEST(AccountsTest, TheFirstAccountIsMadeOnceAndCanSignIn) {
    ServerOptions options;
    options.settings = {"auth.first_account.email=root@example.com"};
    ServerProcess server(options);
    const std::string path = server.data_dir() + "/secrets/first_account_password";
    std::string password = ReadText(path);
    ASSERT_FALSE(password.empty());
    password.pop_back();  // The line's end.
    EXPECT_EQ(SignInAnswer(server.port(), "root@example.com", password).status, 200);
    ASSERT_EQ(server.Terminate(), 0);
    server.StartAgain();
    EXPECT_EQ(SignInAnswer(server.port(), "root@example.com", password).status, 200);
    EXPECT_EQ(ReadText(path), password + "\n");
}

TEST(AccountsTest, TokensOutliveARestart) {
    ServerProcess server;
    const ApiClient before = ApiClient::SignUp(server);
    ASSERT_EQ(server.Terminate(), 0);
    server.StartAgain();
    EXPECT_EQ(StatusWithToken(server.port(), before.token()), 200);
}

}  // namespace
}  // namespace yard::e2e
