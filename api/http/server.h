// The HTTP/1.1 listener.

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "api/http/responder.h"
#include "base/result.h"

namespace yard::http {

struct ServerOptions {
    std::string address =
        "127.0.0.1";    // An IPv4 or IPv6 literal; "0.0.0.0" or "::" for every interface.
    uint16_t port = 0;  // 0: the system picks one, see Server::port().
    int workers = 2;    // Threads, each with its own share of the connections.
    size_t connections_max = 10000;  // Over all workers; more are answered 503 and closed.

    size_t url_bytes_max = 8192;       // 414
    size_t header_bytes_max = 16384;   // Request line and all fields: 431
    size_t header_fields_max = 100;    // 431
    size_t body_bytes_max = 16 << 20;  // 413
    size_t stream_buffer_bytes_max = 1 << 20;

    std::chrono::milliseconds header_timeout{10000};  // First to last byte of a head: 408
    std::chrono::milliseconds body_timeout{30000};    // For every 16 KiB of a body: 408
    std::chrono::milliseconds idle_timeout{75000};    // Between two requests: closed silently
    std::chrono::milliseconds write_timeout{30000};   // The client takes not one byte: closed
};

struct ServerStats {
    uint64_t connections_open = 0;
    uint64_t connections_accepted = 0;
    uint64_t connections_refused = 0;  // Over connections_max, or no file descriptor left.
    uint64_t requests = 0;             // Handed to the handler.
    uint64_t requests_refused = 0;     // Answered 4xx or 5xx before the handler saw them.
    uint64_t timeouts = 0;             // Connections closed by one of the time-outs.
};

// Start, Stop and the destructor belong to one thread; port() and stats() may be called by any.
class Server {
public:
    // Listens and serves when it returns. Fails with a sentence that names the address and the
    // reason.
    static Result<std::unique_ptr<Server>> Start(ServerOptions options, Handler handler);
    virtual ~Server() = default;  // As Stop(0).

    virtual uint16_t port() const = 0;
    virtual ServerStats stats() const = 0;

    // Stops listening, closes idle connections, lets answers in flight finish until `grace` is
    // over, then closes the rest. Responders that are still alive may be used afterwards; their
    // answers go nowhere.
    virtual void Stop(std::chrono::milliseconds grace) = 0;
};

}  // namespace yard::http
