// One request in flight: the server's end of a Responder.

#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "api/http/mailbox.h"
#include "api/http/responder.h"

namespace yard::http {

class Connection;

// The ResponseSink may be used by any thread; what is marked (worker) belongs to the connection's
// thread. Answers given inside the handler go straight to the socket, all others by mail.
class Exchange final : public ResponseSink, public std::enable_shared_from_this<Exchange> {
public:
    // Owners of the connection: its worker while the socket is open, and its exchange.
    Exchange(std::shared_ptr<Connection> connection, std::shared_ptr<Mailbox> mailbox,
             size_t buffered_bytes_max);

    void Send(Response response) override;
    void StartStream(Response head) override;
    bool Write(std::string chunk) override;
    void Finish() override;
    void Abort() override;
    bool closed() const override { return closed_.load(std::memory_order_acquire); }
    size_t buffered_bytes() const override {
        return buffered_bytes_.load(std::memory_order_relaxed);
    }

    // (worker) Carries out what came by mail.
    void Perform(Mail::Action action, Response&& response);
    // (worker) For want of memory to do better.
    void CloseConnection();
    // (worker) The handler has returned: from here on every answer comes by mail.
    void LeaveHandler() { handler_thread_ = std::thread::id(); }
    // (worker) The client is gone, or everything is sent.
    void MarkClosed() { closed_.store(true, std::memory_order_release); }
    // (worker) The kernel took `bytes` of what Write() accepted.
    void CreditBuffered(size_t bytes) {
        buffered_bytes_.fetch_sub(bytes, std::memory_order_relaxed);
    }

private:
    void Deliver(Mail::Action action, Response response);

    const std::shared_ptr<Connection> connection_;
    const std::shared_ptr<Mailbox> mailbox_;
    const size_t buffered_bytes_max_;
    std::atomic<std::thread::id>
        handler_thread_;  // Who runs the handler now; nobody's id afterwards.
    std::atomic<bool> posted_ =
        false;  // Once one call went by mail, the later ones must follow it.
    std::atomic<bool> closed_ = false;
    std::atomic<size_t> buffered_bytes_ = 0;
};

}  // namespace yard::http
