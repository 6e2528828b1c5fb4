// One request from its start to OnEnd, with its redirects.

#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "host/net/connection.h"
#include "host/net/connection_pool.h"
#include "host/net/gzip_decoder.h"
#include "host/net/http_response_parser.h"
#include "host/net/interruption.h"
#include "host/net/outbound_policy.h"
#include "host/net/sink_gate.h"
#include "host/net/sse_parser.h"
#include "host/plugin/http_client.h"

namespace yard::net {

// What all exchanges of a client share; outlives them.
struct HttpNetwork {
    const OutboundPolicy& policy;
    Connector& connector;
    ConnectionPool& pool;
};

class HttpExchange {
public:
    // request.response_bytes_max: already the limit that counts.
    HttpExchange(plugin::HttpRequest request, std::shared_ptr<plugin::HttpSink> sink);
    HttpExchange(const HttpExchange&) = delete;
    HttpExchange& operator=(const HttpExchange&) = delete;

    // Blocks until the sink got its OnEnd, or nothing more after Abandon(). Once, by one thread.
    void Run(const HttpNetwork& network);

    // From any thread, before, during or after Run(). The first reason counts.
    void Fail(Error reason);
    void Abandon();

private:
    struct Redirect {
        int status;
        std::string location;
    };
    class Lease;

    Result<Ok> Perform(const HttpNetwork& network);
    // Requests one URL; the redirect to follow, if there is one.
    Result<std::optional<Redirect>> Fetch(const HttpNetwork& network, const Url& url);
    Result<bool> FetchOver(Lease& lease, const Url& url);
    Result<Ok> OnHead(const HttpHead& head, const Url& url);
    Result<Ok> OnBody(std::string_view chunk);
    Result<Ok> OnDecoded(std::string_view chunk);

    plugin::HttpRequest request_;
    SinkGate gate_;
    Interruption interruption_;
    std::atomic<bool> is_abandoned_{false};
    std::mutex mutex_;
    std::optional<Error> reason_;  // Guarded by mutex_.

    // Of the answer that is being read; only Run() touches them.
    std::optional<Redirect> redirect_;
    std::unique_ptr<GzipDecoder> gzip_;
    std::unique_ptr<SseParser> sse_;
    uint64_t body_bytes_ = 0;
    bool is_gate_open_ = true;
};

}  // namespace yard::net
