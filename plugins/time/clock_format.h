// A moment as people in a time zone write it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace clock_format {

using moment = std::chrono::system_clock::time_point;

// The broken-down local time of a moment.
class local_time {
public:
    // `zone` is a name of the IANA database; days_back days are taken off the calendar date, the
    // time of day stays. Throws blk::error for an unknown zone and a date outside of years 1 to
    // 9999.
    local_time(moment now, std::string_view zone, int64_t days_back = 0);

    // strftime(3), and %f for microseconds. Throws blk::error for a conversion that does not exist.
    std::string strftime(std::string_view format) const;
    // 2025-06-01, T14:30:00+02:00 and both together.
    std::string iso_date() const;
    std::string iso_time(bool microseconds) const;
    std::string iso_date_time(bool microseconds) const {
        return iso_date() + iso_time(microseconds);
    }

private:
    void append_conversion(std::string& out, std::string_view conversion) const;

    std::chrono::sys_days date_;
    std::chrono::microseconds time_of_day_{};
    std::chrono::seconds offset_{};  // East of Greenwich.
    std::string zone_name_;          // As "CEST".
};

}  // namespace clock_format
