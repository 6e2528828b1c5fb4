#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "config/settings.h"
#include "host/net/outbound_policy.h"
#include "host/plugin/http_client.h"

namespace yard::net {

struct HttpClientOptions {
    config::OutboundSettings settings;
    Resolver resolver = ResolveWithSystem;
    std::string ca_file = {};  // PEM; empty = the system's certificate authorities.
};

// The client over real sockets: a thread per request in flight (bounded, the others wait), kept
// connections, and one thread that watches the deadlines. Its destructor ends what is under way
// with kCancelled and waits for its threads; no sink may be waiting for the destructor's caller.
Result<std::unique_ptr<plugin::HttpClient>> MakeHttpClient(HttpClientOptions options);

}  // namespace yard::net
