// TCP and TLS connections to one server. Poco's sockets, hidden.

#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "host/net/interruption.h"
#include "host/net/outbound_policy.h"

namespace yard::net {

// Used by one thread at a time. Blocking; an Interruption that watches socket() ends the waiting.
class Connection {
public:
    virtual ~Connection() = default;
    virtual Result<Ok> Send(std::string_view bytes) = 0;
    // Waits for at least one byte; 0 = the server closed the connection.
    virtual Result<size_t> Receive(char* buffer, size_t size) = 0;
    virtual int socket() const = 0;
    // Between two requests: open, and nothing arrived that nobody asked for.
    virtual bool IsIdle() const = 0;
};

// Thread-safe.
class Connector {
public:
    virtual ~Connector() = default;
    // Connects to the first of the addresses that answers; it is watched by `interruption` then.
    // For https the certificate must be valid for the URL's host.
    virtual Result<std::unique_ptr<Connection>> Connect(const Url& url,
                                                        const std::vector<AddressBytes>& addresses,
                                                        Interruption& interruption) = 0;
};

// ca_file: PEM file of the trusted certificate authorities; empty = the system's.
Result<std::unique_ptr<Connector>> MakeConnector(const std::string& ca_file);

}  // namespace yard::net
