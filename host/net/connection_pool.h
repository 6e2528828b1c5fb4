#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "host/net/connection.h"

namespace yard::net {

// Open connections that wait for their next request, by origin. Bounded in number and in time.
// Thread-safe.
class ConnectionPool {
public:
    explicit ConnectionPool(size_t per_origin_max) : per_origin_max_(per_origin_max) {}

    // The one used last that is still good, or nothing.
    std::unique_ptr<Connection> Take(const std::string& origin);
    // Closes it instead if there are enough.
    void Put(const std::string& origin, std::unique_ptr<Connection> connection);
    void CloseExpired();

private:
    using Time = std::chrono::steady_clock::time_point;
    struct Idle {
        std::unique_ptr<Connection> connection;
        Time since;
    };

    const size_t per_origin_max_;
    std::mutex mutex_;
    std::map<std::string, std::deque<Idle>> idle_;  // Of one origin: the longest waiting first.
    size_t count_ = 0;
};

}  // namespace yard::net
