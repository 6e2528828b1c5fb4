#include "api/http/headers.h"

#include <gtest/gtest.h>

namespace yard::http {
namespace {

TEST(HeadersTest, FindsNamesInAnyCaseAndKeepsOrderAndDuplicates) {
    Headers headers;
    headers.Add("Set-Cookie", "a=1");
    headers.Add("Vary", "Origin");
    headers.Add("set-cookie", "b=2");
    EXPECT_EQ(headers.Get("SET-COOKIE"), "a=1");
    EXPECT_EQ(headers.GetAll("Set-Cookie"), (std::vector<std::string_view>{"a=1", "b=2"}));
    EXPECT_EQ(headers.at(1).name, "Vary");
    EXPECT_TRUE(headers.Has("vary"));
}

TEST(HeadersTest, AbsentAndEmptyAreToldApartByHas) {
    Headers headers;
    headers.Add("X-Empty", "");
    EXPECT_TRUE(headers.Has("x-empty"));
    EXPECT_FALSE(headers.Has("x-empt"));
    EXPECT_FALSE(headers.Has(""));
    EXPECT_EQ(headers.Get("absent"), "");
    EXPECT_TRUE(headers.GetAll("absent").empty());
}

TEST(HeadersTest, SetReplacesEveryFieldOfTheName) {
    Headers headers;
    headers.Add("A", "1");
    headers.Add("B", "2");
    headers.Add("a", "3");
    headers.Set("A", "4");
    EXPECT_EQ(headers.size(), 2u);
    EXPECT_EQ(headers.GetAll("a"), (std::vector<std::string_view>{"4"}));
    headers.Remove("b");
    EXPECT_FALSE(headers.Has("B"));
}

TEST(HeadersTest, ValidityFollowsTheGrammar) {
    EXPECT_TRUE(IsValidFieldName("X-Request-Id"));
    for (std::string_view name : {"", "a b", "a:", "a\r", "a\n", "\x80", "(x)"}) {
        EXPECT_FALSE(IsValidFieldName(name)) << name;
    }
    EXPECT_FALSE(IsValidFieldName(std::string_view("a\0b", 3)));
    EXPECT_TRUE(IsValidFieldValue("tab\t and \xc3\xa9"));
    EXPECT_TRUE(IsValidFieldValue(""));
    for (std::string_view value : {"a\rb", "a\nb", "a\x7f", "\x01"})
        EXPECT_FALSE(IsValidFieldValue(value));
    EXPECT_FALSE(IsValidFieldValue(std::string_view("a\0b", 3)));
}

}  // namespace
}  // namespace yard::http
