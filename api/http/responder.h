// The handler's end of one request: answers exactly once, from any thread.

#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "api/http/request.h"
#include "api/http/response.h"

namespace yard::http {

// Where answers go: the server's connection, or a recorder in tests. Thread-safe. Calls arrive in
// the order Send, or StartStream Write* (Finish or Abort); the server's own accepts any number of
// late calls and drops them.
class ResponseSink {
public:
    virtual ~ResponseSink() = default;
    virtual void Send(Response response) = 0;
    virtual void StartStream(Response head) = 0;
    // False and nothing queued: the client is gone, or too much is waiting for it already.
    virtual bool Write(std::string chunk) = 0;
    virtual void Finish() = 0;
    virtual void Abort() = 0;
    virtual bool closed() const = 0;
    virtual size_t buffered_bytes() const = 0;
};

// An answer of unknown length, for server-sent events and large exports. Movable, used by one
// thread at a time. Destroying it without Finish() cuts the connection, so that the client notices
// the truncation.
class ResponseStream {
public:
    ResponseStream() = default;
    explicit ResponseStream(std::shared_ptr<ResponseSink> sink) : sink_(std::move(sink)) {}
    ResponseStream(ResponseStream&&) noexcept = default;
    ResponseStream& operator=(ResponseStream&& other) noexcept;
    ~ResponseStream();

    // Never blocks. False and nothing queued: the client is gone (closed()), or more than
    // ServerOptions::stream_buffer_bytes_max would wait for it; then drop the chunk or call
    // Abort().
    bool Write(std::string chunk);
    void Finish();
    void Abort();

    // True once the client is gone; also after Finish() and Abort().
    bool closed() const;
    // Accepted by Write() but not yet by the kernel.
    size_t buffered_bytes() const;

private:
    // Owners: this, and the server's connection while it has the request in flight.
    std::shared_ptr<ResponseSink> sink_;
};

// Movable, used by one thread at a time. Destroyed unanswered, it answers 500. A second answer is
// dropped and logged.
class Responder {
public:
    explicit Responder(std::shared_ptr<ResponseSink> sink) : sink_(std::move(sink)) {}
    Responder(Responder&&) noexcept = default;
    Responder& operator=(Responder&&) = delete;
    ~Responder();

    void Send(Response response);
    // `head.body` is ignored. The body is chunked, or ends with the connection for HTTP/1.0
    // clients.
    ResponseStream StartStream(Response head);

    // True once the client is gone: work for it can be dropped.
    bool closed() const;

private:
    std::shared_ptr<ResponseSink> sink_;  // Null once answered. Owners: as in ResponseStream.
};

// Called on a worker thread, which serves many connections: it must not block. Work that blocks
// goes to a HandlerPool. An exception is logged and answered 500.
using Handler = std::function<void(Request&&, Responder)>;

}  // namespace yard::http
