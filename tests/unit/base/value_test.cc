#include "base/value.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <thread>

#include "base/json.h"

namespace yard {
namespace {

bool EqualTexts(const std::string& a, const std::string& b) {
    const Value left = ParseJson(a).value();
    const Value right = ParseJson(b).value();
    EXPECT_EQ(Equal(left, right), Equal(right, left)) << a << ' ' << b;
    return Equal(left, right);
}

TEST(ValueTest, DefaultIsNull) {
    EXPECT_TRUE(Value()->IsNull());
    EXPECT_TRUE(View().IsNull());
    EXPECT_EQ(View().size(), 0U);
    EXPECT_EQ(View().items().begin(), View().items().end());
    EXPECT_FALSE(View().Has("a"));
    EXPECT_TRUE(View().Get("a").IsNull());
    EXPECT_TRUE(View().At(0).IsNull());
}

TEST(ValueTest, MembersAndItemsAreFound) {
    const Value value = ParseJson(R"({"a":[10,[],{"x":1},20],"":"empty","b":null})").value();
    EXPECT_EQ(value["a"].At(3).AsInt(), 20);
    EXPECT_EQ(value["a"].At(2)["x"].AsInt(), 1);
    EXPECT_TRUE(value["a"].At(4).IsNull());
    EXPECT_EQ(value[""].AsString(), "empty");
    EXPECT_TRUE(value->Has("b"));
    EXPECT_FALSE(value->Has("c"));
    EXPECT_FALSE(value->Has("aa"));
    std::string keys;
    for (const auto& [key, member] : value->members()) keys += std::string(key) + ",";
    EXPECT_EQ(keys, "a,,b,");
    EXPECT_EQ(value->size(), 3U);
}

TEST(ValueTest, FallbacksAreForOtherTypesOnly) {
    const Value value = ParseJson(R"({"s":"x","i":1,"b":false,"u":18446744073709551615})").value();
    EXPECT_EQ(value["s"].StringOr("no"), "x");
    EXPECT_EQ(value["i"].StringOr("no"), "no");
    EXPECT_EQ(value["i"].IntOr(7), 1);
    EXPECT_EQ(value["u"].IntOr(7), 7);
    EXPECT_FALSE(value["b"].BoolOr(true));
    EXPECT_TRUE(value["s"].BoolOr(true));
}

TEST(ValueTest, NumbersAreEqualByValue) {
    EXPECT_TRUE(EqualTexts("1", "1.0"));
    EXPECT_FALSE(EqualTexts("1", "1.5"));
    EXPECT_FALSE(EqualTexts("1", "true"));
    EXPECT_FALSE(EqualTexts("0", "null"));
    EXPECT_FALSE(EqualTexts("9007199254740993", "9007199254740992.0"));
    EXPECT_TRUE(EqualTexts("9007199254740992", "9007199254740992.0"));
    EXPECT_FALSE(EqualTexts("9223372036854775807", "9223372036854775808.0"));
    EXPECT_TRUE(EqualTexts("9223372036854775808", "9223372036854775808.0"));
    EXPECT_TRUE(EqualTexts("-9223372036854775808", "-9223372036854775808.0"));
    EXPECT_FALSE(EqualTexts("18446744073709551615", "18446744073709551616.0"));
    EXPECT_FALSE(EqualTexts("18446744073709551615", "-1"));
    EXPECT_FALSE(EqualTexts("18446744073709551615", "1e300"));
    EXPECT_FALSE(EqualTexts("18446744073709551615", "-1e300"));
    const Value nan = Value::Double(std::nan(""));
    EXPECT_FALSE(Equal(nan, Value::Double(std::nan(""))));
    EXPECT_FALSE(Equal(nan, Value::Int(0)));
}

TEST(ValueTest, ObjectsAreEqualInAnyOrderAndArraysInTheirs) {
    EXPECT_TRUE(EqualTexts(R"({"a":1,"b":[2]})", R"({"b":[2],"a":1.0})"));
    EXPECT_FALSE(EqualTexts(R"({"a":1})", R"({"a":1,"b":2})"));
    EXPECT_FALSE(EqualTexts(R"({"a":null})", R"({"b":null})"));
    EXPECT_FALSE(EqualTexts("[1,2]", "[2,1]"));
    EXPECT_FALSE(EqualTexts("[1]", "[1,1]"));
    EXPECT_FALSE(EqualTexts("[]", "{}"));
    EXPECT_FALSE(EqualTexts("\"1\"", "1"));
}

TEST(ValueTest, FactoriesMakeWhatTheySay) {
    EXPECT_EQ(WriteJson(Value::Object({{"a", Value::Int(1)}, {"b", Value::Bool(true)}})),
              R"({"a":1,"b":true})");
    EXPECT_EQ(WriteJson(Value::Array({Value::String("x"), Value()})), R"(["x",null])");
    EXPECT_EQ(WriteJson(Value::Strings({"a", ""})), R"(["a",""])");
    EXPECT_EQ(WriteJson(Value::EmptyObject()), "{}");
    EXPECT_EQ(WriteJson(Value::EmptyArray()), "[]");
    EXPECT_EQ(Value::EmptyArray().bytes_held(), 0U);
}

TEST(ValueTest, CopyOfAPartOutlivesTheWhole) {
    Value part;
    {
        const Value whole = ParseJson(R"({"a":{"b":["deep",{"c":1}]},"z":1})").value();
        part = Value::Copy(whole["a"]);
    }
    EXPECT_EQ(WriteJson(part), R"({"b":["deep",{"c":1}]})");
}

TEST(ValueTest, SharedPartKeepsTheWholeAlive) {
    Value part;
    {
        const Value whole = ParseJson(R"({"a":"text","z":[1]})").value();
        part = whole.Share(whole["a"]);
        EXPECT_EQ(part.bytes_held(), whole.bytes_held());
        EXPECT_EQ(part->AsString().data(), whole["a"].AsString().data());
    }
    EXPECT_EQ(part->AsString(), "text");
}

TEST(ValueTest, MovedFromValueIsNull) {
    Value first = Value::String("x");
    const Value second = std::move(first);
    EXPECT_TRUE(first->IsNull());  // NOLINT(bugprone-use-after-move): the contract.
    EXPECT_EQ(second->AsString(), "x");
    Value third = second;
    third = third;  // NOLINT(clang-diagnostic-self-assign-overloaded): must be harmless.
    EXPECT_EQ(third->AsString(), "x");
}

TEST(ValueTest, ThreadsMayShareAValue) {
    const Value value = ParseJson(R"({"a":[1,2,3]})").value();
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([value] {
            for (int n = 0; n < 10'000; ++n) {
                const Value copy = value;
                ASSERT_EQ(copy["a"].size(), 3U);
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
}

TEST(ValueBuilderTest, BuildsNestedValuesAndIsReusable) {
    ValueBuilder builder;
    builder.BeginObject().Member("a", 1).Member("b", "x").Key("c").BeginArray();
    builder.Null().Double(0.5).BeginObject().EndObject().EndArray().EndObject();
    EXPECT_EQ(WriteJson(builder.Take()), R"({"a":1,"b":"x","c":[null,0.5,{}]})");
    EXPECT_EQ(WriteJson(builder.Bool(true).Take()), "true");
}

TEST(ValueBuilderTest, CopiesSubtreesIntoArraysAndObjects) {
    const Value part = ParseJson(R"({"x":["y"]})").value();
    ValueBuilder builder;
    builder.BeginArray().Copy(part).Copy(part["x"]).BeginObject();
    builder.Member("k", part).EndObject().EndArray();
    EXPECT_EQ(WriteJson(builder.Take()), R"([{"x":["y"]},["y"],{"k":{"x":["y"]}}])");
}

TEST(ValueBuilderTest, UnsignedIntegersThatFitAreSigned) {
    const Value small = ValueBuilder().Uint(5).Take();
    EXPECT_TRUE(small->IsInt());
    EXPECT_TRUE(ValueBuilder().Uint(1ULL << 63).Take()->IsUint());
    EXPECT_FALSE(Value::Int(-1)->IsUint());
}

TEST(ValueBuilderDeathTest, IncompleteValueCannotBeTaken) {
    EXPECT_DEATH(ValueBuilder().BeginObject().Take(), "");
    EXPECT_DEATH(ValueBuilder().Take(), "");
    EXPECT_DEATH(ValueBuilder().BeginArray().EndObject(), "");
}

}  // namespace
}  // namespace yard
