// Blocks that tell the date and the time in a zone.
#include "plugins/time/blocks.h"
#include "plugins/time/clock_format.h"

#include <charconv>
#include <string>
#include <variant>

namespace {

using clock_format::local_time;

// One zone for each offset that people live in.
using timezone_name = blk::choice<
    "", "UTC", "Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Denver",
    "America/Chicago", "America/New_York", "America/Caracas", "America/Sao_Paulo",
    "America/St_Johns", "Atlantic/South_Georgia", "Atlantic/Azores", "Europe/London",
    "Europe/Paris", "Europe/Athens", "Europe/Moscow", "Asia/Tehran", "Asia/Dubai", "Asia/Kabul",
    "Asia/Karachi", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Dhaka", "Asia/Yangon", "Asia/Bangkok",
    "Asia/Shanghai", "Australia/Eucla", "Asia/Tokyo", "Australia/Adelaide", "Australia/Sydney",
    "Australia/Lord_Howe", "Pacific/Noumea", "Pacific/Auckland", "Pacific/Chatham",
    "Pacific/Tongatapu", "Pacific/Kiritimati", "Etc/GMT-12", "Etc/GMT+12">;

template <blk::lit Title, blk::lit Format>
struct strftime_format {
    blk::constant<"strftime"> discriminator;
    blk::defaulted<std::string> format = std::string(Format.sv());
    blk::defaulted<timezone_name> timezone = "UTC";
    blk::defaulted<bool> use_user_timezone = false;
    BLK_MODEL(Title.text, discriminator, format, timezone, use_user_timezone)
};

template <blk::lit Title>
struct iso_format {
    blk::constant<"iso8601"> discriminator;
    blk::defaulted<timezone_name> timezone = "UTC";
    blk::defaulted<bool> use_user_timezone = false;
    blk::defaulted<bool> include_microseconds = false;
    BLK_MODEL(Title.text, discriminator, timezone, use_user_timezone, include_microseconds)
};

struct iso_date_format {
    blk::constant<"iso8601"> discriminator;
    blk::defaulted<timezone_name> timezone = "UTC";
    blk::defaulted<bool> use_user_timezone = false;
    BLK_MODEL("DateISO8601Format", discriminator, timezone, use_user_timezone)
};

// The zone that a format asks for. Users who never chose one have the text "not-set".
template <class Format>
std::string_view zone_of(const blk::call& c, const Format& format) {
    const blk::view own = c.context("user_timezone");
    const bool is_set = own.is_string() && !own.as_string().empty() && own.as_string() != "not-set";
    return format.use_user_timezone && is_set ? own.as_string() : format.timezone->text();
}

// The present moment in the zone and the form that `format` asks for; write_iso makes the other
// form.
template <class Strftime, class Iso, class Union, class WriteIso>
std::string write_now(const blk::call& c, const Union& format, int64_t days_back,
                      WriteIso write_iso) {
    const auto now = std::chrono::system_clock::now();
    if (const auto* text = std::get_if<Strftime>(&format)) {
        return local_time(now, zone_of(c, *text), days_back).strftime(*text->format);
    }
    const auto& iso = std::get<Iso>(format);
    return write_iso(local_time(now, zone_of(c, iso), days_back), iso);
}

struct GetCurrentDate {
    static constexpr const char *id = "b29c1b50-5d0e-4d9f-8f9d-1b0e6fcbf0b1",
                                *name = "GetCurrentDateBlock";
    static constexpr bool pure = true;
    using text_format = strftime_format<"DateStrftimeFormat", "%Y-%m-%d">;
    struct in {
        std::string_view trigger;
        blk::defaulted<std::variant<int64_t, std::string_view>> offset = int64_t{0};
        blk::defaulted<blk::one_of<"discriminator", text_format, iso_date_format>> format_type =
            text_format{};
        BLK_IN(trigger, offset, format_type)
    };
    static constexpr blk::port<std::string> date{
        "date", "Current date in the specified format (default: YYYY-MM-DD)"};
    BLK_OUT(date)

