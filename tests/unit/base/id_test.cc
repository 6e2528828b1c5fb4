#include "base/id.h"

#include <gtest/gtest.h>

#include <type_traits>
#include <unordered_set>

namespace yard {
namespace {

static_assert(!std::is_convertible_v<GraphId, UserId>);
static_assert(!std::is_convertible_v<std::string, UserId>);

TEST(IdTest, ComparesAndHashesByText) {
    EXPECT_EQ(UserId("a"), UserId("a"));
    EXPECT_LT(UserId("a"), UserId("b"));
    EXPECT_TRUE(UserId().empty());
    const std::unordered_set<UserId> ids{UserId("a"), UserId("b"), UserId("a")};
    EXPECT_EQ(ids.size(), 2U);
}

}  // namespace
}  // namespace yard
