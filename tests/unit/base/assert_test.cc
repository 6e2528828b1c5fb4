#include "base/assert.h"

#include <gtest/gtest.h>

namespace yard {
namespace {

TEST(AssertTest, TrueExpressionIsEvaluatedOnce) {
    int count = 0;
    ASSERT(++count == 1);
    EXPECT_EQ(count, 1);
}

TEST(AssertDeathTest, FalseExpressionEndsTheProcessAndIsNamed) {
    const int zero = 0;
    EXPECT_DEATH(ASSERT(zero == 1), "zero == 1");
}

}  // namespace
}  // namespace yard
