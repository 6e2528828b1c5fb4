#include "base/json.h"

#include <gmock/gmock.h>

#include <chrono>
#include <cmath>
#include <limits>

namespace yard {
namespace {

using ::testing::HasSubstr;

// The value as it is written again, or "fault".
std::string Again(std::string_view text) {
    const auto value = ParseJson(text);
    return value ? WriteJson(value.value()) : "fault";
}

template <size_t kSize>
std::string_view WithZeros(const char (&text)[kSize]) {
    return {text, kSize - 1};
}

std::string Nested(size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(JsonTest, CompactTextSurvivesUnchanged) {
    for (const std::string text :
         {"null", "true", "false", "0", "-1", "\"\"", "[]", "{}", "[[]]", R"({"a":[1,{"b":null}]})",
          R"(["\"\\\b\f\n\r\t\u0000\u001F"])", "\"\xc3\xa9\xf0\x9f\x98\x80\""}) {
        EXPECT_EQ(Again(text), text);
    }
    EXPECT_EQ(Again(" [ 1 , 2 ]\n"), "[1,2]");
    EXPECT_EQ(Again(R"("\u00e9\ud83d\ude00\/")"), "\"\xc3\xa9\xf0\x9f\x98\x80/\"");
}

TEST(JsonTest, IntegersOf64BitsAreExact) {
    for (const std::string text :
         {"9223372036854775807", "-9223372036854775808", "9223372036854775808",
          "18446744073709551615", "9007199254740993", "-9007199254740993", "4294967296",
          "2147483648", "-2147483649"}) {
        EXPECT_EQ(Again(text), text);
        EXPECT_TRUE(ParseJson(text).value().view().IsInteger()) << text;
    }
    const Value huge = ParseJson("18446744073709551615").value();
    EXPECT_EQ(huge->AsUint(), 18446744073709551615U);
    EXPECT_FALSE(huge->IsInt());
    EXPECT_EQ(ParseJson("-9223372036854775808").value()->AsInt(),
              std::numeric_limits<int64_t>::min());
}

TEST(JsonTest, LargerIntegersBecomeTheNearestDouble) {
    EXPECT_EQ(ParseJson("18446744073709551616").value()->AsDouble(), 0x1p64);
    EXPECT_EQ(ParseJson("-9223372036854775809").value()->AsDouble(), -0x1p63);
    EXPECT_TRUE(ParseJson("18446744073709551616").value()->IsDouble());
}

TEST(JsonTest, DoublesSurviveExactly) {
    for (const double number :
         {0.1, -0.1, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 1.0 / 3, 1e21, 1e-7,
          123456789.123456789, 0x1.fffffffffffffp+0, 9007199254740993.0, 0.30000000000000004}) {
        const std::string text = WriteJson(Value::Double(number));
        const auto again = ParseJson(text);
        ASSERT_TRUE(again.ok()) << text;
        EXPECT_EQ(again.value()->AsDouble(), number) << text;
        EXPECT_TRUE(again.value()->IsDouble()) << text;
    }
    EXPECT_EQ(Again("0.1"), "0.1");
    EXPECT_EQ(Again("1e0"), "1.0");
    EXPECT_TRUE(std::signbit(ParseJson("-0.0").value()->AsDouble()));
}

TEST(JsonTest, NumbersBeyondADoubleAndNonNumbersAreRefused) {
    for (const std::string text : {"1e400", "-1e400", "1e99999999999", "NaN", "Infinity",
                                   "-Infinity", "+1", ".5", "1.", "01", "-", "0x1", "1e", "1e+"}) {
        EXPECT_EQ(Again(text), "fault") << text;
    }
    EXPECT_EQ(ParseJson("1e-400").value()->AsDouble(), 0.0);
    EXPECT_EQ(WriteJson(Value::Double(std::nan(""))), "null");
    EXPECT_EQ(WriteJson(Value::Double(std::numeric_limits<double>::infinity())), "null");
    const Value list = Value::Array({Value::Double(-std::nan("")), Value::Int(1)});
    EXPECT_EQ(WriteJson(list), "[null,1]");
    EXPECT_EQ(WriteJsonSpaced(list), "[null, 1]");
}

TEST(JsonTest, NestingIsLimited) {
    EXPECT_EQ(Again(Nested(100)), Nested(100));
    EXPECT_EQ(ParseJson(Nested(101)).error().kind, ErrorKind::kTooLarge);
    EXPECT_THAT(ParseJson(Nested(101)).error().message, HasSubstr("nested deeper than 100"));
    std::string objects;
    for (int i = 0; i < 101; ++i) objects += "{\"a\":";
    EXPECT_EQ(ParseJson(objects + "1" + std::string(101, '}')).error().kind, ErrorKind::kTooLarge);
    EXPECT_TRUE(ParseJson(Nested(3), {.depth_max = 3}).ok());
    EXPECT_FALSE(ParseJson(Nested(4), {.depth_max = 3}).ok());
}

TEST(JsonTest, VeryDeepInputIsRefusedWhereTheLimitBreaks) {
    JsonError where;
    for (const std::string& text :
         {std::string(10'000, '['), std::string(10'000'000, '['), Nested(10'000)}) {
        EXPECT_EQ(ParseJson(text, {}, &where).error().kind, ErrorKind::kTooLarge);
        EXPECT_LE(where.offset, 101U);
    }
}

TEST(JsonTest, SizeIsLimited) {
    const std::string large = "\"" + std::string(10 << 20, 'x') + "\"";
    EXPECT_EQ(Again(large), large);
    EXPECT_EQ(ParseJson(large, {.bytes_max = 1 << 20}).error().kind, ErrorKind::kTooLarge);
    std::string list = "[1";
    for (int i = 0; i < 1000; ++i) list += ",1";
    EXPECT_EQ(ParseJson(list + "]", {.bytes_max = 1000}).error().kind, ErrorKind::kTooLarge);
}

TEST(JsonTest, LastOfEqualKeysWins) {
    EXPECT_EQ(Again(R"({"a":1,"b":2,"a":3})"), R"({"a":3,"b":2})");
    EXPECT_EQ(Again(R"({"a":1,"\u0061":2})"), R"({"a":2})");
    EXPECT_EQ(Again(R"([{"x":{"a":1,"a":{"b":1,"b":2}}}])"), R"([{"x":{"a":{"b":2}}}])");
    std::string many = "{";
    for (int i = 0; i < 50; ++i) many += "\"k" + std::to_string(i) + "\":0,";
    const auto parsed = ParseJson(many + "\"k7\":1}");
    EXPECT_EQ(parsed.value()->size(), 50U);
    EXPECT_EQ(parsed.value()["k7"].AsInt(), 1);
}

TEST(JsonTest, ManyEqualKeysAreHandledInTime) {
    std::string text = "{";
    for (int i = 0; i < 200'000; ++i) text += "\"a\":1,";
    EXPECT_EQ(Again(text + "\"a\":2}"), R"({"a":2})");
}

TEST(JsonTest, InvalidUtf8IsRefused) {
    for (const std::string text :
         {"\"\xff\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xe2\x82\"",
          "\"\xc3", "{\"\xff\":1}"}) {
        EXPECT_EQ(Again(text), "fault") << text;
    }
}

TEST(JsonTest, LoneSurrogatesAreRefused) {
    for (const std::string text :
         {R"("\ud800")", R"("\udc00")", R"("\ud800\ud800")", R"("\ud800x")", R"("\ud800\u0041")",
          R"({"\udfff":1})", R"("\udc00\ud800")"}) {
        EXPECT_EQ(Again(text), "fault") << text;
    }
}

TEST(JsonTest, EveryTruncationIsRefused) {
    const std::string text = R"({"a":[1.5,true,null,"x\u00e9"],"b":{"c":"d"}})";
    ASSERT_EQ(ParseJson(text).ok(), true);
    for (size_t size = 0; size < text.size(); ++size) {
        EXPECT_EQ(Again(text.substr(0, size)), "fault") << size;
    }
}

TEST(JsonTest, MalformedTextIsRefused) {
    for (const std::string text :
         {"[1,]",    "{\"a\":1,}", "{a:1}",   "{'a':1}",  "[1 2]",   "1 2",         "[1]]",
          "// c\n1", "1 // c",     "\"\n\"",  "\"\t\"",   "\"\\x\"", "\"\\u12g4\"", "tru",
          "nul",     "True",       "{\"a\"}", "{\"a\":}", "{:1}",    ",",           "]"}) {
        EXPECT_EQ(Again(text), "fault") << text;
    }
}

TEST(JsonTest, TextBehindAZeroByteIsNotIgnored) {
    EXPECT_EQ(Again(WithZeros("[1]\0")), "fault");
    EXPECT_EQ(Again(WithZeros("[1]\0[2]")), "fault");
    EXPECT_EQ(Again(WithZeros("\0[1]")), "fault");
    EXPECT_EQ(Again(WithZeros("\"a\0b\"")), "fault");
}

TEST(JsonTest, FaultNamesTheByte) {
    JsonError where;
    const auto parsed = ParseJson("[1, x]", {}, &where);
    ASSERT_FALSE(parsed.ok());
    EXPECT_EQ(parsed.error().kind, ErrorKind::kInvalid);
    EXPECT_EQ(where.offset, 4U);
    EXPECT_FALSE(where.message.empty());
    EXPECT_THAT(parsed.error().message, HasSubstr("(at byte 4)"));
}

TEST(JsonTest, SpacedTextIsAsciiWithSpaces) {
    const Value value = ParseJson("{\"a\":[1,\"\xc3\xa9\xf0\x9f\x98\x80\"],\"b\":{}}").value();
    EXPECT_EQ(WriteJsonSpaced(value), R"({"a": [1, "\u00E9\uD83D\uDE00"], "b": {}})");
}

TEST(JsonTest, QuoteEscapesWhatItMust) {
    EXPECT_EQ(JsonQuote("a\"b\\c\n\x01"), R"("a\"b\\c\n\u0001")");
    EXPECT_EQ(JsonQuote(std::string_view("\0", 1)), R"("\u0000")");
    EXPECT_EQ(JsonQuote(""), "\"\"");
}

TEST(JsonTest, HandlesOfCredentialsNeverBecomeText) {
    const Value value = ValueBuilder().BeginObject().Key("key").Credential(42).EndObject().Take();
    EXPECT_EQ(WriteJson(value), R"({"key":null})");
}

TEST(JsonTest, BytesBecomeBase64) {
    const char bytes[] = {'\xff', '\0', 'a'};
    blk_tok token{};
    token.type = BLK_T_BYTES;
    token.n = 3;
    token.u.p = bytes;
    EXPECT_EQ(WriteJson(View(&token)), "\"/wBh\"");
}

}  // namespace
}  // namespace yard
