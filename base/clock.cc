#include "base/clock.h"

#include <chrono>
#include <cstdio>
#include <ctime>

namespace yard {
namespace {

std::string Format(Timestamp time, const char* suffix) {
    int64_t seconds = time.ms / 1000;
    int64_t millis = time.ms % 1000;
    if (millis < 0) {
        millis += 1000;
        --seconds;
    }
    const std::time_t t = seconds;
    std::tm tm{};
    gmtime_r(&t, &tm);
    char text[64];
    int n = std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d", tm.tm_year + 1900,
                          tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
    std::string result(text, static_cast<size_t>(n));
    if (millis != 0) {
        n = std::snprintf(text, sizeof text, ".%03d000", static_cast<int>(millis));
        result.append(text, static_cast<size_t>(n));
    }
    return result + suffix;
}

// Reads exactly `count` digits at `position` and moves past them; -1 if they are not digits.
int Digits(std::string_view text, size_t& position, size_t count) {
    if (position + count > text.size()) return -1;
    int value = 0;
    for (size_t i = 0; i < count; ++i) {
        const char c = text[position + i];
        if (c < '0' || c > '9') return -1;
        value = value * 10 + (c - '0');
    }
    position += count;
    return value;
}

bool Skip(std::string_view text, size_t& position, std::string_view any_of) {
    if (position >= text.size() || any_of.find(text[position]) == std::string_view::npos) {
        return false;
    }
    ++position;
    return true;
}

// Milliseconds of the fraction at `position`, 0 if there is none; -1 if it is malformed.
int Fraction(std::string_view text, size_t& position) {
    if (!Skip(text, position, ".")) return 0;
    int millis = 0;
    size_t digits = 0;
    while (position < text.size() && text[position] >= '0' && text[position] <= '9') {
        if (digits < 3) millis = millis * 10 + (text[position] - '0');
        ++digits;
        ++position;
    }
    if (digits == 0 || digits > 9) return -1;
    for (; digits < 3; ++digits) millis *= 10;
    return millis;
}

// Minutes east of UTC. False if the text does not end in Z or an offset.
bool Offset(std::string_view text, size_t position, int& minutes) {
    if (position + 1 == text.size() && (text[position] == 'Z' || text[position] == 'z'))
        return true;
    if (position >= text.size() || (text[position] != '+' && text[position] != '-')) return false;
    const int sign = text[position] == '-' ? -1 : 1;
    ++position;
    const int hour = Digits(text, position, 2);
    Skip(text, position, ":");
    const int minute = Digits(text, position, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || position != text.size()) return false;
    minutes = sign * (hour * 60 + minute);
    return true;
}

}  // namespace

Timestamp SystemClock::Now() const {
    using std::chrono::duration_cast, std::chrono::milliseconds, std::chrono::system_clock;
    return {duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count()};
}

int64_t SystemClock::MonotonicNs() const {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

std::string FormatIso(Timestamp time) { return Format(time, "Z"); }

std::string FormatIsoOffset(Timestamp time) { return Format(time, "+00:00"); }

Result<Timestamp> ParseIso(std::string_view text) {
    const Error bad = Invalid("not an ISO 8601 date and time: " + std::string(text.substr(0, 64)));
    size_t p = 0;
    const int year = Digits(text, p, 4);
    if (!Skip(text, p, "-")) return bad;
    const int month = Digits(text, p, 2);
    if (!Skip(text, p, "-")) return bad;
    const int day = Digits(text, p, 2);
    if (!Skip(text, p, "Tt ")) return bad;
    const int hour = Digits(text, p, 2);
    if (!Skip(text, p, ":")) return bad;
    const int minute = Digits(text, p, 2);
    if (!Skip(text, p, ":")) return bad;
    const int second = Digits(text, p, 2);
    const int millis = Fraction(text, p);
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    int offset_minutes = 0;
    if (year < 0 || !date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
        second < 0 || second > 60 || millis < 0 || !Offset(text, p, offset_minutes)) {
        return bad;
    }
    const int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
    const int64_t minutes = days * 1440 + hour * 60 + minute - offset_minutes;
    return Timestamp{(minutes * 60 + second) * 1000 + millis};
}

}  // namespace yard
