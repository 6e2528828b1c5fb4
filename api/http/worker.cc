#include "api/http/worker.h"

#include <pistache/reactor.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <exception>
#include <unordered_map>
#include <utility>

#include "api/http/listener.h"
#include "base/log.h"

namespace yard::http {
namespace {

namespace polling = Pistache::Polling;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int kAcceptsPerRound = 64;
constexpr std::string_view kTooMany =
    "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\nContent-Length: "
    "0\r\n\r\n";

polling::Tag TagOf(int fd) { return polling::Tag(static_cast<uint64_t>(fd)); }

// A quarter of the shortest time-out, so that none is late by more than that.
milliseconds TickPeriod(const ServerOptions& options) {
    milliseconds shortest = std::min(std::min(options.header_timeout, options.body_timeout),
                                     std::min(options.idle_timeout, options.write_timeout));
    return std::clamp(shortest / 4, milliseconds(10), milliseconds(500));
}

Result<int> CreateTimer(milliseconds period) {
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    timespec every{period.count() / 1000, period.count() % 1000 * 1000000};
    itimerspec setting{every, every};
    if (fd < 0 || timerfd_settime(fd, 0, &setting, nullptr) != 0) {
        Error error =
            Unavailable(std::string("The HTTP server cannot create a timer: ") + strerror(errno));
        if (fd >= 0) ::close(fd);
        return error;
    }
    return fd;
}

// The part that lives in the reactor. All of it runs on the worker's thread, except what is marked.
class WorkerLoop final : public Pistache::Aio::Handler, public ConnectionHost {
public:
    WorkerLoop(ServerShared& shared, std::shared_ptr<Mailbox> own_mailbox, int listen_fd,
               int timer_fd)
        : ConnectionHost(shared.options, shared.handler, std::move(own_mailbox)),
          shared_(shared),
          acceptor_(listen_fd),
          timer_fd_(timer_fd) {
        ReadClocks();
    }

    ~WorkerLoop() override { ::close(timer_fd_); }

    // Only reactors with several threads clone their handlers; ours has one.
    std::shared_ptr<Pistache::Aio::Handler> clone() const override { return nullptr; }

    void registerPoller(polling::Epoll& poller) override {
        poller_ = &poller;
        for (int fd : {mailbox->event_fd(), timer_fd_, acceptor_.fd()}) Watch(fd);
    }

    void onReady(const Pistache::Aio::FdSet& events) override {
        ReadClocks();
        for (const auto& event : events) {
            // An exception would end the process here: the reactor does not expect any.
            try {
                HandleEvent(event);
            } catch (const std::exception& exception) {
                LogFailure(exception);
                CloseAfterException(static_cast<int>(event.getTag().value()));
            }
        }
        CloseRetired();
        if (draining && connections_.empty()) NotifyDrained();
    }

    void SetInterest(int fd, bool readable, bool writable) override {
        Pistache::Flags<polling::NotifyOn> flags;
        if (readable) flags.setFlag(polling::NotifyOn::Read);
        if (writable) flags.setFlag(polling::NotifyOn::Write);
        poller_->rearmFd(fd, flags, TagOf(fd));
    }

    void Retire(Connection& connection) override {
        auto found = connections_.find(connection.fd());
        if (found == connections_.end()) return;
        retired_.push_back(std::move(found->second));
        connections_.erase(found);
        shared_.connections_open.fetch_sub(1);
    }

    // After the thread has ended.
    void CloseAll() {
        acceptor_.Close();
        for (const auto& connection : Snapshot()) connection->Close();
        CloseRetired();
    }

    // (any thread)
    bool WaitDrained(steady_clock::time_point deadline) {
        std::unique_lock lock(mutex_);
        return drained_changed_.wait_until(lock, deadline, [this] { return drained_; });
    }

private:
    void Watch(int fd) {
        poller_->addFd(fd, Pistache::Flags<polling::NotifyOn>(polling::NotifyOn::Read), TagOf(fd));
    }

    void ReadClocks() {
        now = steady_clock::now();
        std::time_t second = std::time(nullptr);
        if (std::exchange(date_second_, second) != second) date = FormatHttpDate(second);
    }

    void HandleEvent(const Pistache::Aio::FdSet::Entry& event) {
        int fd = static_cast<int>(event.getTag().value());
        if (fd == mailbox->event_fd()) return ReadMail();
        if (fd == timer_fd_) return Tick();
        if (fd == acceptor_.fd()) return AcceptClients();
        auto found = connections_.find(fd);
        if (found == connections_.end()) return;  // Retired in this round.
        std::shared_ptr<Connection> connection = found->second;
        // Neither flag: only a hang-up or a socket error is reported.
        if (event.isHangup() || (!event.isReadable() && !event.isWritable()))
            return connection->Close();
        if (event.isWritable()) connection->OnWritable();
        if (event.isReadable()) connection->OnReadable();
    }

    void AcceptClients() {
        for (int i = 0; i < kAcceptsPerRound; ++i) {
            Acceptor::Client client;
            switch (acceptor_.Accept(client)) {
                case Acceptor::Outcome::kNone: return;
                case Acceptor::Outcome::kAccepted: AddConnection(std::move(client)); break;
                case Acceptor::Outcome::kRefused: CountRefused(); break;
                case Acceptor::Outcome::kExhausted: return PauseAccepting();
            }
        }
    }

