#include "host/credentials/url_host.h"

#include <gtest/gtest.h>

namespace yard::credentials {
namespace {

TEST(UrlHostTest, HostIsLowerCaseWithoutPort) {
    EXPECT_EQ(HostOfUrl("https://API.OpenAI.com:443/v1?x#y"), "api.openai.com");
    EXPECT_EQ(HostOfUrl("HTTP://localhost"), "localhost");
    EXPECT_EQ(HostOfUrl("http://[::1]:8080/"), "[::1]");
    EXPECT_EQ(HostOfUrl("https://a?b=//c"), "a");
}

TEST(UrlHostTest, UrlsThatProgramsReadDifferentlyHaveNone) {
    for (const char* url :
         {"", "api.openai.com", "ftp://a/", "https://", "https://a@b/", "https://a\\@b/",
          "https://a b/", "https://a\n/", "https://[::1/", "https:/a", "//a/"}) {
        EXPECT_EQ(HostOfUrl(url), "") << url;
    }
}

}  // namespace
}  // namespace yard::credentials
