#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace yard::engine {

// Calls short functions later, on its own thread. Thread-safe.
class DeadlineTimer {
public:
    DeadlineTimer();
    ~DeadlineTimer();  // Calls that are not due yet never come.

    // `call` must not block.
    void After(std::chrono::milliseconds delay, std::function<void()> call);

private:
    using SteadyClock = std::chrono::steady_clock;

    void Loop();

    std::mutex mutex_;
    std::condition_variable wake_;
    std::multimap<SteadyClock::time_point, std::function<void()>> calls_;
    bool stopping_ = false;
    std::thread thread_;  // Last: it uses the others.
};

}  // namespace yard::engine
