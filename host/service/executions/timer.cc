#include "host/service/executions/timer.h"

#include <utility>

namespace yard::service {

Timer::Timer() : thread_([this] { Run(); }) {}

Timer::~Timer() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void Timer::After(std::chrono::milliseconds delay, std::function<void()> callback) {
    Due due = std::chrono::steady_clock::now() + delay;
    {
        std::lock_guard lock(mutex_);
        pending_.emplace(due, std::move(callback));
    }
    changed_.notify_one();
}

void Timer::Run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (pending_.empty()) {
            changed_.wait(lock);
            continue;
        }
        Due due = pending_.begin()->first;
        if (std::chrono::steady_clock::now() < due) {
            changed_.wait_until(lock, due);
            continue;
        }
        auto entry = pending_.extract(pending_.begin());
        lock.unlock();
        entry.mapped()();
        lock.lock();
    }
}

}  // namespace yard::service
