#pragma once

#include <mutex>

namespace yard::net {

// Ends blocking socket calls of one thread from another: a shut-down socket reports its end at
// once. Thread-safe.
class Interruption {
public:
    // From now on and for good. Wakes the thread that uses the watched socket.
    void Trigger();
    bool is_triggered() const;

    // By the thread that uses the socket: while it is watched, the socket must stay open.
    void Watch(int socket);
    void Unwatch();

private:
    mutable std::mutex mutex_;
    int socket_ = -1;
    bool is_triggered_ = false;
};

}  // namespace yard::net