    void AddConnection(Acceptor::Client client) {
        if (shared_.connections_open.load() >= options.connections_max) {
            CountRefused();
            [[maybe_unused]] ssize_t sent =
                ::send(client.fd, kTooMany.data(), kTooMany.size(), MSG_NOSIGNAL);
            ::close(client.fd);
            return;
        }
        int fd = client.fd;
        auto connection =
            std::make_shared<Connection>(fd, std::move(client.address), client.port, *this);
        Watch(fd);
        connections_.emplace(fd, std::move(connection));
        shared_.connections_open.fetch_add(1);
        counters.accepted.fetch_add(1, std::memory_order_relaxed);
    }

    // Exchanges may own the connection for longer than its socket.
    void CloseRetired() {
        for (const auto& connection : retired_) connection->CloseDescriptor();
        retired_.clear();
    }

    void CountRefused() { counters.refused_connections.fetch_add(1, std::memory_order_relaxed); }

    // The waiting clients keep the socket readable; without this the reactor would spin.
    void PauseAccepting() {
        if (std::exchange(accepting_is_paused_, true)) return;
        LogWarning(
            "http",
            "No file descriptor is left; new connections wait. Raise the limit of open files.");
        SetInterest(acceptor_.fd(), false, false);
    }

    void Tick() {
        uint64_t expirations = 0;
        [[maybe_unused]] ssize_t got = ::read(timer_fd_, &expirations, sizeof expirations);
        if (!draining && std::exchange(accepting_is_paused_, false))
            SetInterest(acceptor_.fd(), true, false);
        for (const auto& connection : Snapshot()) connection->OnTick();
    }

    void ReadMail() {
        for (Mail& mail : mailbox->TakeAll()) {
            if (mail.action == Mail::Action::kDrain) {
                DrainConnections();
                continue;
            }
            try {
                mail.exchange->Perform(mail.action, std::move(mail.response));
            } catch (const std::exception& exception) {
                LogFailure(exception);
                mail.exchange->CloseConnection();
            }
        }
    }

    static void LogFailure(const std::exception& exception) {
        LogError("http", "A connection failed and is closed.", {{"what", exception.what()}});
    }

    void DrainConnections() {
        if (draining) return;
        AcceptClients();  // Who connected before the stop is still served.
        draining = true;
        poller_->removeFd(acceptor_.fd());
        acceptor_.Close();
        for (const auto& connection : Snapshot()) connection->Drain();
    }

    // Connections may retire themselves while they are visited.
    std::vector<std::shared_ptr<Connection>> Snapshot() const {
        std::vector<std::shared_ptr<Connection>> all;
        all.reserve(connections_.size());
        for (const auto& [fd, connection] : connections_) all.push_back(connection);
        return all;
    }

    void CloseAfterException(int fd) {
        auto found = connections_.find(fd);
        if (found != connections_.end()) std::shared_ptr(found->second)->Close();
    }

    void NotifyDrained() {
        std::lock_guard lock(mutex_);
        drained_ = true;
        drained_changed_.notify_all();
    }

    ServerShared& shared_;
    Acceptor acceptor_;
    const int timer_fd_;
    polling::Epoll* poller_ = nullptr;  // The reactor's, which outlives this.
    std::unordered_map<int, std::shared_ptr<Connection>> connections_;
    std::vector<std::shared_ptr<Connection>> retired_;  // In this round of events.
    std::time_t date_second_ = -1;
    bool accepting_is_paused_ = false;
    std::mutex mutex_;
    std::condition_variable drained_changed_;
    bool drained_ = false;  // Guarded by mutex_.
};

class PistacheWorker final : public Worker {
public:
    PistacheWorker(ServerShared& shared, std::shared_ptr<Mailbox> mailbox, int listen_fd,
                   int timer_fd)
        : mailbox_(mailbox),
          loop_(std::make_shared<WorkerLoop>(shared, std::move(mailbox), listen_fd, timer_fd)) {
        reactor_.init();
        reactor_.addHandler(loop_);
        thread_ = std::thread([this] { reactor_.run(); });
    }

    ~PistacheWorker() override { Stop(); }

    void Drain() override { mailbox_->Post({Mail::Action::kDrain, nullptr, {}}); }

    bool WaitDrained(steady_clock::time_point deadline) override {
        return loop_->WaitDrained(deadline);
    }

    void Stop() override {
        if (!thread_.joinable()) return;
        reactor_.shutdown();
        thread_.join();
        loop_->CloseAll();
        mailbox_->Close();
    }

    const WorkerCounters& counters() const override { return loop_->counters; }

private:
    const std::shared_ptr<Mailbox> mailbox_;
    const std::shared_ptr<WorkerLoop> loop_;  // Owners: this and the reactor.
    Pistache::Aio::Reactor reactor_;
    std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Worker>> Worker::Start(ServerShared& shared, int listen_fd) {
    Result<std::shared_ptr<Mailbox>> mailbox = Mailbox::Create();
    Result<int> timer = CreateTimer(TickPeriod(shared.options));
    if (!mailbox || !timer) {
        ::close(listen_fd);
        if (timer) ::close(timer.value());
        return mailbox ? timer.error() : mailbox.error();
    }
    try {
        return std::unique_ptr<Worker>(
            std::make_unique<PistacheWorker>(shared, mailbox.value(), listen_fd, timer.value()));
    } catch (const std::exception& exception) {
        return Unavailable(std::string("The HTTP server cannot start a worker: ") +
                           exception.what());
    }
}

}  // namespace yard::http
