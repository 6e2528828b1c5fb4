#include "api/rest/decode.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace yard::rest {
namespace {

Value Json(std::string_view text) {
    Result<Value> value = ParseJson(text);
    EXPECT_TRUE(value.ok()) << text;
    return value ? value.value() : Value();
}

// The decoded value as JSON, or the type of the first fault.
std::string Decoded(const Type& type, std::string_view json) {
    ValidationErrors errors;
    Value value = Decode(type, Json(json), {"body"}, errors);
    if (errors.empty()) return WriteJson(value);
    return std::string(errors.ToJson()->At(0)["type"].AsString());
}

TEST(DecodeTest, IntegersAreReadLeniently) {
    for (const char* json : {"5", "\"5\"", "\" 5 \"", "\"5.0\"", "5.0", "\"+5\"", "\"0_5\""}) {
        EXPECT_EQ(Decoded(Integer(), json), "5") << json;
    }
    EXPECT_EQ(Decoded(Integer(), "\"1_000\""), "1000");
    EXPECT_EQ(Decoded(Integer(), "true"), "1");
    EXPECT_EQ(Decoded(Integer(), "\"-7\""), "-7");
}

TEST(DecodeTest, WhatIsNoIntegerSaysWhy) {
    EXPECT_EQ(Decoded(Integer(), "5.5"), "int_from_float");
    for (const char* json :
         {"\"5.5\"", "\"\"", "\"0x10\"", "\"1e3\"", "\"1__0\"", "\"_1\"", "\"five\""}) {
        EXPECT_EQ(Decoded(Integer(), json), "int_parsing") << json;
    }
    EXPECT_EQ(Decoded(Integer(), "null"), "int_type");
    EXPECT_EQ(Decoded(Integer(), "[]"), "int_type");
    EXPECT_EQ(Decoded(Integer(), "\"99999999999999999999\""), "int_parsing_size");
    EXPECT_EQ(Decoded(Integer(), "18446744073709551615"), "int_parsing_size");
    EXPECT_EQ(Decoded(Integer(), "1e300"), "int_parsing_size");
}

TEST(DecodeTest, BooleansHaveManyNames) {
    for (const char* json : {"true", "1", "1.0", "\"YES\"", "\"on\"", "\"t\"", "\"Y\""}) {
        EXPECT_EQ(Decoded(Boolean(), json), "true") << json;
    }
    for (const char* json : {"false", "0", "\"No\"", "\"off\"", "\"f\"", "\"n\"", "\"0\""}) {
        EXPECT_EQ(Decoded(Boolean(), json), "false") << json;
    }
    EXPECT_EQ(Decoded(Boolean(), "2"), "bool_parsing");
    EXPECT_EQ(Decoded(Boolean(), "\"maybe\""), "bool_parsing");
    EXPECT_EQ(Decoded(Boolean(), "null"), "bool_type");
    EXPECT_EQ(Decoded(Boolean(), "{}"), "bool_type");
}

TEST(DecodeTest, NumbersAndTexts) {
    EXPECT_EQ(Decoded(Number(), "\"1.5\""), "1.5");
    EXPECT_EQ(Decoded(Number(), "2"), "2");
    EXPECT_EQ(Decoded(Number(), "\"nan\""), "float_parsing");
    EXPECT_EQ(Decoded(Number(), "[]"), "float_type");
    EXPECT_EQ(Decoded(Text(), "\"x\""), "\"x\"");
    EXPECT_EQ(Decoded(Text(), "5"), "string_type");
    EXPECT_EQ(Decoded(Nullable(Text()), "null"), "null");
}

TEST(DecodeTest, ContainersNameThePlaceOfAFault) {
    ValidationErrors errors;
    Decode(ListOf(MapOf(Integer())), Json(R"([{"a":1},{"b":"x"}])"), {"body"}, errors);
    EXPECT_EQ(WriteJson(errors.ToJson()->At(0)["loc"]), R"(["body",1,"b"])");
    EXPECT_EQ(Decoded(ListOf(Integer()), "{}"), "list_type");
    EXPECT_EQ(Decoded(MapOf(Integer()), "[]"), "dict_type");
    EXPECT_EQ(Decoded(AnyObject(), "[]"), "dict_type");
}

TEST(DecodeTest, ChoicesAreListedInTheMessage) {
    ValidationErrors errors;
    Decode(LiteralOf({"a", "b", "c"}), Json("\"d\""), {"body"}, errors);
    EXPECT_EQ(WriteJson(errors.ToJson()->At(0)),
              R"({"type":"literal_error","loc":["body"],"msg":"Input should be 'a', 'b' or 'c'",)"
              R"("input":"d","ctx":{"expected":"'a', 'b' or 'c'"}})");
    EXPECT_EQ(Decoded(OneOf("Letter", {"a"}), "1"), "enum");
}

TEST(DecodeTest, DocumentsGetDefaultsAndLoseTheUnknown) {
    const Dto dto{"Thing",
                  {Required("name", Text()), Optional("count", Integer(), Value::Int(3)),
                   Optional("note", Nullable(Text()))}};
    EXPECT_EQ(Decoded(ObjectOf(dto), R"({"name":"x","extra":1})"),
              R"({"name":"x","count":3,"note":null})");
    ValidationErrors errors;
    Decode(ObjectOf(dto), Json(R"({"count":null})"), {"body"}, errors);
    EXPECT_EQ(WriteJson(errors.ToJson()),
              R"([{"type":"missing","loc":["body","name"],"msg":"Field required",)"
              R"("input":{"count":null}},{"type":"int_type","loc":["body","count"],)"
              R"("msg":"Input should be a valid integer","input":null}])");
    EXPECT_EQ(Decoded(ObjectOf(dto), "[]"), "model_attributes_type");
}

TEST(DecodeTest, AnExplicitNullMayMeanTheDefault) {
    Type flag = Boolean();
    flag.null_is_default = true;
    const Dto dto{"Flags", {Optional("on", flag, Value::Bool(true))}};
    EXPECT_EQ(Decoded(ObjectOf(dto), R"({"on":null})"), R"({"on":true})");
}

TEST(DecodeTest, ErrorsAreBoundedInNumberAndSize) {
    ValueBuilder many;
    many.BeginArray();
    for (int i = 0; i < 1000; ++i) many.String(std::string(10'000, 'x'));
    ValidationErrors errors;
    Decode(ListOf(Integer()), many.EndArray().Take(), {"body"}, errors);
    EXPECT_EQ(errors.ToJson()->size(), 100u);
    EXPECT_LT(WriteJson(errors.ToJson()).size(), 100'000u);
}

TEST(DecodeTest, MissingParametersShowNoInput) {
    ValidationErrors errors;
    DecodeParameters({Required("q", Text())}, Json("{}"), {"query"}, errors);
    EXPECT_EQ(WriteJson(errors.ToJson()),
              R"([{"type":"missing","loc":["query","q"],"msg":"Field required","input":null}])");
}

}  // namespace
}  // namespace yard::rest