    static void describe(blk::declaration& d) {
        d.category("TEXT").description(
            "This block outputs the current date with an optional offset.");
        d.input("trigger").description("Trigger any data to output the current date");
        d.input("offset").title("Days Offset").description("Offset in days from the current date");
        d.input("format_type")
            .description("Format type for date output (strftime with custom format or ISO 8601)");
    }

    // A text that is no whole number counts as 0.
    static int64_t days_of(const std::variant<int64_t, std::string_view>& offset) {
        if (const auto* number = std::get_if<int64_t>(&offset)) return *number;
        const auto text = std::get<std::string_view>(offset);
        int64_t number = 0;
        const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
        return fault == std::errc() && end == text.data() + text.size() ? number : 0;
    }

    void run(blk::call& c, in i) {
        c.emit(date(write_now<text_format, iso_date_format>(
            c, *i.format_type, days_of(i.offset),
            [](const local_time& now, const iso_date_format&) { return now.iso_date(); })));
    }
};

struct GetCurrentTime {
    static constexpr const char *id = "a892b8d9-3e4e-4e9c-9c1e-75f8efcf1bfa",
                                *name = "GetCurrentTimeBlock";
    static constexpr bool pure = true;
    using text_format = strftime_format<"TimeStrftimeFormat", "%H:%M:%S">;
    using iso = iso_format<"TimeISO8601Format">;
    struct in {
        std::string_view trigger;
        blk::defaulted<blk::one_of<"discriminator", text_format, iso>> format_type = text_format{};
        BLK_IN(trigger, format_type)
    };
    static constexpr blk::port<std::string> time{
        "time", "Current time in the specified format (default: %H:%M:%S)"};
    BLK_OUT(time)

    static void describe(blk::declaration& d) {
        d.category("TEXT").description("This block outputs the current time.");
        d.input("trigger").description("Trigger any data to output the current time");
        d.input("format_type")
            .description("Format type for time output (strftime with custom format or ISO 8601)");
    }

    void run(blk::call& c, in i) {
        c.emit(time(write_now<text_format, iso>(
            c, *i.format_type, 0, [](const local_time& now, const iso& format) {
                return now.iso_time(format.include_microseconds);
            })));
    }
};

struct GetCurrentDateAndTime {
    static constexpr const char *id = "716a67b3-6760-42e7-86dc-18645c6e00fc",
                                *name = "GetCurrentDateAndTimeBlock";
    static constexpr bool pure = true;
    using text_format = strftime_format<"StrftimeFormat", "%Y-%m-%d %H:%M:%S">;
    using iso = iso_format<"ISO8601Format">;
    struct in {
        std::string_view trigger;
        blk::defaulted<blk::one_of<"discriminator", text_format, iso>> format_type = text_format{};
        BLK_IN(trigger, format_type)
    };
    static constexpr blk::port<std::string> date_time{
        "date_time",
        "Current date and time in the specified format (default: YYYY-MM-DD HH:MM:SS)"};
    BLK_OUT(date_time)

    static void describe(blk::declaration& d) {
        d.category("TEXT").description("This block outputs the current date and time.");
        d.input("trigger").description("Trigger any data to output the current date and time");
        d.input("format_type")
            .description(
                "Format type for date and time output (strftime with custom format or ISO "
                "8601/RFC 3339)");
    }

    void run(blk::call& c, in i) {
        c.emit(date_time(write_now<text_format, iso>(
            c, *i.format_type, 0, [](const local_time& now, const iso& format) {
                return now.iso_date_time(format.include_microseconds);
            })));
    }
};

}  // namespace

blk::block_list current_time_blocks() {
    return blk::blocks<GetCurrentDate, GetCurrentTime, GetCurrentDateAndTime>();
}
