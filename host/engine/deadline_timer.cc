#include "host/engine/deadline_timer.h"

#include <pthread.h>

#include <utility>

namespace yard::engine {

DeadlineTimer::DeadlineTimer() : thread_([this] { Loop(); }) {
    pthread_setname_np(thread_.native_handle(), "engine-timer");
}

DeadlineTimer::~DeadlineTimer() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
        wake_.notify_one();
    }
    thread_.join();
}

void DeadlineTimer::After(std::chrono::milliseconds delay, std::function<void()> call) {
    std::lock_guard lock(mutex_);
    calls_.emplace(SteadyClock::now() + delay, std::move(call));
    wake_.notify_one();
}

void DeadlineTimer::Loop() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (calls_.empty()) {
            wake_.wait(lock);
            continue;
        }
        const auto due = calls_.begin()->first;
        if (SteadyClock::now() < due) {
            wake_.wait_until(lock, due);
            continue;
        }
        std::function<void()> call = std::move(calls_.begin()->second);
        calls_.erase(calls_.begin());
        lock.unlock();
        call();
        lock.lock();
    }
}

}  // namespace yard::engine
