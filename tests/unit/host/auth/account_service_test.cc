#include "host/auth/account_service.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/json.h"
#include "host/auth/jwt.h"
#include "host/storage/sql/open_database.h"
#include "host/storage/user_store.h"
#include "tests/fakes/fake_clock.h"

namespace yard::auth {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr char kSecret[] = "0123456789abcdef0123456789abcdef";
constexpr char kPassword[] = "correct horse";
constexpr char kHere[] = "192.0.2.1";

std::string CodeOf(const Error& error) {
    return std::string(ParseJson(error.detail_json).value()["error_code"].AsString());
}

storage::sql::DatabaseOptions InMemory() {
    storage::sql::DatabaseOptions options;
    options.url = "sqlite::memory:";
    return options;
}

class AccountServiceTest : public testing::Test {
protected:
    AccountServiceTest() {
        Restart([](AccountOptions&) {});
    }

    template <typename Change>
    void Restart(Change change) {
        AccountOptions options;
        options.jwt_secret = kSecret;
        change(options);
        service = std::make_unique<AccountService>(*database, clock, std::move(options));
    }
    Session SignUp(const std::string& email = "ada@example.com") {
        auto session = service->SignUp(email, kPassword, Value::EmptyObject(), kHere);
        EXPECT_TRUE(session.ok()) << session.error().message;
        return std::move(session).value();
    }
    template <typename T>
    static std::string Fault(const Result<T>& result) {
        return result.ok() ? "accepted" : CodeOf(result.error());
    }

    fakes::FakeClock clock;
    std::unique_ptr<storage::Database> database = storage::sql::OpenDatabase(InMemory()).value();
    std::unique_ptr<AccountService> service;
};

TEST_F(AccountServiceTest, SignUpOpensASessionAndMakesThePlatformUser) {
    const Session session = SignUp("Ada@Example.com");
    EXPECT_EQ(session.account.email, "ada@example.com");
    const auto claims = JwtVerifier::Create("HS256", kSecret, "authenticated")
                            .value()
                            ->Verify(session.access_token, clock.Now());
    ASSERT_TRUE(claims.ok()) << claims.error().message;
    EXPECT_EQ(claims.value()["sub"].AsString(), session.account.id.text());
    EXPECT_EQ(claims.value()["role"].AsString(), "authenticated");
    EXPECT_EQ(claims.value()["email"].AsString(), "ada@example.com");
    const auto found = database->Read([&](storage::Stores& stores) -> Result<Ok> {
        const auto user = TRY(stores.users.Find(session.account.id));
        EXPECT_TRUE(user.has_value());
        return Ok{};
    });
    EXPECT_TRUE(found.ok());
}

TEST_F(AccountServiceTest, AnAddressCanBeTakenOnce) {
    SignUp("ada@example.com");
    EXPECT_EQ(Fault(service->SignUp("ADA@example.com", kPassword, {}, kHere)),
              "user_already_exists");
}

TEST_F(AccountServiceTest, BadAddressesAndPasswordsAreRefused) {
    for (const char* email : {"", "ada", "@x", "ada@", "a b@x", "a@b@c", "a@b\n"}) {
        EXPECT_EQ(Fault(service->SignUp(email, kPassword, {}, kHere)), "validation_failed")
            << email;
    }
    EXPECT_EQ(Fault(service->SignUp("a@b", "short", {}, kHere)), "weak_password");
    EXPECT_EQ(Fault(service->SignUp("a@b", std::string(2000, 'x'), {}, kHere)),
              "validation_failed");
}

TEST_F(AccountServiceTest, SignUpCanBeSwitchedOff) {
    Restart([](AccountOptions& options) { options.sign_up_enabled = false; });
    EXPECT_EQ(Fault(service->SignUp("a@b", kPassword, {}, kHere)), "signup_disabled");
}

TEST_F(AccountServiceTest, UnknownAddressAndWrongPasswordLookTheSame) {
    SignUp();
    EXPECT_EQ(Fault(service->SignIn("ada@example.com", "wrong password", kHere)),
              "invalid_credentials");
    EXPECT_EQ(Fault(service->SignIn("bob@example.com", kPassword, kHere)), "invalid_credentials");
    EXPECT_TRUE(service->SignIn("ADA@example.com", kPassword, kHere).ok());
}

TEST_F(AccountServiceTest, GuessingPasswordsIsSlowedDown) {
    Restart([](AccountOptions& options) { options.sign_in_per_minute = 2; });
    SignUp();
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(Fault(service->SignIn("ada@example.com", "wrong password", kHere)),
                  "invalid_credentials");
    }
    // From elsewhere as well: the account is protected, not only the address it is attacked from.
    EXPECT_EQ(Fault(service->SignIn("ada@example.com", kPassword, "198.51.100.7")),
              "over_request_rate_limit");
    clock.Advance(minutes(1));
    EXPECT_TRUE(service->SignIn("ada@example.com", kPassword, kHere).ok());
}

