#include "api/rest/email_address.h"

#include <gtest/gtest.h>

namespace yard::rest {
namespace {

TEST(EmailAddressTest, TheDomainIsLowerCased) {
    EXPECT_EQ(NormaliseEmail("Jo.Doe+x@Example.COM").value(), "Jo.Doe+x@example.com");
}

TEST(EmailAddressTest, WrongAddressesAreRefused) {
    for (const char* text :
         {"", "x", "@example.com", "a@", "a@b", "a b@example.com", "a@exa mple.com",
          ".a@example.com", "a..b@example.com", "a@.example.com", "a@example..com", "a@b@"}) {
        EXPECT_FALSE(NormaliseEmail(text).ok()) << text;
    }
    EXPECT_FALSE(NormaliseEmail(std::string(65, 'a') + "@example.com").ok());
}

}  // namespace
}  // namespace yard::rest
