// Time as the host uses it. Code takes a Clock, so that tests decide what time it is.

#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace yard {

// UTC, milliseconds since 1970-01-01: the precision of the database and of the wire.
struct Timestamp {
    int64_t ms = 0;

    friend auto operator<=>(const Timestamp&, const Timestamp&) = default;
};

// Thread-safe.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Timestamp Now() const = 0;
    virtual int64_t MonotonicNs() const = 0;  // CLOCK_MONOTONIC; for durations and deadlines.
};

class SystemClock final : public Clock {
public:
    Timestamp Now() const override;
    int64_t MonotonicNs() const override;
};

// "2025-01-01T00:00:00Z", with exactly six digits of fraction when it is not zero.
std::string FormatIso(Timestamp time);
// The same instant with "+00:00" instead of "Z".
std::string FormatIsoOffset(Timestamp time);
// Accepts what FormatIso writes, any offset, and 0 to 9 digits of fraction (cut to milliseconds).
Result<Timestamp> ParseIso(std::string_view text);

}  // namespace yard
