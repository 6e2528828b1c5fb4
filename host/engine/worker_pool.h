#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace yard::engine {

// Threads that run short closures in the order they were posted. Thread-safe.
class WorkerPool {
public:
    using Work = std::function<void()>;

    virtual ~WorkerPool() = default;

    // False when the queue is full or the pool stops; the work is not taken then.
    virtual bool Post(Work work) = 0;
    // Stops taking work, runs what is queued, joins the threads.
    virtual void Stop() = 0;
};

// A fixed number of threads: for steps that never block. `name` appears in debuggers (at most 15
// characters).
std::unique_ptr<WorkerPool> MakeStepPool(std::string name, size_t threads);

// Grows up to `threads_max` and shrinks when idle: for work that blocks its thread. Posting beyond
// that queues up to `queue_max`.
std::unique_ptr<WorkerPool> MakeElasticPool(std::string name, size_t threads_max, size_t queue_max);

}  // namespace yard::engine
