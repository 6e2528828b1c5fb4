#include "plugins/time/clock_format.h"

#include <date/tz.h>
#include <blk/blk.hpp>

#include <array>
#include <cstdio>
#include <ctime>
#include <stdexcept>

namespace clock_format {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::microseconds;
using std::chrono::seconds;
using std::chrono::year_month_day;

constexpr int64_t days_back_max = 4'000'000;  // Some more than the years 1 to 9999 have.
constexpr size_t format_bytes_max = 1000;
constexpr std::string_view flags = "-_0^#";
constexpr std::string_view conversions = "aAbBcCdDeFgGhHIjklmMnprRStTuUVwWxXyYzZ%";

const date::time_zone* find_zone(std::string_view name) {
    try {
        return date::locate_zone(std::string(name));
    } catch (const std::runtime_error&) {
        blk::fail("the time zone '" + std::string(name) + "' is unknown");
    }
}

std::string digits(int64_t number, int width) {
    std::array<char, 24> text{};
    std::snprintf(text.data(), text.size(), "%0*lld", width, static_cast<long long>(number));
    return text.data();
}

}  // namespace

local_time::local_time(moment now, std::string_view zone, int64_t days_back) {
    const date::sys_info info = find_zone(zone)->get_info(now);
    offset_ = info.offset;
    zone_name_ = info.abbrev;
    const auto local = floor<microseconds>(now) + offset_;
    const auto today = floor<days>(local);
    time_of_day_ = local - today;
    if (days_back < -days_back_max || days_back > days_back_max)
        blk::fail("the offset in days is too large");
    date_ = today - days(days_back);
    const auto year = year_month_day(date_).year();
    if (year < std::chrono::year(1) || year > std::chrono::year(9999)) {
        blk::fail("the offset in days leaves the years 1 to 9999");
    }
}

std::string local_time::iso_date() const {
    const year_month_day d(date_);
    return digits(static_cast<int>(d.year()), 4) + "-" +
           digits(static_cast<unsigned>(d.month()), 2) + "-" +
           digits(static_cast<unsigned>(d.day()), 2);
}

std::string local_time::iso_time(bool microseconds) const {
    const std::chrono::hh_mm_ss time(time_of_day_);
    std::string text = "T" + digits(time.hours().count(), 2) + ":" +
                       digits(time.minutes().count(), 2) + ":" + digits(time.seconds().count(), 2);
    if (microseconds) text += "." + digits(time.subseconds().count(), 6);
    const int64_t minutes = std::chrono::abs(offset_).count() / 60;
    text += offset_ < seconds(0) ? "-" : "+";
    return text + digits(minutes / 60, 2) + ":" + digits(minutes % 60, 2);
}

// Conversions are made one by one, so the length of each is known to be small.
void local_time::append_conversion(std::string& out, std::string_view conversion) const {
    const std::chrono::hh_mm_ss time(time_of_day_);
    const year_month_day d(date_);
    if (conversion == "%f") {
        out += digits(time.subseconds().count(), 6);
        return;
    }
    std::tm tm{};
    tm.tm_year = static_cast<int>(d.year()) - 1900;
    tm.tm_mon = static_cast<int>(static_cast<unsigned>(d.month())) - 1;
    tm.tm_mday = static_cast<int>(static_cast<unsigned>(d.day()));
    tm.tm_hour = static_cast<int>(time.hours().count());
    tm.tm_min = static_cast<int>(time.minutes().count());
    tm.tm_sec = static_cast<int>(time.seconds().count());
    tm.tm_wday = static_cast<int>(std::chrono::weekday(date_).c_encoding());
    const std::chrono::sys_days new_year = d.year() / 1 / 1;
    tm.tm_yday = static_cast<int>((date_ - new_year).count());
    tm.tm_gmtoff = offset_.count();
    tm.tm_zone = zone_name_.c_str();
    std::array<char, 128> text{};
    out.append(text.data(),
               std::strftime(text.data(), text.size(), std::string(conversion).c_str(), &tm));
}

std::string local_time::strftime(std::string_view format) const {
    if (format.size() > format_bytes_max) {
        blk::fail("the format must not exceed " + std::to_string(format_bytes_max) + " bytes");
    }
    std::string out;
    while (!format.empty()) {
        const size_t literal = std::min(format.find('%'), format.size());
        out += format.substr(0, literal);
        format.remove_prefix(literal);
        if (format.empty()) break;
        size_t length = 1;
        if (length < format.size() && flags.find(format[length]) != flags.npos) ++length;
        const bool is_fraction = length == 1 && format.substr(1).starts_with('f');
        if (length == format.size() ||
            (!is_fraction && conversions.find(format[length]) == conversions.npos)) {
            blk::fail("the format has no conversion '" + std::string(format.substr(0, length + 1)) +
                      "'; write %% for a percent sign");
        }
        append_conversion(out, format.substr(0, length + 1));
        format.remove_prefix(length + 1);
    }
    return out;
}

}  // namespace clock_format
