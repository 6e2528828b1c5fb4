#include "host/model/python_text.h"

#include "tests/unit/host/model/test_catalog.h"

namespace yard::model {
namespace {

TEST(PythonTextTest, RendersJsonAsPythonLiterals) {
    EXPECT_EQ(PythonRepr(Json(R"({"a":[1,2.0,true,null,"it"]})").view()),
              "{'a': [1, 2.0, True, None, 'it']}");
}

TEST(PythonTextTest, QuotesStringsAsPythonDoes) {
    EXPECT_EQ(PythonRepr(std::string_view("it's")), "\"it's\"");
    EXPECT_EQ(PythonRepr(std::string_view("'\"")), "'\\'\"'");
    EXPECT_EQ(PythonRepr(std::string_view("\\\n\t\r\x01")), "'\\\\\\n\\t\\r\\x01'");
    EXPECT_EQ(PythonRepr(std::string_view("é…\u00a0\u200b")), "'é…\\xa0\\u200b'");
}

TEST(PythonTextTest, WritesFloatsAsTheShortestTextThatReadsBack) {
    EXPECT_EQ(PythonFloat(1), "1.0");
    EXPECT_EQ(PythonFloat(0.1), "0.1");
    EXPECT_EQ(PythonFloat(1e-7), "1e-07");
    EXPECT_EQ(PythonFloat(1e16), "1e+16");
    EXPECT_EQ(PythonFloat(123456789012345.0), "123456789012345.0");
    EXPECT_EQ(PythonFloat(-0.0001), "-0.0001");
}

TEST(PythonTextTest, StrLeavesATopLevelStringUnquoted) {
    EXPECT_EQ(PythonStr(Json("\"a'b\"").view()), "a'b");
    EXPECT_EQ(PythonStr(Json("[\"a\"]").view()), "['a']");
}

TEST(PythonTextTest, JsonHasSpacesAndOnlyAscii) {
    EXPECT_EQ(PythonJson(Json(R"({"a":[1,2.0,null,true],"é":"\n\"\u0001😀"})").view()),
              R"({"a": [1, 2.0, null, true], "\u00e9": "\n\"\u0001\ud83d\ude00"})");
}

TEST(PythonTextTest, SetsOfNothingHaveTheirOwnText) {
    EXPECT_EQ(PythonSet({}), "set()");
    EXPECT_EQ(PythonSet({"a", "b"}), "{'a', 'b'}");
}

TEST(PythonTextTest, EmptyThingsAreFalse) {
    for (const char* text : {"null", "false", "0", "0.0", "\"\"", "[]", "{}"}) {
        EXPECT_FALSE(PythonTruth(Json(text))) << text;
    }
    for (const char* text : {"true", "2", "\" \"", "[0]", "{\"a\":null}"}) {
        EXPECT_TRUE(PythonTruth(Json(text))) << text;
    }
}

TEST(PythonTextTest, CountsCodePointsNotBytes) { EXPECT_EQ(CodePointCount("é…a"), 3u); }

}  // namespace
}  // namespace yard::model
