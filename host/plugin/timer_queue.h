#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

#include "base/clock.h"

namespace yard::plugin {

// Calls functions at a time of the monotonic clock, all on one thread of its own: they must be
// short. Thread-safe.
class TimerQueue {
public:
    explicit TimerQueue(const Clock& clock);
    // Waits for the function that is running; what is not due yet is dropped.
    ~TimerQueue();
    TimerQueue(const TimerQueue&) = delete;
    TimerQueue& operator=(const TimerQueue&) = delete;

    // The id is never 0.
    uint64_t Add(int64_t due_ns, std::function<void()> action);
    // Does not wait for an action that is under way. Unknown ids are ignored.
    void Cancel(uint64_t id);

private:
    using Key = std::pair<int64_t, uint64_t>;  // Due time, id.

    void Run();

    const Clock& clock_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<Key, std::function<void()>> pending_;  // Guarded by mutex_, like the rest.
    std::unordered_map<uint64_t, int64_t> due_ns_;  // Of the pending ones.
    uint64_t next_id_ = 1;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace yard::plugin
