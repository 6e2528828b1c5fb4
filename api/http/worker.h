// One thread with its own reactor, listening socket and connections.

#pragma once

#include <atomic>
#include <chrono>
#include <memory>

#include "api/http/connection.h"

namespace yard::http {

// What the workers of one server share.
struct ServerShared {
    const ServerOptions options;
    const Handler handler;
    std::atomic<size_t> connections_open = 0;
};

// The public functions may be called by any thread; Stop() and the destructor by the owner only.
class Worker {
public:
    // Takes over the listening socket. `shared` must outlive the worker.
    static Result<std::unique_ptr<Worker>> Start(ServerShared& shared, int listen_fd);
    virtual ~Worker() = default;  // As Stop().

    // Stops accepting and closes idle connections.
    virtual void Drain() = 0;
    // After Drain(): true once no connection is left, false at the deadline.
    virtual bool WaitDrained(std::chrono::steady_clock::time_point deadline) = 0;
    // Closes every connection and ends the thread.
    virtual void Stop() = 0;
    virtual const WorkerCounters& counters() const = 0;
};

}  // namespace yard::http
