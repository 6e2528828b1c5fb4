#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/clock.h"

namespace yard::auth {

// At most `count_max` events per key within `window`, counted in fixed windows that start with a
// key's first event. Remembers a bounded number of keys and forgets the one seen longest ago.
// Thread-safe.
class RateLimiter {
public:
    RateLimiter(const Clock& clock, size_t count_max, std::chrono::milliseconds window,
                size_t keys_max = 100'000);

    // Counts the event. False when it is one too many; such events are not counted.
    bool Allow(const std::string& key);

private:
    struct Window {
        std::string key;
        int64_t start_ns = 0;
        size_t count = 0;
    };

    const Clock& clock_;
    const size_t count_max_;
    const int64_t window_ns_;
    const size_t keys_max_;
    std::mutex mutex_;
    std::list<Window> windows_;  // Most recently seen first. Guarded by mutex_, like the index.
    std::unordered_map<std::string, std::list<Window>::iterator> index_;
};

}  // namespace yard::auth
