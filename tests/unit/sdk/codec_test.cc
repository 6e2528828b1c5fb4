// C++ values to tapes and back, and what wrong values are told.

#include <gtest/gtest.h>

#include <blk/blk.hpp>

#include "base/json.h"

namespace yard {
namespace {

template <typename T>
std::string RoundTrip(std::string_view text) {
    Value value = ParseJson(text).value();
    T object = blk::as<T>(blk::view(value->tape()));
    blk::tape tape;
    blk::put(tape, object);
    return WriteJson(View(tape.raw().tok));
}

template <typename T>
std::string ReadError(std::string_view text) {
    try {
        RoundTrip<T>(text);
    } catch (const blk::error& e) {
        EXPECT_EQ(e.code, BLK_E_TYPE);
        return e.what();
    }
    return "no error";
}

struct Inner {
    std::string a;
    blk::defaulted<int64_t> b = 7;
    std::optional<double> c;
    BLK_MODEL("Inner", a, b, c)
};
struct Circle {
    blk::constant<"circle"> kind;
    double radius;
    BLK_MODEL("Circle", kind, radius)
};
struct Square {
    blk::constant<"square"> kind;
    double side;
    BLK_MODEL("Square", kind, side)
};
using Shape = blk::one_of<"kind", Circle, Square>;

TEST(CodecTest, ValuesSurviveTheWayThroughCpp) {
    EXPECT_EQ(RoundTrip<std::vector<int64_t>>("[1,-2,3]"), "[1,-2,3]");
    EXPECT_EQ((RoundTrip<std::map<std::string, std::vector<bool>>>(R"({"a":[true,false]})")),
              R"({"a":[true,false]})");
    EXPECT_EQ(RoundTrip<blk::json>(R"({"a":[1,null,{"b":"c"}]})"), R"({"a":[1,null,{"b":"c"}]})");
    EXPECT_EQ(RoundTrip<std::optional<std::string>>("null"), "null");
    EXPECT_EQ((RoundTrip<std::variant<int64_t, std::string>>("\"x\"")), "\"x\"");
    EXPECT_EQ((RoundTrip<std::variant<int64_t, std::string>>("4")), "4");
    EXPECT_EQ(RoundTrip<blk::formatted<"date">>("\"2026-01-01\""), "\"2026-01-01\"");
    EXPECT_EQ(RoundTrip<Shape>(R"({"kind":"square","side":2.5})"),
              R"({"kind":"square","side":2.5})");
}

TEST(CodecTest, LeftOutAndNullFieldsKeepTheirDefaults) {
    EXPECT_EQ(RoundTrip<Inner>(R"({"a":"x"})"), R"({"a":"x","b":7,"c":null})");
    EXPECT_EQ(RoundTrip<Inner>(R"({"a":"x","b":null,"c":null})"), R"({"a":"x","b":7,"c":null})");
    EXPECT_EQ(RoundTrip<Inner>(R"({"a":"x","b":1,"c":2,"unknown":[]})"),
              R"({"a":"x","b":1,"c":2.0})");
}

TEST(CodecTest, ANumberWithoutFractionIsAnInteger) {
    EXPECT_EQ(RoundTrip<int64_t>("5.0"), "5");
    EXPECT_EQ(ReadError<int64_t>("5.5"), "is not an integer");
    EXPECT_EQ(ReadError<int64_t>("1e300"), "is not an integer");
    EXPECT_EQ(ReadError<uint8_t>("256"), "is out of range");
}

TEST(CodecTest, AWrongValueNamesThePathToIt) {
    EXPECT_EQ(ReadError<Inner>("[]"), "is not an object");
    EXPECT_EQ(ReadError<Inner>("{}"), "a: is missing");
    EXPECT_EQ(ReadError<Inner>(R"({"a":null})"), "a: is not a string");
    EXPECT_EQ(ReadError<Inner>(R"({"a":"x","b":"y"})"), "b: is not an integer");
    EXPECT_EQ(ReadError<std::vector<Inner>>(R"([{"a":1}])"), "a: is not a string");
    EXPECT_EQ(ReadError<blk::dict>("[]"), "is not an object");
    EXPECT_EQ(ReadError<blk::list>("{}"), "is not a list");
    EXPECT_EQ((ReadError<std::variant<int64_t, bool>>("\"x\"")), "has none of the possible types");
    EXPECT_EQ(ReadError<Shape>(R"({"kind":"line"})"),
              "is none of the possible objects: unknown \"kind\"");
    EXPECT_EQ(ReadError<Shape>(R"({"kind":"circle"})"), "radius: is missing");
    EXPECT_EQ((ReadError<blk::choice<"", "a", "b">>("\"c\"")), "is not one of the choices: \"c\"");
    EXPECT_EQ(ReadError<blk::constant<"a">>("\"b\""), "is not \"a\"");
}

TEST(JsonTest, ACopyOutlivesWhatItWasCopiedFrom) {
    blk::json kept;
    {
        Value value =
            ParseJson(R"({"text":"some longer text than fits inline","n":[1.5,true]})").value();
        kept = blk::json::copy(blk::view(value->tape()));
    }
    EXPECT_EQ(WriteJson(View(kept.raw().tok)),
              R"({"text":"some longer text than fits inline","n":[1.5,true]})");
}

TEST(JsonTest, ChangedCopiesLeaveTheOriginalAlone) {
    blk::json object = blk::json::object({{"a", 1}, {"b", "x"}});
    EXPECT_EQ(blk::text_of(object.with("a", nullptr)), R"({"a":null,"b":"x"})");
    EXPECT_EQ(blk::text_of(object.with("c", true)), R"({"a":1,"b":"x","c":true})");
    EXPECT_EQ(blk::text_of(object.without("a")), R"({"b":"x"})");
    EXPECT_EQ(blk::text_of(object), R"({"a":1,"b":"x"})");
    EXPECT_EQ(blk::text_of(blk::json::array({1, 2.5}).append(object)),
              R"([1,2.5,{"a":1,"b":"x"}])");
}

TEST(JsonTest, ReadingAbsentPartsGivesNull) {
    blk::json object = blk::json::object({{"a", blk::json::array({1})}});
    EXPECT_FALSE(object["x"].present());
    EXPECT_TRUE(object["x"]["y"].at(3).is_null());
    EXPECT_EQ(object["a"].at(0).as_int(), 1);
    EXPECT_FALSE(object["a"].at(1).present());
    EXPECT_EQ(object["x"].size(), 0u);
}

TEST(TapeTest, BuildingInTheWrongOrderThrows) {
    EXPECT_THROW(blk::tape().object().integer(1), blk::error);
    EXPECT_THROW(blk::tape().array().key("a"), blk::error);
    EXPECT_THROW(blk::tape().end(), blk::error);
    EXPECT_THROW(blk::tape().object().key("a").end(), blk::error);
    EXPECT_THROW(blk::tape().integer(1).integer(2), blk::error);
    EXPECT_THROW(blk::tape().array().raw(), blk::error);
}

TEST(TapeTest, CopiesOfPartsKeepTheirShape) {
    Value value = ParseJson(R"({"a":{"b":[1,{"c":2}]}})").value();
    blk::tape tape;
    tape.array().copy(blk::view(value->tape())["a"]).copy(blk::view()).string("end").end();
    EXPECT_EQ(WriteJson(View(tape.raw().tok)), R"([{"b":[1,{"c":2}]},null,"end"])");
}

}  // namespace
}  // namespace yard
