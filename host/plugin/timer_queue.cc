#include "host/plugin/timer_queue.h"

#include <pthread.h>

#include <chrono>

namespace yard::plugin {

TimerQueue::TimerQueue(const Clock& clock) : clock_(clock), thread_([this] { Run(); }) {}

TimerQueue::~TimerQueue() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

uint64_t TimerQueue::Add(int64_t due_ns, std::function<void()> action) {
    bool is_first = false;
    uint64_t id = 0;
    {
        const std::lock_guard lock(mutex_);
        id = next_id_++;
        const auto place = pending_.emplace(Key{due_ns, id}, std::move(action)).first;
        due_ns_.emplace(id, due_ns);
        is_first = place == pending_.begin();
    }
    if (is_first) changed_.notify_all();
    return id;
}

void TimerQueue::Cancel(uint64_t id) {
    std::function<void()> dropped;  // Destroyed after the lock is released.
    const std::lock_guard lock(mutex_);
    const auto found = due_ns_.find(id);
    if (found == due_ns_.end()) return;
    const auto entry = pending_.find(Key{found->second, id});
    dropped = std::move(entry->second);
    pending_.erase(entry);
    due_ns_.erase(found);
}

void TimerQueue::Run() {
    pthread_setname_np(pthread_self(), "plugin-timers");
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (pending_.empty()) {
            changed_.wait(lock);
            continue;
        }
        const auto first = pending_.begin();
        const int64_t wait_ns = first->first.first - clock_.MonotonicNs();
        if (wait_ns > 0) {
            changed_.wait_for(lock, std::chrono::nanoseconds(wait_ns));
            continue;
        }
        const std::function<void()> action = std::move(first->second);
        due_ns_.erase(first->first.second);
        pending_.erase(first);
        lock.unlock();
        action();
        lock.lock();
    }
}

}  // namespace yard::plugin
