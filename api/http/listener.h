// Listening sockets, and connections out of them.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace yard::http {

// One socket per worker on the same address (SO_REUSEPORT: the kernel spreads the connections). The
// caller owns the descriptors. Port 0: the system picks one for all.
Result<std::vector<int>> Listen(const std::string& address, uint16_t port, int workers);

// The port a socket is bound to.
uint16_t LocalPort(int fd);

// Accepts from one listening socket, and stays sane when the process is out of descriptors: a spare
// one is given up to accept and close the client, since a connection left in the queue would wake
// the worker for ever.
class Acceptor {
public:
    enum class Outcome { kAccepted, kNone, kRefused, kExhausted };
    struct Client {
        int fd = -1;
        std::string address;  // Numeric; IPv4-mapped IPv6 addresses as IPv4.
        uint16_t port = 0;
    };

    explicit Acceptor(int listen_fd);
    ~Acceptor();
    Acceptor(const Acceptor&) = delete;
    Acceptor& operator=(const Acceptor&) = delete;

    int fd() const { return listen_fd_; }

    // kNone: nobody waits. kRefused: a client was closed for want of descriptors. kExhausted: not
    // even that was possible; try again later.
    Outcome Accept(Client& client);
    void Close();

private:
    int listen_fd_;
    int spare_fd_;
};

}  // namespace yard::http
