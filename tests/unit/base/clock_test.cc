#include "base/clock.h"

#include <gtest/gtest.h>

#include <limits>

namespace yard {
namespace {

// Milliseconds since 1970, or -1 for what is refused.
int64_t Parse(const std::string& text) {
    const auto time = ParseIso(text);
    return time ? time.value().ms : -1;
}

TEST(ClockTest, FormatsWithAFractionOnlyIfThereIsOne) {
    EXPECT_EQ(FormatIso({0}), "1970-01-01T00:00:00Z");
    EXPECT_EQ(FormatIso({1735689600000}), "2025-01-01T00:00:00Z");
    EXPECT_EQ(FormatIso({1735689600001}), "2025-01-01T00:00:00.001000Z");
    EXPECT_EQ(FormatIsoOffset({1735689600999}), "2025-01-01T00:00:00.999000+00:00");
    EXPECT_EQ(FormatIso({951782400000}), "2000-02-29T00:00:00Z");
    EXPECT_EQ(FormatIso({-1}), "1969-12-31T23:59:59.999000Z");
    EXPECT_EQ(FormatIso({-1000}), "1969-12-31T23:59:59Z");
}

TEST(ClockTest, ParsesWhatItFormats) {
    for (const int64_t ms : {int64_t{0}, int64_t{1}, int64_t{-1}, int64_t{1735689600123},
                             int64_t{-62135596800000}, int64_t{253402300799999}}) {
        EXPECT_EQ(Parse(FormatIso({ms})), ms) << FormatIso({ms});
        EXPECT_EQ(Parse(FormatIsoOffset({ms})), ms) << FormatIsoOffset({ms});
    }
}

TEST(ClockTest, ParsesOffsetsAndFractions) {
    const int64_t base = 1735689600000;
    EXPECT_EQ(Parse("2025-01-01T01:30:00+01:30"), base);
    EXPECT_EQ(Parse("2024-12-31T19:00:00-0500"), base);
    EXPECT_EQ(Parse("2025-01-01t00:00:00z"), base);
    EXPECT_EQ(Parse("2025-01-01 00:00:00Z"), base);
    EXPECT_EQ(Parse("2025-01-01T00:00:00.1Z"), base + 100);
    EXPECT_EQ(Parse("2025-01-01T00:00:00.123456789Z"), base + 123);
    EXPECT_EQ(Parse("2025-01-01T00:00:00.9999Z"), base + 999);
    EXPECT_EQ(Parse("2016-12-31T23:59:60Z"), 1483228800000);
}

TEST(ClockTest, RefusesWhatIsNoInstant) {
    for (const std::string text : {"",
                                   "2025",
                                   "2025-01-01",
                                   "2025-01-01T00:00:00",
                                   "2025-01-01T00:00Z",
                                   "2025-13-01T00:00:00Z",
                                   "2025-00-01T00:00:00Z",
                                   "2025-02-29T00:00:00Z",
                                   "2025-01-32T00:00:00Z",
                                   "2025-01-01T24:00:00Z",
                                   "2025-01-01T00:60:00Z",
                                   "2025-01-01T00:00:61Z",
                                   "2025-01-01T00:00:00.Z",
                                   "2025-01-01T00:00:00.1234567890Z",
                                   "2025-01-01T00:00:00+24:00",
                                   "2025-01-01T00:00:00+01:60",
                                   "2025-01-01T00:00:00+1:00",
                                   "2025-01-01T00:00:00+01",
                                   "2025-01-01T00:00:00ZZ",
                                   "2025-01-01T00:00:00Z ",
                                   " 2025-01-01T00:00:00Z",
                                   "-025-01-01T00:00:00Z",
                                   "2025-01-01T-1:00:00Z",
                                   "2025/01/01T00:00:00Z",
                                   "20250101T000000Z",
                                   "now"}) {
        EXPECT_FALSE(ParseIso(text).ok()) << text;
    }
}

TEST(ClockTest, ExtremeTimesDoNotCrashTheFormatter) {
    EXPECT_FALSE(FormatIso({std::numeric_limits<int64_t>::max()}).empty());
    EXPECT_FALSE(FormatIso({std::numeric_limits<int64_t>::min()}).empty());
}

TEST(ClockTest, SystemClockMovesForward) {
    const SystemClock clock;
    EXPECT_GT(clock.Now().ms, 1735689600000);
    const int64_t before = clock.MonotonicNs();
    EXPECT_GE(clock.MonotonicNs(), before);
}

}  // namespace
}  // namespace yard
