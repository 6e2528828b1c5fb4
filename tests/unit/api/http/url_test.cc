#include "api/http/url.h"

#include <gtest/gtest.h>

#include "api/http/request.h"

namespace yard::http {
namespace {

using Segments = std::vector<std::string>;

TEST(UrlTest, AnEncodedSlashStaysInItsSegment) {
    EXPECT_EQ(SplitPath("/files/a%2Fb%2f../c").value(), (Segments{"files", "a/b/..", "c"}));
}

TEST(UrlTest, PathsAreNotNormalised) {
    EXPECT_EQ(SplitPath("/").value(), (Segments{""}));
    EXPECT_EQ(SplitPath("/a/").value(), (Segments{"a", ""}));
    EXPECT_EQ(SplitPath("//a").value(), (Segments{"", "a"}));
    EXPECT_EQ(SplitPath("/a/../b").value(), (Segments{"a", "..", "b"}));
    EXPECT_EQ(SplitPath("/a+b").value(), (Segments{"a+b"}));
}

TEST(UrlTest, BrokenEscapesAreRefused) {
    for (std::string_view path : {"/%", "/%4", "/%zz", "/%4g", "/a%", "/%00", "/%-1"}) {
        EXPECT_FALSE(SplitPath(path)) << path;
    }
    EXPECT_FALSE(SplitPath(""));
    EXPECT_FALSE(SplitPath("a/b"));
}

TEST(UrlTest, EscapesAtTheVeryEndAreDecoded) {
    EXPECT_EQ(PercentDecode("%41").value(), "A");
    EXPECT_EQ(PercentDecode("x%C3%a9").value(), "x\xc3\xa9");
    EXPECT_EQ(PercentDecode("").value(), "");
}

TEST(UrlTest, QueriesKeepOrderAndDuplicates) {
    EXPECT_EQ(ParseQuery("a=1&b&a=x+y%26&&c=d=e&=f").value(),
              (QueryParameters{{"a", "1"}, {"b", ""}, {"a", "x y&"}, {"c", "d=e"}, {"", "f"}}));
    EXPECT_TRUE(ParseQuery("").value().empty());
    EXPECT_FALSE(ParseQuery("a=%4"));
    EXPECT_FALSE(ParseQuery("%00=1"));
}

TEST(UrlTest, ARequestSplitsItsTargetAtTheFirstQuestionMark) {
    Request request;
    request.target = "/a%3Fb?c=d?e";
    EXPECT_EQ(request.path(), "/a%3Fb");
    EXPECT_EQ(request.query(), "c=d?e");
    request.target = "/a";
    EXPECT_EQ(request.path(), "/a");
    EXPECT_EQ(request.query(), "");
}

}  // namespace
}  // namespace yard::http
