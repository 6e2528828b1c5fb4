#include "host/model/json_schema.h"

#include "tests/unit/host/model/test_catalog.h"

namespace yard::model {
namespace {

std::shared_ptr<const JsonSchema> Compiled(std::string_view schema) {
    auto compiled = JsonSchema::Compile(Json(schema));
    EXPECT_TRUE(compiled.ok()) << schema;
    return compiled.ok() ? compiled.value() : nullptr;
}

// The fault, or "" if the value conforms.
std::string Fault(std::string_view schema, std::string_view value) {
    return Compiled(schema)->Validate(Json(value)).value_or("");
}

TEST(JsonSchemaTest, NamesAMissingProperty) {
    EXPECT_EQ(Fault(R"({"required":["a","b"]})", R"({"a":1})"), "'b' is a required property");
}

TEST(JsonSchemaTest, NamesTheExpectedType) {
    EXPECT_EQ(Fault(R"({"type":"string"})", "5"), "5 is not of type 'string'");
    EXPECT_EQ(Fault(R"({"type":["string","null"]})", "5"), "5 is not of type 'string', 'null'");
}

TEST(JsonSchemaTest, WholeFloatsAreIntegersAndBooleansAreNotNumbers) {
    EXPECT_EQ(Fault(R"({"type":"integer"})", "1.0"), "");
    EXPECT_EQ(Fault(R"({"type":"integer"})", "1.5"), "1.5 is not of type 'integer'");
    EXPECT_EQ(Fault(R"({"type":"number"})", "true"), "True is not of type 'number'");
    EXPECT_EQ(Fault(R"({"enum":[1]})", "true"), "True is not one of [1]");
    EXPECT_EQ(Fault(R"({"const":1})", "1.0"), "");
}

TEST(JsonSchemaTest, ListsTheChoicesOfAnEnum) {
    EXPECT_EQ(Fault(R"({"enum":["Add","Subtract"]})", "\"Foo\""),
              "'Foo' is not one of ['Add', 'Subtract']");
    EXPECT_EQ(Fault(R"({"enum":["Add","Subtract"]})", "\"Add\""), "");
    EXPECT_EQ(Fault(R"({"enum":["Add",null]})", "null"), "");
}

TEST(JsonSchemaTest, ReportsAlternativesAsAWhole) {
    EXPECT_EQ(Fault(R"({"anyOf":[{"type":"string"},{"type":"null"}]})", "5"),
              "5 is not valid under any of the given schemas");
    EXPECT_EQ(Fault(R"({"oneOf":[{"type":"integer"},{"minimum":2}]})", "5"),
              "5 is valid under each of {'minimum': 2}, {'type': 'integer'}");
    EXPECT_EQ(Fault(R"({"oneOf":[{"type":"integer"},{"type":"string"}]})", "5"), "");
    EXPECT_EQ(Fault(R"({"not":{"type":"integer"}})", "5"),
              "5 should not be valid under {'type': 'integer'}");
}

TEST(JsonSchemaTest, DescendsIntoTheAlternativeThatStandsOut) {
    EXPECT_EQ(Fault(R"({"anyOf":[{"type":"string"},
                                 {"type":"object","properties":{"a":{"type":"integer"}}}]})",
                    R"({"a":"x"})"),
              "'x' is not of type 'integer'");
}

TEST(JsonSchemaTest, PrefersTheShallowestFault) {
    EXPECT_EQ(Fault(R"({"properties":{"a":{"properties":{"b":{"type":"string"}}}},
                        "required":["c"]})",
                    R"({"a":{"b":1}})"),
              "'c' is a required property");
}

TEST(JsonSchemaTest, PrefersPlainFaultsToAlternatives) {
    EXPECT_EQ(Fault(R"({"properties":{"a":{"anyOf":[{"type":"string"},{"type":"null"}]},
                                      "b":{"type":"integer"}}})",
                    R"({"a":1,"b":"x"})"),
              "'x' is not of type 'integer'");
}

TEST(JsonSchemaTest, ChecksNumbers) {
    EXPECT_EQ(Fault(R"({"minimum":1})", "0"), "0 is less than the minimum of 1");
    EXPECT_EQ(Fault(R"({"maximum":1})", "2"), "2 is greater than the maximum of 1");
    EXPECT_EQ(Fault(R"({"exclusiveMinimum":1})", "1"),
              "1 is less than or equal to the minimum of 1");
    EXPECT_EQ(Fault(R"({"exclusiveMaximum":1})", "1"),
              "1 is greater than or equal to the maximum of 1");
    EXPECT_EQ(Fault(R"({"multipleOf":2})", "3"), "3 is not a multiple of 2");
    EXPECT_EQ(Fault(R"({"minimum":1})", "\"0\""), "");
}

