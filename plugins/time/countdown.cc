// A block that waits. It holds no thread while it does.
#include "plugins/time/blocks.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <variant>

namespace {

using duration = std::variant<int64_t, std::string_view>;

constexpr int64_t seconds_max = int64_t{366} * 24 * 3600;
constexpr int64_t repeats_max = 10'000;
constexpr int64_t timer_seconds_max = int64_t{7} * 24 * 3600;  // The host's timers end at a month.

int64_t number_of(const duration& value, const char* unit) {
    int64_t number = 0;
    if (const auto* text = std::get_if<std::string_view>(&value)) {
        const char* end = text->data() + text->size();
        const auto [stop, fault] = std::from_chars(text->data(), end, number);
        if (fault != std::errc() || stop != end) {
            blk::fail(std::string(unit) + " must be a whole number");
        }
    } else {
        number = std::get<int64_t>(value);
    }
    if (number < 0) blk::fail(std::string(unit) + " must not be negative");
    // Far above the limit, and small enough that the sum cannot overflow.
    return std::min(number, seconds_max + 1);
}

struct CountdownTimer {
    static constexpr const char *id = "d67a9c52-5e4e-11e2-bcfd-0800200c9a71",
                                *name = "CountdownTimerBlock";
    struct in {
        blk::defaulted<blk::json> input_message = "timer finished";
        blk::defaulted<duration> seconds = int64_t{0};
        blk::defaulted<duration> minutes = int64_t{0};
        blk::defaulted<duration> hours = int64_t{0};
        blk::defaulted<duration> days = int64_t{0};
        blk::defaulted<int64_t> repeat = int64_t{1};
        BLK_IN(input_message, seconds, minutes, hours, days, repeat)

        int64_t total_seconds() const {
            const int64_t total =
                number_of(seconds, "seconds") + number_of(minutes, "minutes") * 60 +
                number_of(hours, "hours") * 3600 + number_of(days, "days") * 24 * 3600;
            if (total > seconds_max) blk::fail("the duration must not exceed 366 days");
            return total;
        }
    };
    static constexpr blk::port<blk::json> output_message{"output_message",
                                                         "Message after the timer finishes"};
    BLK_OUT(output_message)

    static void describe(blk::declaration& d) {
        d.category("TEXT").description("This block triggers after a specified duration.");
        d.input("input_message")
            .description("Message to output after the timer finishes")
            .advanced(false);
        d.input("seconds").description("Duration in seconds").advanced(false);
        d.input("minutes").description("Duration in minutes").advanced(false);
        d.input("hours").description("Duration in hours").advanced(false);
        d.input("days").description("Duration in days").advanced(false);
        d.input("repeat").description("Number of times to repeat the timer");
    }

    blk::task run(blk::call& c, in i) {
        const int64_t total = i.total_seconds();
        if (i.repeat < 0 || i.repeat > repeats_max) {
            blk::fail("repeat must be between 0 and " + std::to_string(repeats_max));
        }
        for (int64_t round = 0; round < i.repeat; ++round) {
            for (int64_t left = total; left > 0; left -= timer_seconds_max) {
                const int64_t part = std::min(left, timer_seconds_max);
                co_await blk::sleep(c, static_cast<uint64_t>(part) * 1000);
            }
            co_yield output_message(*i.input_message);
        }
    }
};

}  // namespace

blk::block_list countdown_blocks() { return blk::blocks<CountdownTimer>(); }
