#include "plugins/time/clock_format.h"

#include <gtest/gtest.h>

#include <blk/blk.hpp>

namespace {

using clock_format::local_time;
using clock_format::moment;

// 2025-06-01 22:30:05.123456 UTC, a Sunday.
moment Summer() { return moment(std::chrono::microseconds(1'748'817'005'123'456)); }

TEST(ClockFormatTest, IsoFormCarriesTheOffsetOfTheSeason) {
    EXPECT_EQ(local_time(Summer(), "UTC").iso_date_time(false), "2025-06-01T22:30:05+00:00");
    EXPECT_EQ(local_time(Summer(), "Europe/Paris").iso_date_time(false),
              "2025-06-02T00:30:05+02:00");
    const moment winter = Summer() + std::chrono::hours(24 * 200);
    EXPECT_EQ(local_time(winter, "Europe/Paris").iso_date_time(false), "2025-12-18T23:30:05+01:00");
    EXPECT_EQ(local_time(Summer(), "America/St_Johns").iso_time(true), "T20:00:05.123456-02:30");
    EXPECT_EQ(local_time(Summer(), "Etc/GMT+12").iso_date_time(false), "2025-06-01T10:30:05-12:00");
}

TEST(ClockFormatTest, DaysAreTakenOffTheLocalDate) {
    EXPECT_EQ(local_time(Summer(), "Asia/Tokyo", 1).iso_date(), "2025-06-01");
    EXPECT_EQ(local_time(Summer(), "UTC", -30).iso_date(), "2025-07-01");
    EXPECT_EQ(local_time(Summer(), "UTC", 365).iso_date(), "2024-06-01");
}

TEST(ClockFormatTest, ConversionsSeeTheLocalTime) {
    const local_time tokyo(Summer(), "Asia/Tokyo");
    EXPECT_EQ(tokyo.strftime("%Y-%m-%d %H:%M:%S.%f"), "2025-06-02 07:30:05.123456");
    EXPECT_EQ(tokyo.strftime("%A %d %B %j %Z %z %p %I"), "Monday 02 June 153 JST +0900 AM 07");
    EXPECT_EQ(tokyo.strftime("%-d/%-m %% é"), "2/6 % é");
    EXPECT_EQ(tokyo.strftime(""), "");
    EXPECT_EQ(tokyo.strftime("%F %T"), "2025-06-02 07:30:05");
}

TEST(ClockFormatTest, UnknownConversionsAreNamed) {
    const local_time utc(Summer(), "UTC");
    for (const char* format : {"%", "abc%", "%Q", "%-", "%E", "%5d", "%-f", "%é"}) {
        SCOPED_TRACE(format);
        EXPECT_THROW((void)utc.strftime(format), blk::error);
    }
    EXPECT_THROW((void)utc.strftime(std::string(1001, 'x')), blk::error);
}

TEST(ClockFormatTest, UnknownZonesAndFarDatesAreRefused) {
    EXPECT_THROW(local_time(Summer(), "Mars/Olympus"), blk::error);
    EXPECT_THROW(local_time(Summer(), "../../etc/passwd"), blk::error);
    EXPECT_THROW(local_time(Summer(), ""), blk::error);
    EXPECT_THROW(local_time(Summer(), "UTC", 800'000), blk::error);
    EXPECT_THROW(local_time(Summer(), "UTC", -3'000'000), blk::error);
    EXPECT_THROW(local_time(Summer(), "UTC", INT64_MAX), blk::error);
    EXPECT_THROW(local_time(Summer(), "UTC", INT64_MIN), blk::error);
}

}  // namespace
