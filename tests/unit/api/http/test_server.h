// A server on a free port with the handlers the tests talk to:
//   /hello          "Hello"                       /echo   method, target, body
//   /id?n=X         "ID:X"                        /defer?n=X  the same from another thread
//   /hold           answers when Release() is called
//   /throw /throw_int /drop /twice                misbehave
//   /big            4 MiB, shared                 /status?S  that status, body "x"
//   /inject         CR LF in a header value       /stream?N  N numbered events; without N until the
//   client leaves

#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "api/http/handler_pool.h"
#include "api/http/server.h"

namespace yard::http {

class TestServer {
public:
    static ServerOptions Options();

    explicit TestServer(ServerOptions options = Options());

    uint16_t port() const { return server_->port(); }
    Server& server() { return *server_; }

    // How many requests waited at /hold; answers them all from the calling thread.
    size_t held() const;
    void Release();
    // True once `count` requests are held; false after 5 s.
    bool WaitHeld(size_t count) const;

    // Of /stream without a number.
    std::atomic<int> streams_ended = 0;
    // Targets that reached the handler.
    std::vector<std::string> targets() const;

private:
    void Handle(Request&& request, Responder responder);
    void Stream(const Request& request, Responder responder);

    const std::shared_ptr<const std::string> big_;  // Owners: this and answers being sent.
    mutable std::mutex mutex_;
    std::vector<Responder> held_;       // Guarded by mutex_.
    std::vector<std::string> targets_;  // Guarded by mutex_.
    HandlerPool pool_;
    std::unique_ptr<Server> server_;  // Destroyed first: its handler uses the rest.
};

// Polls until `condition` holds; false after 5 s.
template <typename Condition>
bool Eventually(Condition condition) {
    for (int i = 0; i < 5000; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return condition();
}

}  // namespace yard::http
