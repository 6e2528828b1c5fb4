#include "host/auth/rate_limiter.h"

#include <gtest/gtest.h>

#include "tests/fakes/fake_clock.h"

namespace yard::auth {
namespace {

using std::chrono::seconds;

TEST(RateLimiterTest, RefusesTheEventAfterTheLast) {
    fakes::FakeClock clock;
    RateLimiter limiter(clock, 2, seconds(60));
    EXPECT_TRUE(limiter.Allow("a"));
    EXPECT_TRUE(limiter.Allow("a"));
    EXPECT_FALSE(limiter.Allow("a"));
    EXPECT_TRUE(limiter.Allow("b"));
}

TEST(RateLimiterTest, AWindowEnds) {
    fakes::FakeClock clock;
    RateLimiter limiter(clock, 1, seconds(60));
    EXPECT_TRUE(limiter.Allow("a"));
    clock.Advance(seconds(59));
    EXPECT_FALSE(limiter.Allow("a"));
    clock.Advance(seconds(1));
    EXPECT_TRUE(limiter.Allow("a"));
}

TEST(RateLimiterTest, ForgetsTheKeySeenLongestAgo) {
    fakes::FakeClock clock;
    RateLimiter limiter(clock, 1, seconds(60), 2);
    EXPECT_TRUE(limiter.Allow("a"));
    EXPECT_TRUE(limiter.Allow("b"));
    EXPECT_FALSE(limiter.Allow("a"));
    EXPECT_TRUE(limiter.Allow("c"));  // Pushes b out.
    EXPECT_FALSE(limiter.Allow("a"));
    EXPECT_TRUE(limiter.Allow("b"));
}

}  // namespace
}  // namespace yard::auth
