// HttpClient: requests to the outside world on behalf of blocks. host/net implements it; whoever
// sends requests depends on this header only.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace yard::plugin {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
    std::string method = "GET";
    std::string url;  // http:// or https://, without user and password.
    HttpHeaders headers;
    std::string body;
    uint64_t timeout_ms = 0;          // For all of it, redirects included; 0 = the client's limit.
    uint64_t response_bytes_max = 0;  // Of the decoded body; 0 = the client's limit.
    // Deliver a successful text/event-stream answer as one OnData per event, its data lines joined
    // with '\n'. Any other answer is delivered as plain chunks.
    bool sse = false;
    bool follow_redirects = true;
};

// Receives one answer: OnHead once, OnData any number of times, OnEnd exactly once as the last
// call; OnEnd alone if there was no answer. Calls come from the client's threads, one at a time
// per request, and may block: that slows the sender down, nothing else. They must not throw.
class HttpSink {
public:
    virtual ~HttpSink() = default;
    // Header names in lower case, repeated ones joined with ", ". final_url: after redirects.
    virtual void OnHead(int status, const HttpHeaders& headers, const std::string& final_url) = 0;
    virtual void OnData(std::string_view chunk) = 0;
    // Ok: the answer is complete, whatever its status. Error: why not, in one sentence.
    virtual void OnEnd(Result<Ok> outcome) = 0;
};

// Thread-safe.
class HttpClient {
public:
    virtual ~HttpClient() = default;
    // Never blocks and never fails: faults of the request arrive at the sink as OnEnd. The client
    // shares the sink with the caller until OnEnd or Cancel has returned. The id is never 0.
    virtual uint64_t Start(HttpRequest request, std::shared_ptr<HttpSink> sink) = 0;
    // After it returned, the sink of this request is not called any more, not even with OnEnd.
    // Waits for a call that is under way, unless made from within that call. Unknown and finished
    // ids are ignored.
    virtual void Cancel(uint64_t id) = 0;
};

}  // namespace yard::plugin
