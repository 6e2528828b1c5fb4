#include "host/auth/password.h"

#include <gtest/gtest.h>

namespace yard::auth {
namespace {

TEST(PasswordTest, AcceptsTheRightOneOnly) {
    const std::string hash = HashPassword("correct horse").value();
    EXPECT_TRUE(VerifyPassword("correct horse", hash));
    EXPECT_FALSE(VerifyPassword("correct horsf", hash));
    EXPECT_FALSE(VerifyPassword("", hash));
}

TEST(PasswordTest, IsArgon2idWithItsOwnSalt) {
    const std::string one = HashPassword("same").value();
    const std::string two = HashPassword("same").value();
    EXPECT_TRUE(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    EXPECT_NE(one, two);
    EXPECT_EQ(one.find('\0'), std::string::npos);
}

TEST(PasswordTest, AMalformedHashMatchesNothing) {
    EXPECT_FALSE(VerifyPassword("x", ""));
    EXPECT_FALSE(VerifyPassword("x", "$argon2id$v=19$nonsense"));
}

}  // namespace
}  // namespace yard::auth
