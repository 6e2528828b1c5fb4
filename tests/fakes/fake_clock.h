#pragma once

#include <atomic>
#include <chrono>

#include "base/clock.h"

namespace yard::fakes {

// Stands still until a test moves it. Thread-safe.
class FakeClock final : public Clock {
public:
    explicit FakeClock(Timestamp start = {1'700'000'000'000}) : start_(start) {}

    Timestamp Now() const override { return {start_.ms + elapsed_ns_.load() / 1'000'000}; }
    int64_t MonotonicNs() const override { return elapsed_ns_.load() + 1; }

    void Advance(std::chrono::nanoseconds time) { elapsed_ns_ += time.count(); }

private:
    const Timestamp start_;
    std::atomic<int64_t> elapsed_ns_{0};
};

}  // namespace yard::fakes
