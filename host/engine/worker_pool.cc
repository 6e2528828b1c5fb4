#include "host/engine/worker_pool.h"

#include <pthread.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <limits>
#include <list>
#include <mutex>
#include <thread>
#include <utility>

namespace yard::engine {
namespace {

constexpr std::chrono::seconds kIdleTime{10};

void NameThread(const std::string& name) {
    // Linux refuses longer names instead of cutting them.
    pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
}

// Both pools: a fixed one keeps its threads and starts them at once, an elastic one starts a thread
// when nobody is idle and lets it go after a while.
class ThreadPool final : public WorkerPool {
public:
    struct Limits {
        size_t threads_min;
        size_t threads_max;
        size_t queue_max;  // Work beyond what the threads are doing.
    };

    ThreadPool(std::string name, Limits limits) : name_(std::move(name)), limits_(limits) {
        std::lock_guard lock(mutex_);
        while (threads_.size() < limits_.threads_min) StartThread();
    }

    ~ThreadPool() override { Stop(); }

    bool Post(Work work) override {
        std::lock_guard lock(mutex_);
        if (stopping_) return false;
        const bool needs_thread = queue_.size() >= idle_;
        const bool may_grow = running_ < limits_.threads_max;
        if (needs_thread && !may_grow && queue_.size() >= limits_.queue_max) return false;
        queue_.push_back(std::move(work));
        if (needs_thread && may_grow) {
            StartThread();
        } else {
            wake_.notify_one();
        }
        return true;
    }

    void Stop() override {
        std::list<std::thread> threads;
        {
            std::lock_guard lock(mutex_);
            stopping_ = true;
            threads.swap(threads_);
            threads.splice(threads.end(), leavers_);
            wake_.notify_all();
        }
        for (std::thread& thread : threads) thread.join();
    }

private:
    // Requires mutex_.
    void StartThread() {
        JoinLeavers();
        ++running_;
        threads_.emplace_back();
        auto self = std::prev(threads_.end());
        *self = std::thread([this, self] { DoWork(self); });
    }

    void DoWork(std::list<std::thread>::iterator self) {
        NameThread(name_);
        std::unique_lock lock(mutex_);
        while (WaitForWork(lock)) {
            Work work = std::move(queue_.front());
            queue_.pop_front();
            lock.unlock();
            work();
            work = nullptr;  // What it holds is released without the lock.
            lock.lock();
        }
        --running_;
        if (!stopping_) leavers_.splice(leavers_.end(), threads_, self);
    }

    // False: the thread shall end.
    bool WaitForWork(std::unique_lock<std::mutex>& lock) {
        while (queue_.empty()) {
            if (stopping_) return false;
            ++idle_;
            const bool woken = running_ <= limits_.threads_min
                                   ? (wake_.wait(lock), true)
                                   : wake_.wait_for(lock, kIdleTime) == std::cv_status::no_timeout;
            --idle_;
            if (!woken && queue_.empty() && running_ > limits_.threads_min) return false;
        }
        return true;
    }

    // Requires mutex_. Threads that left have released the mutex, or are about to: joining is
    // short.
    void JoinLeavers() {
        for (std::thread& thread : leavers_) thread.join();
        leavers_.clear();
    }

    const std::string name_;
    const Limits limits_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Work> queue_;
    std::list<std::thread> threads_;
    std::list<std::thread> leavers_;  // Ended by themselves, not joined yet.
    size_t running_ = 0;
    size_t idle_ = 0;
    bool stopping_ = false;
};

}  // namespace

std::unique_ptr<WorkerPool> MakeStepPool(std::string name, size_t threads) {
    constexpr size_t kNoLimit = std::numeric_limits<size_t>::max();
    return std::make_unique<ThreadPool>(std::move(name),
                                        ThreadPool::Limits{threads, threads, kNoLimit});
}

std::unique_ptr<WorkerPool> MakeElasticPool(std::string name, size_t threads_max,
                                            size_t queue_max) {
    return std::make_unique<ThreadPool>(std::move(name),
                                        ThreadPool::Limits{0, threads_max, queue_max});
}

}  // namespace yard::engine
