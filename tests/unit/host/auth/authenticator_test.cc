#include "host/auth/authenticator.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "tests/fakes/fake_clock.h"

namespace yard::auth {
namespace {

constexpr char kSecret[] = "0123456789abcdef0123456789abcdef";

class AuthenticatorTest : public testing::Test {
protected:
    static std::string Token(const std::string& claims) {
        return SignJwtHs256(ParseJson(claims).value(), kSecret);
    }
    std::string ErrorOf(const std::string& header) {
        const auto result = authenticator.Authenticate(header);
        return result.ok() ? "accepted" : result.error().message;
    }

    fakes::FakeClock clock{{1'700'000'000'000}};
    Authenticator authenticator{JwtVerifier::Create("HS256", kSecret, "authenticated").value(),
                                clock};
};

TEST_F(AuthenticatorTest, ReadsTheClaims) {
    const auto principal = authenticator.Authenticate(
        "bearer " + Token(R"({"sub":"u","aud":"authenticated","role":"admin","session_id":"s"})"));
    ASSERT_TRUE(principal.ok());
    EXPECT_EQ(principal.value().user_id.text(), "u");
    EXPECT_TRUE(principal.value().is_admin());
    EXPECT_EQ(principal.value().session_id, "s");
}

TEST_F(AuthenticatorTest, OtherSchemesCountAsMissing) {
    for (const char* header : {"", "Bearer", "Bearer ", "Bearer    ", "Basic dTpw", "token"}) {
        EXPECT_EQ(ErrorOf(header), "Authorization header is missing") << header;
    }
}

TEST_F(AuthenticatorTest, ARememberedTokenStillExpires) {
    const std::string header = "Bearer " + Token(R"({"aud":"authenticated","exp":1700000010})");
    EXPECT_EQ(ErrorOf(header), "accepted");
    clock.Advance(std::chrono::seconds(9));
    EXPECT_EQ(ErrorOf(header), "accepted");
    clock.Advance(std::chrono::seconds(1));
    EXPECT_EQ(ErrorOf(header), "Token has expired");
}

TEST_F(AuthenticatorTest, AnAbsurdExpiryDoesNotBreakTheCache) {
    const std::string header = "Bearer " + Token(R"({"aud":"authenticated","exp":1e300})");
    EXPECT_EQ(ErrorOf(header), "accepted");
    EXPECT_EQ(ErrorOf(header), "accepted");
}

TEST_F(AuthenticatorTest, ATokenWithoutARoleHasNone) {
    const auto principal =
        authenticator.Authenticate("Bearer " + Token(R"({"sub":"u","aud":"authenticated"})"));
    ASSERT_TRUE(principal.ok());
    EXPECT_FALSE(principal.value().role.has_value());
    EXPECT_FALSE(principal.value().is_admin());
}

}  // namespace
}  // namespace yard::auth
