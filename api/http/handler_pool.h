// Threads for handlers that block: database calls, hashing, large JSON.

#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "api/http/responder.h"

namespace yard::http {

// Thread-safe. Bounded: when `queue_max` requests wait, further ones are answered 503 with
// Retry-After at once.
class HandlerPool {
public:
    HandlerPool(int threads, size_t queue_max);
    // Drops what is queued (answered 500 by the responders) and waits for the running handlers.
    ~HandlerPool();
    HandlerPool(const HandlerPool&) = delete;
    HandlerPool& operator=(const HandlerPool&) = delete;

    // Calls handler(request, responder) on a thread of the pool. Never blocks.
    void Run(Request&& request, Responder responder, Handler handler);

    size_t queued() const;

private:
    struct Call {
        Request request;
        Responder responder;
        Handler handler;
    };

    void Work();

    const size_t queue_max_;
    mutable std::mutex mutex_;
    std::condition_variable work_or_stop_;
    std::deque<Call> queue_;  // Guarded by mutex_.
    bool stopping_ = false;   // Guarded by mutex_.
    std::vector<std::thread> threads_;
};

// Calls the handler and turns whatever it throws into a log line; the responder's destructor then
// answers 500. For code that runs handlers elsewhere.
void CallHandler(const Handler& handler, Request&& request, Responder responder);

}  // namespace yard::http