TEST_F(AccountServiceTest, ARefreshTokenIsExchangedForTheNext) {
    const Session first = SignUp();
    const auto second = service->Refresh(first.refresh_token, kHere);
    ASSERT_TRUE(second.ok());
    EXPECT_NE(second.value().refresh_token, first.refresh_token);
    EXPECT_TRUE(service->Refresh(second.value().refresh_token, kHere).ok());
    EXPECT_EQ(Fault(service->Refresh("never issued", kHere)), "refresh_token_not_found");
}

TEST_F(AccountServiceTest, TwoTabsMayRefreshAtTheSameMoment) {
    const Session first = SignUp();
    EXPECT_TRUE(service->Refresh(first.refresh_token, kHere).ok());
    clock.Advance(seconds(9));
    EXPECT_TRUE(service->Refresh(first.refresh_token, kHere).ok());
}

TEST_F(AccountServiceTest, AStolenRefreshTokenEndsItsSessionOnly) {
    const Session stolen = SignUp();
    const Session other = service->SignIn("ada@example.com", kPassword, kHere).value();
    const Session next = service->Refresh(stolen.refresh_token, kHere).value();
    clock.Advance(seconds(11));
    EXPECT_EQ(Fault(service->Refresh(stolen.refresh_token, kHere)), "refresh_token_already_used");
    EXPECT_EQ(Fault(service->Refresh(next.refresh_token, kHere)), "refresh_token_not_found");
    EXPECT_TRUE(service->Refresh(other.refresh_token, kHere).ok());
}

TEST_F(AccountServiceTest, RefreshTokensExpire) {
    Restart([](AccountOptions& options) { options.refresh_token_ttl_s = 60; });
    const Session session = SignUp();
    clock.Advance(seconds(60));
    EXPECT_EQ(Fault(service->Refresh(session.refresh_token, kHere)), "refresh_token_not_found");
}

TEST_F(AccountServiceTest, LogoutEndsTheSessionsItNames) {
    const Session one = SignUp();
    const Session two = service->SignIn("ada@example.com", kPassword, kHere).value();
    const UserId id = one.account.id;
    const auto claims = JwtVerifier::Create("HS256", kSecret, "authenticated")
                            .value()
                            ->Verify(one.access_token, clock.Now());
    const std::string session_id(claims.value()["session_id"].AsString());
    EXPECT_TRUE(service->Logout(id, session_id, LogoutScope::kOtherSessions).ok());
    EXPECT_EQ(Fault(service->Refresh(two.refresh_token, kHere)), "refresh_token_not_found");
    const auto renewed = service->Refresh(one.refresh_token, kHere);
    ASSERT_TRUE(renewed.ok());
    EXPECT_TRUE(service->Logout(id, session_id, LogoutScope::kThisSession).ok());
    EXPECT_EQ(Fault(service->Refresh(renewed.value().refresh_token, kHere)),
              "refresh_token_not_found");
}

TEST_F(AccountServiceTest, ANewPasswordEndsTheOtherSessions) {
    const Session mine = SignUp();
    const Session other = service->SignIn("ada@example.com", kPassword, kHere).value();
    const auto claims = JwtVerifier::Create("HS256", kSecret, "authenticated")
                            .value()
                            ->Verify(mine.access_token, clock.Now());
    const std::string session_id(claims.value()["session_id"].AsString());
    AccountService::Changes changes;
    changes.password = "another password";
    ASSERT_TRUE(service->Update(mine.account.id, session_id, changes).ok());
    EXPECT_EQ(Fault(service->Refresh(other.refresh_token, kHere)), "refresh_token_not_found");
    EXPECT_TRUE(service->Refresh(mine.refresh_token, kHere).ok());
    EXPECT_EQ(Fault(service->SignIn("ada@example.com", kPassword, kHere)), "invalid_credentials");
    EXPECT_TRUE(service->SignIn("ada@example.com", "another password", kHere).ok());
}

TEST_F(AccountServiceTest, MetadataIsMergedAndAddressesStayUnique) {
    const Session ada = SignUp("ada@example.com");
    SignUp("bob@example.com");
    AccountService::Changes changes;
    changes.user_metadata = ParseJson(R"({"name":"Ada","a":1})").value();
    ASSERT_TRUE(service->Update(ada.account.id, "", changes).ok());
    changes.user_metadata = ParseJson(R"({"a":2})").value();
    const auto updated = service->Update(ada.account.id, "", changes);
    ASSERT_TRUE(updated.ok());
    EXPECT_EQ(WriteJson(updated.value().user_metadata), R"({"name":"Ada","a":2})");
    changes = {};
    changes.email = "bob@example.com";
    EXPECT_EQ(Fault(service->Update(ada.account.id, "", changes)), "email_exists");
    EXPECT_EQ(Fault(service->Get(UserId("nobody"))), "user_not_found");
}

TEST_F(AccountServiceTest, TheFirstAccountIsAnAdministratorAndMadeOnce) {
    EXPECT_TRUE(service->EnsureFirstAccount("admin@blockyard.local", kPassword).value());
    EXPECT_FALSE(service->EnsureFirstAccount("other@blockyard.local", kPassword).value());
    const auto session = service->SignIn("admin@blockyard.local", kPassword, kHere);
    ASSERT_TRUE(session.ok());
    EXPECT_EQ(session.value().account.role, "admin");
}

}  // namespace
}  // namespace yard::auth
