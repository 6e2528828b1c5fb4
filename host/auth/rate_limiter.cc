#include "host/auth/rate_limiter.h"

namespace yard::auth {

RateLimiter::RateLimiter(const Clock& clock, size_t count_max, std::chrono::milliseconds window,
                         size_t keys_max)
    : clock_(clock),
      count_max_(count_max),
      window_ns_(std::chrono::nanoseconds(window).count()),
      keys_max_(keys_max) {}

bool RateLimiter::Allow(const std::string& key) {
    const int64_t now = clock_.MonotonicNs();
    const std::lock_guard lock(mutex_);
    if (const auto found = index_.find(key); found != index_.end()) {
        windows_.splice(windows_.begin(), windows_, found->second);
    } else {
        if (windows_.size() >= keys_max_) {
            index_.erase(windows_.back().key);
            windows_.pop_back();
        }
        windows_.push_front({key, now, 0});
        index_[key] = windows_.begin();
    }
    Window& window = windows_.front();
    if (now - window.start_ns >= window_ns_) window = {key, now, 0};
    if (window.count >= count_max_) return false;
    ++window.count;
    return true;
}

}  // namespace yard::auth
