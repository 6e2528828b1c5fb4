#include "host/model/coercion.h"

#include "tests/unit/host/model/test_catalog.h"

namespace yard::model {
namespace {

std::string Converted(std::string_view value, std::string_view schema) {
    Result<Value> converted = Convert(Json(value), DeclaredType::FromSchema(Json(schema)));
    return converted.ok() ? Text(converted.value()) : "error: " + converted.error().message;
}

constexpr char kInt[] = R"({"type":"integer"})";
constexpr char kFloat[] = R"({"type":"number"})";
constexpr char kBool[] = R"({"type":"boolean"})";
constexpr char kString[] = R"({"type":"string"})";
constexpr char kList[] = R"({"type":"array","items":{}})";
constexpr char kObject[] = R"({"type":"object","additionalProperties":true})";

struct Case {
    const char* value;
    const char* schema;
    const char* result;
};

void ExpectAll(std::initializer_list<Case> cases) {
    for (const Case& c : cases) {
        EXPECT_EQ(Converted(c.value, c.schema), c.result) << c.value << " to " << c.schema;
    }
}

TEST(CoercionTest, ConvertsToIntegers) {
    ExpectAll({{"5.5", kInt, "5"},
               {R"("5.5")", kInt, "5"},
               {"[1,2,3]", kInt, "3"},
               {"true", kInt, "true"},
               {"null", kInt, "0"},
               {R"("abc")", kInt, "0"},
               {R"("")", kInt, "0"},
               {R"(" 7 ")", kInt, "7"},
               {R"("1e3")", kInt, "1000"},
               {R"("-5.9")", kInt, "-5"},
               {"-5.9", kInt, "-5"},
               {R"("0x10")", kInt, "0"},
               {R"("12345678901234567890")", kInt, "12345678901234567168"},
               {R"({"a":1})", kInt, "1"},
               {"{}", kInt, "0"},
               {"[]", kInt, "0"},
               {R"("inf")", kInt, "error: Failed to convert inf to <class 'int'>"},
               {R"("nan")", kInt, "0"},
               {R"("_1")", kInt, "0"},
               {R"("1__0")", kInt, "0"}});
}

TEST(CoercionTest, ConvertsToFloats) {
    ExpectAll({{R"("5.5")", kFloat, "5.5"},
               {"5", kFloat, "5.0"},
               {R"("1_000")", kFloat, "1000.0"},
               {"false", kFloat, "0.0"},
               {R"("-")", kFloat, "0.0"}});
    Result<Value> infinite = Convert(Json(R"("inf")"), DeclaredType::FromSchema(Json(kFloat)));
    ASSERT_TRUE(infinite.ok());
    EXPECT_GT(infinite.value()->AsDouble(), 1e308);
}

TEST(CoercionTest, ConvertsToBooleans) {
    for (const char* text : {R"("True")", R"("TRUE")", R"("1")", "2", "[0]"}) {
        EXPECT_EQ(Converted(text, kBool), "true") << text;
    }
    for (const char* text :
         {R"("False")", R"("yes")", R"(" true")", R"("")", "[]", "{}", "0.0", "null"}) {
        EXPECT_EQ(Converted(text, kBool), "false") << text;
    }
}

TEST(CoercionTest, ConvertsToText) {
    ExpectAll({{"5", kString, R"("5")"},
               {R"({"a":1,"b":2})", kString, R"("{\"a\": 1, \"b\": 2}")"},
               {"[1,2,3]", kString, R"("[1, 2, 3]")"},
               {"[]", kString, R"("[]")"},
               {"true", kString, R"("true")"},
               {"null", kString, R"("null")"},
               {"1.0", kString, R"("1.0")"},
               {R"({"a":"é"})", kString, R"("{\"a\": \"\\u00e9\"}")"}});
}

TEST(CoercionTest, ConvertsToLists) {
    ExpectAll({{R"("5")", kList, R"(["5"])"},
               {R"("abc")", kList, R"(["abc"])"},
               {R"("  hi ")", kList, R"(["hi"])"},
               {R"(" [1, 2] ")", kList, "[1,2]"},
               {R"("[1,")", kList, R"(["[1,"])"},
               {R"("[bad]")", kList, R"(["[bad]"])"},
               {"5", kList, "[5]"},
               {"null", kList, "[null]"},
               {R"({"a":1,"b":2})", kList, R"([["a",1],["b",2]])"},
               {R"("{\"a\":1}")", kList, R"(["{\"a\":1}"])"}});
}

TEST(CoercionTest, ConvertsToObjects) {
    ExpectAll({{R"("5")", kObject, R"({"value":5})"},
               {R"("{\"a\": 1, \"b\": 2}")", kObject, R"({"a":1,"b":2})"},
               {R"("[1,2]")", kObject, R"({"value":[1,2]})"},
               {R"("hello")", kObject, R"({"value":"hello"})"},
               {R"("")", kObject, R"({"value":""})"},
               {R"("null")", kObject, R"({"value":null})"},
               {R"("true")", kObject, R"({"value":true})"},
               {"[1,2,3]", kObject, R"({"0":1,"1":2,"2":3})"},
               {"5", kObject, R"({"value":5})"},
               {"null", kObject, R"({"value":null})"}});
}

TEST(CoercionTest, ConvertsElements) {
    const char* ints = R"({"type":"array","items":{"type":"integer"}})";
    const char* strings = R"({"type":"array","items":{"type":"string"}})";
    ExpectAll(
        {{R"("5")", ints, "[5]"},
         {R"("[5,4,2]")", ints, "[5,4,2]"},
         {R"(["1","x",null])", ints, "[1,0,0]"},
         {"[5,4,2]", strings, R"(["5","4","2"])"},
         {R"("a,b")", strings, R"(["a,b"])"},
         {"[[1],[2]]", R"({"type":"array","items":{"type":"array","items":{"type":"string"}}})",
          R"([["1"],["2"]])"},
         {R"(["5"])", R"({"type":"object","additionalProperties":{"type":"integer"}})",
          R"({"0":5})"},
         {R"({"a":"5"})", R"({"type":"object","additionalProperties":{"type":"integer"}})",
          R"({"a":5})"},
         {R"("x")", R"({"type":"array","items":{"type":"object","additionalProperties":true}})",
          R"([{"value":"x"}])"},
         {R"("[{\"a\":1}]")",
          R"({"type":"array","items":{"type":"object","additionalProperties":true}})",
          R"([{"a":1}])"}});
}

TEST(CoercionTest, TriesTheAlternativesOfAUnionInOrder) {
    const char* optional_int = R"({"anyOf":[{"type":"integer"},{"type":"null"}]})";
    ExpectAll({{R"("7")", optional_int, "7"},
               {R"("x")", optional_int, "0"},
               {"null", optional_int, "null"},
               {"[]", optional_int, "0"},
               {"[]", R"({"anyOf":[{"type":"string"},{"type":"null"}]})", R"("[]")"},
               {"[]", R"({"anyOf":[{"type":"string","format":"short-text"},{"type":"null"}]})",
                R"("[]")"},
               {"5", R"({"anyOf":[{"type":"array","items":{"type":"string"}},{"type":"null"}]})",
                R"(["5"])"},
               {R"([1,"a"])", R"({"anyOf":[{"type":"string"},{"type":"array","items":{}}]})",
                R"("[1, \"a\"]")"},
               {R"("abc")", R"({"anyOf":[{"type":"integer"},{"type":"string"}]})", "0"},
               {"1.5", R"({"anyOf":[{"type":"integer"},{"type":"number"}]})", "1"},
               {R"("1.5")", R"({"anyOf":[{"type":"integer"},{"type":"number"}]})", "1"},
               {R"("1.5")", R"({"anyOf":[{"type":"number"},{"type":"integer"}]})", "1.5"},
               {R"("inf")", R"({"anyOf":[{"type":"integer"},{"type":"string"}]})", R"("inf")"},
               {R"("x")", R"({"anyOf":[{"type":"object"},{"type":"string"}]})", R"({"value":"x"})"},
               {"5", R"({"type":["string","null"]})", R"("5")"}});
}

TEST(CoercionTest, LeavesTextOfStringEnumsToTheSchema) {
    const char* choices = R"({"type":"string","enum":["Add"]})";
    ExpectAll({{R"("Add")", choices, R"("Add")"}, {R"("Foo")", choices, R"("Foo")"}});
}

TEST(CoercionTest, LeavesTypesWithoutAConversionAlone) {
    for (const char* schema :
         {"{}", R"({"const":"b","type":"string"})", R"({"enum":[1,2],"type":"integer"})",
          R"({"type":"object","properties":{"id":{"type":"string"}}})", "true"}) {
        EXPECT_EQ(Converted(R"("a")", schema), R"("a")") << schema;
    }
}

TEST(CoercionTest, ConvertsToTuples) {
    const char* pair = R"({"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}]})";
    const char* any = R"({"type":"array","prefixItems":[]})";
    ExpectAll({{R"("abc")", any, R"(["a","b","c"])"},
               {"5", any, "[5]"},
               {"[1,2,3]", pair, R"(["1",2])"}});
}

TEST(CoercionTest, AcceptsOnlyWhatConversionWouldNotChange) {
    DeclaredType ints =
        DeclaredType::FromSchema(Json(R"({"type":"array","items":{"type":"integer"}})"));
    EXPECT_TRUE(ints.Accepts(Json("[1,2]")));
    EXPECT_FALSE(ints.Accepts(Json("[1,\"2\"]")));
    DeclaredType number = DeclaredType::FromSchema(Json(kFloat));
    EXPECT_FALSE(number.Accepts(Json("5")));
    EXPECT_TRUE(number.Accepts(Json("5.0")));
}

}  // namespace
}  // namespace yard::model