TEST(JsonSchemaTest, ChecksStringsByCodePoints) {
    EXPECT_EQ(Fault(R"({"minLength":2})", "\"é\""), "'é' is too short");
    EXPECT_EQ(Fault(R"({"minLength":1})", "\"\""), "'' should be non-empty");
    EXPECT_EQ(Fault(R"({"maxLength":2})", "\"éé\""), "");
    EXPECT_EQ(Fault(R"({"maxLength":2})", "\"abc\""), "'abc' is too long");
    EXPECT_EQ(Fault(R"({"pattern":"^a+$"})", "\"b\""), "'b' does not match '^a+$'");
    EXPECT_EQ(Fault(R"({"pattern":"a"})", "\"bab\""), "");
    EXPECT_EQ(Fault(R"({"type":"string","format":"date"})", "\"2020-13-45\""), "");
}

TEST(JsonSchemaTest, ChecksArrays) {
    EXPECT_EQ(Fault(R"({"items":{"type":"string"}})", R"(["a",1])"), "1 is not of type 'string'");
    EXPECT_EQ(
        Fault(R"({"prefixItems":[{"type":"string"}],"items":{"type":"integer"}})", R"(["a","b"])"),
        "'b' is not of type 'integer'");
    EXPECT_EQ(Fault(R"({"minItems":2})", "[1]"), "[1] is too short");
    EXPECT_EQ(Fault(R"({"maxItems":0})", "[1]"), "[1] is expected to be empty");
    EXPECT_EQ(Fault(R"({"uniqueItems":true})", "[1,1.0]"), "[1, 1.0] has non-unique elements");
}

TEST(JsonSchemaTest, ChecksMembersBeyondTheDeclaredOnes) {
    EXPECT_EQ(Fault(R"({"properties":{"a":{}},"additionalProperties":false})", R"({"c":1,"b":2})"),
              "Additional properties are not allowed ('b', 'c' were unexpected)");
    EXPECT_EQ(Fault(R"({"additionalProperties":{"type":"string"}})", R"({"c":1})"),
              "1 is not of type 'string'");
    EXPECT_EQ(Fault(R"({"maxProperties":1})", R"({"a":1,"b":2})"),
              "{'a': 1, 'b': 2} has too many properties");
    EXPECT_EQ(Fault("false", "1"), "False schema does not allow 1");
}

TEST(JsonSchemaTest, IgnoresNullMembersOfTheRootOnly) {
    auto schema = Compiled(R"({"type":"object","properties":{"a":{"type":"string"},
        "o":{"properties":{"x":{"type":"string"}}}},"required":["b"]})");
    EXPECT_EQ(schema->ValidateIgnoringNulls(Json(R"({"a":null,"b":1})")), std::nullopt);
    EXPECT_EQ(schema->ValidateIgnoringNulls(Json(R"({"b":null})")).value_or(""),
              "'b' is a required property");
    EXPECT_EQ(schema->ValidateIgnoringNulls(Json(R"({"b":1,"o":{"x":null}})")).value_or(""),
              "None is not of type 'string'");
}

TEST(JsonSchemaTest, ChecksOnePropertyByName) {
    auto schema = Compiled(R"({"properties":{"r":{"type":"integer"}},"required":["r","x"]})");
    EXPECT_EQ(schema->ValidateProperty("r", Json("\"str\"")).value_or(""),
              "'str' is not of type 'integer'");
    EXPECT_EQ(schema->ValidateProperty("r", Json("1.0")), std::nullopt);
    EXPECT_EQ(schema->ValidateProperty("nope", Json("1")), std::nullopt);
    EXPECT_EQ(schema->ValidateProperty("x", Json("1")), std::nullopt);
}

TEST(JsonSchemaTest, RefusesSchemasThatMakeNoSense) {
    for (const char* schema : {"5", R"({"type":"text"})", R"({"type":[5]})", R"({"required":"a"})",
                               R"({"required":[1]})", R"({"properties":[]})", R"({"anyOf":{}})",
                               R"({"minimum":"1"})", R"({"minLength":-1})", R"({"multipleOf":0})",
                               R"({"pattern":"("})", R"({"enum":"a"})", R"({"items":7})"}) {
        auto compiled = JsonSchema::Compile(Json(schema));
        ASSERT_FALSE(compiled.ok()) << schema;
        EXPECT_EQ(compiled.error().kind, ErrorKind::kInvalid) << schema;
    }
}

TEST(JsonSchemaTest, RefusesSchemasNestedTooDeeply) {
    std::string schema = "{}";
    for (int i = 0; i < 80; ++i) schema = R"({"items":)" + schema + "}";
    auto compiled = JsonSchema::Compile(Json(schema));
    ASSERT_FALSE(compiled.ok());
    EXPECT_EQ(compiled.error().kind, ErrorKind::kTooLarge);
}

TEST(JsonSchemaTest, NullKeywordsAreNoKeywords) {
    EXPECT_EQ(Fault(R"({"minimum":null,"maxLength":null,"pattern":null,"type":"string"})", "5"),
              "5 is not of type 'string'");
}

}  // namespace
}  // namespace yard::model
