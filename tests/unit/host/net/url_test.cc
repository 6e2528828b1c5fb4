#include "host/net/url.h"

#include <gtest/gtest.h>

namespace yard::net {
namespace {

// The normal form, or the fault.
std::string Parse(std::string_view text) {
    const auto url = ParseUrl(text);
    return url ? url.value().Text() : url.error().message;
}

std::string Resolve(const std::string& base, const std::string& reference) {
    const auto url = ResolveUrl(ParseUrl(base).value(), reference);
    return url ? url.value().Text() : url.error().message;
}

TEST(UrlTest, PartsAreNormalised) {
    const auto url = ParseUrl("HTTPS://Api.Example:8443/a%2Fb?q=1#frag").value();
    EXPECT_TRUE(url.is_https);
    EXPECT_EQ(url.host, "api.example");
    EXPECT_EQ(url.port, 8443);
    EXPECT_EQ(url.target, "/a%2Fb?q=1");
    EXPECT_EQ(url.HostHeader(), "api.example:8443");
    EXPECT_EQ(Parse("http://a"), "http://a/");
    EXPECT_EQ(Parse("http://a:80?x"), "http://a/?x");
    EXPECT_EQ(Parse("https://a:/x"), "https://a/x");
    EXPECT_EQ(ParseUrl("http://[::1]:81/").value().HostAndPort(), "[::1]:81");
    EXPECT_EQ(ParseUrl("http://[::1]").value().Origin(), "http://[::1]:80");
}

TEST(UrlTest, OddCharactersAreEncoded) {
    EXPECT_EQ(Parse("http://a/b c\xc3\xa9\\<>\"{}|^`"),
              "http://a/b%20c%c3%a9%5c%3c%3e%22%7b%7d%7c%5e%60");
}

TEST(UrlTest, MalformedUrlsAreRefused) {
    for (const std::string text : {"",
                                   "a",
                                   "/a",
                                   "http:",
                                   "http:/a",
                                   "http://",
                                   "http:///a",
                                   "http://:80",
                                   "http://a:x",
                                   "http://a:0",
                                   "http://a:65536",
                                   "http://a:-1",
                                   "http://a:80:80",
                                   "http://a b/",
                                   "http://[::1",
                                   "http://[::1]x",
                                   "http://[zz]/",
                                   "http://[]/",
                                   "http://a%2e/",
                                   "http://\xc3\xa9/",
                                   "http://a\\b/",
                                   "http://a\\@b/",
                                   "ftp://a",
                                   "file:///etc/passwd",
                                   "javascript:alert(1)",
                                   "gopher://a:70/x"}) {
        EXPECT_FALSE(ParseUrl(text).ok()) << text;
    }
    EXPECT_FALSE(ParseUrl("http://a/" + std::string(70'000, 'x')).ok());
    EXPECT_FALSE(ParseUrl("http://" + std::string(300, 'x')).ok());
}

TEST(UrlTest, ControlCharactersCannotReachTheRequestLine) {
    for (const std::string text :
         {"http://a/\r\nHost: b", "http://a/\n", "http://a/\t", "http://a\r\n/", "http://a/\x7f"}) {
        EXPECT_EQ(Parse(text), "the URL contains a control character") << text;
    }
    EXPECT_FALSE(ParseUrl(std::string_view("http://a/\0b", 11)).ok());
}

TEST(UrlTest, UserAndPasswordAreRefused) {
    for (const std::string text :
         {"http://u:p@a/", "http://u@a", "http://@a", "http://127.0.0.1:80@b/", "http://a@b@c/"}) {
        EXPECT_EQ(Parse(text), "the URL contains a user or password; use a header instead") << text;
    }
    EXPECT_EQ(Parse("http://a/@b"), "http://a/@b");
}

TEST(UrlTest, ReferencesResolveAsInRfc3986) {
    const std::string base = "http://a/b/c/d?q";
    EXPECT_EQ(Resolve(base, "g"), "http://a/b/c/g");
    EXPECT_EQ(Resolve(base, "./g"), "http://a/b/c/g");
    EXPECT_EQ(Resolve(base, "g/"), "http://a/b/c/g/");
    EXPECT_EQ(Resolve(base, "/g"), "http://a/g");
    EXPECT_EQ(Resolve(base, "//g"), "http://g/");
    EXPECT_EQ(Resolve(base, "?y"), "http://a/b/c/d?y");
    EXPECT_EQ(Resolve(base, "g?y#s"), "http://a/b/c/g?y");
    EXPECT_EQ(Resolve(base, "."), "http://a/b/c/");
    EXPECT_EQ(Resolve(base, ".."), "http://a/b/");
    EXPECT_EQ(Resolve(base, "../g"), "http://a/b/g");
    EXPECT_EQ(Resolve(base, "../../../g"), "http://a/g");
    EXPECT_EQ(Resolve(base, "/./g/../h"), "http://a/h");
    EXPECT_EQ(Resolve(base, "g?x=/../y"), "http://a/b/c/g?x=/../y");
    EXPECT_EQ(Resolve(base, "https://z:1/x"), "https://z:1/x");
}

TEST(UrlTest, ReferencesAreCheckedLikeUrls) {
    EXPECT_FALSE(ResolveUrl(ParseUrl("http://a/").value(), "ftp://b/").ok());
    EXPECT_FALSE(ResolveUrl(ParseUrl("http://a/").value(), "//u@b/").ok());
    EXPECT_FALSE(ResolveUrl(ParseUrl("http://a/").value(), "/x\r\ny").ok());
}

}  // namespace
}  // namespace yard::net
