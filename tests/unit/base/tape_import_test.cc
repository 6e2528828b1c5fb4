// ImportTape, which is declared in base/value.h.
#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "base/json.h"
#include "base/value.h"

namespace yard {
namespace {

using ::testing::HasSubstr;

blk_tok Token(uint8_t type, int64_t integer = 0, uint32_t count = 0) {
    blk_tok token{};
    token.type = type;
    token.n = count;
    token.u.i = integer;
    return token;
}
blk_tok Text(std::string_view text) {
    blk_tok token{};
    token.type = BLK_T_STR;
    token.n = static_cast<uint32_t>(text.size());
    token.u.p = text.data();
    return token;
}
blk_tok Array(uint32_t items, int64_t tokens) { return Token(BLK_T_ARRAY, tokens, items); }
blk_tok Object(uint32_t members, int64_t tokens) { return Token(BLK_T_OBJECT, tokens, members); }
blk_tok Int(int64_t value) { return Token(BLK_T_I64, value); }

// The value as JSON, or the fault.
std::string Import(const std::vector<blk_tok>& tokens, const ValueLimits& limits = {}) {
    const auto value = ImportTape({tokens.data(), tokens.size()}, limits);
    return value ? WriteJson(value.value()) : value.error().message;
}

TEST(ImportTapeTest, WellFormedTapesAreCopied) {
    EXPECT_EQ(Import({Token(BLK_T_NULL)}), "null");
    EXPECT_EQ(Import({Token(BLK_T_BOOL, 7)}), "true");
    EXPECT_EQ(Import({Int(-5)}), "-5");
    EXPECT_EQ(Import({Token(BLK_T_U64, -1)}), "18446744073709551615");
    EXPECT_EQ(Import({Text("h\xc3\xa9")}), "\"h\xc3\xa9\"");
    EXPECT_EQ(Import({Array(0, 1)}), "[]");
    EXPECT_EQ(Import({Object(2, 6), Text("a"), Array(1, 2), Int(1), Text("b"), Int(2)}),
              R"({"a":[1],"b":2})");
}

TEST(ImportTapeTest, NumbersKeepTheirMeaning) {
    blk_tok real = Token(BLK_T_F64);
    real.u.f = 0.1;
    EXPECT_EQ(Import({real}), "0.1");
    // A number that fits int64 must have one form only, or equal values would compare as different.
    const blk_tok small[] = {Token(BLK_T_U64, 5)};
    const Value value = ImportTape({small, 1}).value();
    EXPECT_TRUE(value->IsInt());
    EXPECT_TRUE(Equal(value, Value::Int(5)));
}

TEST(ImportTapeTest, NothingOfTheTapeIsKept) {
    std::string text = "hello";
    std::vector<blk_tok> tokens{Array(1, 2), Text(text)};
    const Value value = ImportTape({tokens.data(), tokens.size()}).value();
    text = "xxxxx";
    tokens.assign(2, Int(0));
    EXPECT_EQ(WriteJson(value), "[\"hello\"]");
}

TEST(ImportTapeTest, PackedNumbersBecomeAnArray) {
    const double numbers[] = {1, 0.5, -0.0};
    blk_tok token = Token(BLK_T_F64S, 0, 3);
    token.u.p = numbers;
    EXPECT_EQ(Import({token}), "[1.0,0.5,-0.0]");
    EXPECT_EQ(Import({Token(BLK_T_F64S)}), "[]");
    EXPECT_EQ(Import({Token(BLK_T_F64S, 0, 3)}),
              "the value is malformed: packed numbers have no address");
    EXPECT_EQ(Import({token}, {.bytes_max = 40}), "the value exceeds 40 bytes");
    token.n = std::numeric_limits<uint32_t>::max();
    EXPECT_EQ(Import({token}), "the value exceeds 67108864 bytes");
}

TEST(ImportTapeTest, EmptyTapeIsAFault) {
    EXPECT_EQ(Import({}), "the value is malformed: it is empty");
    EXPECT_FALSE(ImportTape({nullptr, 0}).ok());
    EXPECT_FALSE(ImportTape({nullptr, 5}).ok());
}

TEST(ImportTapeTest, TokensMustEndWithTheValue) {
    EXPECT_THAT(Import({Int(1), Int(2)}), HasSubstr("tokens follow the end"));
    EXPECT_THAT(Import({Array(0, 1), Int(2)}), HasSubstr("tokens follow the end"));
}

TEST(ImportTapeTest, CountsThatLieAreFaults) {
    EXPECT_THAT(Import({Array(1, 1)}), HasSubstr("it ends inside an array or object"));
    EXPECT_THAT(Import({Array(2, 2), Int(1)}), HasSubstr("it ends inside an array or object"));
    EXPECT_THAT(Import({Array(0, 2), Int(1)}), HasSubstr("does not match its items"));
    EXPECT_THAT(Import({Array(1, 1), Int(1)}), HasSubstr("does not match its items"));
    EXPECT_THAT(Import({Array(1, 3), Int(1)}), HasSubstr("points outside"));
    EXPECT_THAT(Import({Array(1, 0), Int(1)}), HasSubstr("points outside"));
    EXPECT_THAT(Import({Array(1, -1), Int(1)}), HasSubstr("points outside"));
    EXPECT_THAT(Import({Array(1, std::numeric_limits<int64_t>::max()), Int(1)}),
                HasSubstr("points outside"));
    EXPECT_THAT(Import({Array(1, std::numeric_limits<int64_t>::min()), Int(1)}),
                HasSubstr("points outside"));
    EXPECT_THAT(Import({Array(4'000'000'000U, 2), Int(1)}), HasSubstr("it ends inside"));
    EXPECT_THAT(Import({Object(1, 1)}), HasSubstr("a key is not a string"));
    EXPECT_THAT(Import({Object(1, 2), Text("a")}), HasSubstr("it ends inside"));
    EXPECT_THAT(Import({Object(1, 2), Text("a"), Int(1)}), HasSubstr("does not match its members"));
    EXPECT_THAT(Import({Array(2, 4), Array(1, 3), Int(1), Int(2)}),
                HasSubstr("does not match its items"));
}

TEST(ImportTapeTest, KeysMustBeDifferentStrings) {
    EXPECT_THAT(Import({Object(1, 3), Int(1), Int(2)}), HasSubstr("a key is not a string"));
    EXPECT_THAT(Import({Object(2, 5), Text("a"), Int(1), Text("a"), Int(2)}),
                HasSubstr("the key 'a' occurs twice"));
    EXPECT_EQ(Import({Object(1, 3), Text(""), Int(1)}), R"({"":1})");
}

TEST(ImportTapeTest, FaultThatQuotesALongKeyIsValidUtf8) {
    std::string key(63, 'x');
    key += "\xc3\xa9" + std::string(1000, 'y');
    const std::string fault = Import({Object(2, 5), Text(key), Int(1), Text(key), Int(2)});
    EXPECT_THAT(fault, HasSubstr("the key '" + std::string(63, 'x') + "' occurs twice"));
}

TEST(ImportTapeTest, TextMustBeUtf8AndHaveAnAddress) {
    EXPECT_THAT(Import({Text("\xff")}), HasSubstr("not UTF-8"));
    EXPECT_THAT(Import({Object(1, 3), Text("\xed\xa0\x80"), Int(1)}), HasSubstr("not UTF-8"));
    EXPECT_THAT(Import({Token(BLK_T_STR, 0, 5)}), HasSubstr("a string has no address"));
    EXPECT_EQ(Import({Token(BLK_T_STR)}), "\"\"");
}

TEST(ImportTapeTest, HandlesAndUnknownTypesAreRefused) {
    for (const int type :
         {int{BLK_T_BYTES}, int{BLK_T_CRED}, int{BLK_T_FILE}, 10, 0x7f, 0x82, 0xff}) {
        EXPECT_THAT(Import({Token(static_cast<uint8_t>(type), 1)}), HasSubstr("cannot be emitted"))
            << type;
    }
}

TEST(ImportTapeTest, DepthIsLimited) {
    const auto nested = [](int64_t depth) {
        std::vector<blk_tok> tokens;
        for (int64_t i = 0; i < depth; ++i)
            tokens.push_back(Array(i + 1 < depth ? 1 : 0, depth - i));
        return tokens;
    };
    EXPECT_EQ(Import(nested(100)), std::string(100, '[') + std::string(100, ']'));
    EXPECT_EQ(Import(nested(101)), "the value is nested deeper than 100");
    EXPECT_EQ(Import(nested(100'000)), "the value is nested deeper than 100");
}

TEST(ImportTapeTest, SizeIsLimitedBeforeAnythingIsCopied) {
    const std::string text(1000, 'x');
    EXPECT_EQ(Import({Text(text)}, {.bytes_max = 999}), "the value exceeds 999 bytes");
    EXPECT_EQ(Import({Object(1, 3), Text(text), Int(1)}, {.bytes_max = 999}),
              "the value exceeds 999 bytes");
    EXPECT_EQ(Import({Array(3, 4), Int(1), Int(2), Int(3)}, {.bytes_max = 63}),
              "the value exceeds 63 bytes");
    EXPECT_EQ(Import({Array(3, 4), Int(1), Int(2), Int(3)}, {.bytes_max = 64}), "[1,2,3]");
}

TEST(ImportTapeTest, RandomTapesNeverReadOutsideTheirBounds) {
    std::mt19937_64 random(1);
    const auto pick = [&](uint64_t count) { return random() % count; };
    const uint8_t types[] = {0, 1, 2, 3, 4, 9, 0x80, 0x81, 0x80, 0x81, 4, 4};
    for (int round = 0; round < 20'000; ++round) {
        std::vector<blk_tok> tokens;
        for (uint64_t i = 0, size = 1 + pick(8); i < size; ++i) {
            blk_tok token = Token(types[pick(sizeof types)], static_cast<int64_t>(pick(8)),
                                  static_cast<uint32_t>(pick(4)));
            if (token.type == BLK_T_STR) token = Text(std::string_view("abcd").substr(pick(5)));
            tokens.push_back(token);
        }
        const auto value = ImportTape({tokens.data(), tokens.size()});
        if (value) {
            EXPECT_EQ(value.value()->token_count(), tokens.size());
        }
    }
}

}  // namespace
}  // namespace yard
