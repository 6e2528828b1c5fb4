#include "api/http/server.h"

#include <unistd.h>

#include <utility>
#include <vector>

#include "api/http/listener.h"
#include "api/http/worker.h"
#include "base/log.h"

namespace yard::http {
namespace {

class ServerOfWorkers final : public Server {
public:
    ServerOfWorkers(ServerOptions options, Handler handler)
        : shared_{std::move(options), std::move(handler)} {}

    ~ServerOfWorkers() override { Stop(std::chrono::milliseconds(0)); }

    Result<> Listen() {
        std::vector<int> sockets = TRY(
            http::Listen(shared_.options.address, shared_.options.port, shared_.options.workers));
        port_ = LocalPort(sockets.at(0));
        Result<> outcome = Ok{};
        for (int socket : sockets) {
            if (!outcome) {
                ::close(socket);
                continue;
            }
            Result<std::unique_ptr<Worker>> worker = Worker::Start(shared_, socket);
            if (worker) {
                workers_.push_back(std::move(worker).value());
            } else {
                outcome = worker.error();
            }
        }
        return outcome;
    }

    uint16_t port() const override { return port_; }

    ServerStats stats() const override {
        ServerStats stats;
        stats.connections_open = shared_.connections_open.load();
        for (const auto& worker : workers_) {
            const WorkerCounters& counters = worker->counters();
            stats.connections_accepted += counters.accepted.load(std::memory_order_relaxed);
            stats.connections_refused +=
                counters.refused_connections.load(std::memory_order_relaxed);
            stats.requests += counters.requests.load(std::memory_order_relaxed);
            stats.requests_refused += counters.refused_requests.load(std::memory_order_relaxed);
            stats.timeouts += counters.timeouts.load(std::memory_order_relaxed);
        }
        return stats;
    }

    void Stop(std::chrono::milliseconds grace) override {
        if (std::exchange(is_stopped_, true)) return;
        auto deadline = std::chrono::steady_clock::now() + grace;
        for (const auto& worker : workers_) worker->Drain();
        for (const auto& worker : workers_) {
            if (!worker->WaitDrained(deadline) && grace.count() > 0) {
                LogWarning(
                    "http",
                    "Connections were still busy at the end of the grace period; they are cut.");
            }
        }
        for (const auto& worker : workers_) worker->Stop();
    }

private:
    ServerShared shared_;
    std::vector<std::unique_ptr<Worker>> workers_;
    uint16_t port_ = 0;
    bool is_stopped_ = false;
};

Result<> Check(const ServerOptions& options) {
    if (options.workers < 1 || options.workers > 256)
        return Invalid("The HTTP server needs 1 to 256 workers.");
    if (options.url_bytes_max < 64 || options.header_bytes_max < options.url_bytes_max) {
        return Invalid("The HTTP limits need 64 <= url_bytes_max <= header_bytes_max.");
    }
    for (auto timeout : {options.header_timeout, options.body_timeout, options.idle_timeout,
                         options.write_timeout}) {
        if (timeout.count() < 1)
            return Invalid("Every HTTP time-out must be at least one millisecond.");
    }
    return Ok{};
}

}  // namespace

Result<std::unique_ptr<Server>> Server::Start(ServerOptions options, Handler handler) {
    TRY(Check(options));
    auto server = std::make_unique<ServerOfWorkers>(std::move(options), std::move(handler));
    TRY(server->Listen());
    return std::unique_ptr<Server>(std::move(server));
}

}  // namespace yard::http
