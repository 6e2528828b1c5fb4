#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace yard {
namespace {

Result<int> Half(int number) {
    if (number % 2 != 0) return Invalid(std::to_string(number) + " is odd");
    return number / 2;
}

Result<std::string> Quarter(int number) {
    const int half = TRY(Half(number));
    return std::to_string(TRY(Half(half)));
}

Result<Ok> Check(int number) {
    TRY(Half(number));
    return Ok{};
}

TEST(ResultTest, HoldsAValueOrAnError) {
    EXPECT_TRUE(Half(4).ok());
    EXPECT_EQ(Half(4).value(), 2);
    EXPECT_FALSE(Half(3));
    EXPECT_EQ(Half(3).error().kind, ErrorKind::kInvalid);
    EXPECT_EQ(Half(3).error().message, "3 is odd");
}

TEST(ResultTest, TryUnwrapsOrReturnsTheFirstError) {
    EXPECT_EQ(Quarter(8).value(), "2");
    EXPECT_EQ(Quarter(6).error().message, "3 is odd");
    EXPECT_EQ(Quarter(5).error().message, "5 is odd");
    EXPECT_TRUE(Check(2).ok());
    EXPECT_FALSE(Check(1).ok());
}

TEST(ResultTest, CarriesValuesThatCanOnlyMove) {
    Result<std::unique_ptr<int>> result(std::make_unique<int>(7));
    const std::unique_ptr<int> value = std::move(result).value();
    EXPECT_EQ(*value, 7);
}

TEST(ResultTest, ErrorHelpersSetTheirKind) {
    EXPECT_EQ(NotFound("x").kind, ErrorKind::kNotFound);
    EXPECT_EQ(NotAllowed("x").kind, ErrorKind::kNotAllowed);
    EXPECT_EQ(Unavailable("x").kind, ErrorKind::kUnavailable);
    EXPECT_EQ(Internal("x").kind, ErrorKind::kInternal);
    EXPECT_EQ(Internal("x").detail_json, "");
}

}  // namespace
}  // namespace yard
