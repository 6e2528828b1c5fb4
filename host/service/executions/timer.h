#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace yard::service {

// Runs callbacks after a while, on one thread of its own. Thread-safe.
class Timer {
public:
    Timer();
    // Drops what is not due yet and joins the thread.
    ~Timer();
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    // `callback` must not block.
    void After(std::chrono::milliseconds delay, std::function<void()> callback);

private:
    using Due = std::chrono::steady_clock::time_point;

    void Run();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::multimap<Due, std::function<void()>> pending_;  // Guarded by mutex_.
    bool stopping_ = false;                              // Guarded by mutex_.
    std::thread thread_;
};

}  // namespace yard::service
