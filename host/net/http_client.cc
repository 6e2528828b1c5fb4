#include "host/net/http_client.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <list>
#include <map>
#include <mutex>
#include <set>
#include <system_error>
#include <thread>
#include <vector>

#include "base/log.h"
#include "host/net/http_exchange.h"

namespace yard::net {
namespace {

constexpr size_t kThreadsMax = 256;
constexpr size_t kWaitingMax = 10'000;
constexpr std::chrono::seconds kIdleTime{10};  // Of a thread.
constexpr std::chrono::seconds kTick{1};       // Between two looks at idle connections.

using Time = std::chrono::steady_clock::time_point;

// TLS writes to a closed connection raise it; the error code says the same.
void BlockSigpipe() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

class ThreadedHttpClient final : public plugin::HttpClient {
public:
    ThreadedHttpClient(config::OutboundSettings settings, OutboundPolicy policy,
                       std::unique_ptr<Connector> connector)
        : settings_(std::move(settings)),
          policy_(std::move(policy)),
          connector_(std::move(connector)),
          pool_(static_cast<size_t>(settings_.connections_per_host_max)),
          watchdog_([this] { Watch(); }) {}

    ~ThreadedHttpClient() override {
        std::vector<std::shared_ptr<HttpExchange>> left;
        {
            const std::lock_guard lock(mutex_);
            is_stopping_ = true;
            for (auto& [id, job] : jobs_) left.push_back(job.exchange);
        }
        for (const auto& exchange : left) {
            exchange->Fail({ErrorKind::kCancelled, "the host is shutting down", {}});
        }
        work_.notify_all();
        watch_.notify_all();
        watchdog_.join();
        for (std::thread& thread : threads_) thread.join();
    }

    uint64_t Start(plugin::HttpRequest request, std::shared_ptr<plugin::HttpSink> sink) override {
        const auto smaller = [](uint64_t wanted, int64_t limit) {
            const auto bound = static_cast<uint64_t>(limit);
            return wanted == 0 ? bound : std::min(wanted, bound);
        };
        request.timeout_ms = smaller(request.timeout_ms, settings_.timeout_ms);
        request.response_bytes_max =
            smaller(request.response_bytes_max, settings_.response_bytes_max);
        const auto url = ParseUrl(request.url);
        const std::string origin = url ? url.value().Origin() : "";
        const Time deadline =
            std::chrono::steady_clock::now() + std::chrono::milliseconds(request.timeout_ms);
        auto exchange = std::make_shared<HttpExchange>(std::move(request), std::move(sink));

        const std::lock_guard lock(mutex_);
        const uint64_t id = ++last_id_;
        jobs_.emplace(id, Job{exchange, origin, deadline});
        deadlines_.emplace(deadline, id);
        if (deadlines_.begin()->second == id) watch_.notify_all();
        if (waiting_count_ >= kWaitingMax) {
            rejected_.push_back(id);
            watch_.notify_all();
            return id;
        }
        ++waiting_count_;
        Origin& place = origins_[origin];
        if (place.active < settings_.connections_per_host_max) {
            ++place.active;
            MakeReady(id);
        } else {
            place.waiting.push_back(id);
        }
        return id;
    }

    void Cancel(uint64_t id) override {
        std::shared_ptr<HttpExchange> exchange;
        {
            const std::lock_guard lock(mutex_);
            const auto job = jobs_.find(id);
            if (job == jobs_.end()) return;
            exchange = job->second.exchange;
        }
        exchange->Abandon();
    }

private:
    struct Job {
        std::shared_ptr<HttpExchange> exchange;  // Shared with the thread that runs it.
        std::string origin;
        Time deadline;
    };
    // Requests to one server: so many at a time, the others wait without a thread.
    struct Origin {
        int64_t active = 0;
        std::deque<uint64_t> waiting;
    };

    // The next six: mutex_ is held.
    void MakeReady(uint64_t id) {
        ready_.push_back(id);
        AddThreadIfNeeded();
        work_.notify_one();
    }
    void AddThreadIfNeeded() {
        if (is_stopping_ || idle_threads_ >= ready_.size()) return;
        if (threads_.size() - finished_.size() >= kThreadsMax) return;
        const auto self = threads_.emplace(threads_.end());
        try {
            *self = std::thread([this, self] { Work(self); });
        } catch (const std::system_error& e) {
            // The watchdog tries again, and ends the request if that comes too late.
            threads_.erase(self);
            LogWarning("http_client", "cannot start a thread", {{"reason", e.what()}});
        }
    }
    void Finish(uint64_t id) {
        const auto job = jobs_.find(id);
        deadlines_.erase({job->second.deadline, id});
        const auto place = origins_.find(job->second.origin);
        jobs_.erase(job);
        if (!place->second.waiting.empty()) {
            const uint64_t next = place->second.waiting.front();
            place->second.waiting.pop_front();
            MakeReady(next);
        } else if (--place->second.active == 0) {
            origins_.erase(place);
        }
    }
    std::vector<std::shared_ptr<HttpExchange>> TakeExpired() {
        std::vector<std::shared_ptr<HttpExchange>> expired;
        const Time now = std::chrono::steady_clock::now();
        while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
            expired.push_back(jobs_.at(deadlines_.begin()->second).exchange);
            deadlines_.erase(deadlines_.begin());
        }
        return expired;
    }
    std::vector<std::shared_ptr<HttpExchange>> TakeRejected() {
        std::vector<std::shared_ptr<HttpExchange>> exchanges;
        for (const uint64_t id : rejected_) {
            const auto job = jobs_.find(id);
            exchanges.push_back(job->second.exchange);
            deadlines_.erase({job->second.deadline, id});
            jobs_.erase(job);
        }
        rejected_.clear();
        return exchanges;
    }
    void JoinFinished() {
        for (const auto thread : finished_) {
            thread->join();
            threads_.erase(thread);
        }
        finished_.clear();
    }

    void Work(std::list<std::thread>::iterator self) {
        BlockSigpipe();
        const HttpNetwork network{policy_, *connector_, pool_};
        std::unique_lock lock(mutex_);
        while (true) {
            ++idle_threads_;
            const bool has_work =
                work_.wait_for(lock, kIdleTime, [this] { return !ready_.empty() || is_stopping_; });
            --idle_threads_;
            if (is_stopping_) return;  // Whatever is left got its OnEnd from the destructor.
            if (!has_work) {
                finished_.push_back(self);
                return;
            }
            const uint64_t id = ready_.front();
            ready_.pop_front();
            --waiting_count_;
            const auto exchange = jobs_.at(id).exchange;
            lock.unlock();
            exchange->Run(network);
            lock.lock();
            Finish(id);
        }
    }

    // The watchdog: deadlines, rejected requests, idle connections, threads that are done.
    void Watch() {
        BlockSigpipe();
        std::unique_lock lock(mutex_);
        while (!is_stopping_) {
            const auto expired = TakeExpired();
            const auto refused = TakeRejected();
            AddThreadIfNeeded();
            JoinFinished();
            lock.unlock();
            for (const auto& exchange : expired) {
                exchange->Fail(
                    {ErrorKind::kTimeout, "the request took longer than its time limit", {}});
            }
            for (const auto& exchange : refused) {
                exchange->Fail(Unavailable("too many outbound requests are waiting"));
            }
            pool_.CloseExpired();
            lock.lock();
            Time until = std::chrono::steady_clock::now() + kTick;
            if (!deadlines_.empty()) until = std::min(until, deadlines_.begin()->first);
            if (!is_stopping_ && rejected_.empty()) watch_.wait_until(lock, until);
        }
    }

    const config::OutboundSettings settings_;
    const OutboundPolicy policy_;
    const std::unique_ptr<Connector> connector_;
    ConnectionPool pool_;

    std::mutex mutex_;  // Guards all below but the watchdog. Not held while a sink is called.
    std::condition_variable work_;
    std::condition_variable watch_;
    std::map<uint64_t, Job> jobs_;
    std::set<std::pair<Time, uint64_t>> deadlines_;
    std::map<std::string, Origin> origins_;
    std::deque<uint64_t> ready_;
    std::vector<uint64_t> rejected_;
    std::list<std::thread> threads_;
    std::vector<std::list<std::thread>::iterator> finished_;
    size_t idle_threads_ = 0;
    size_t waiting_count_ = 0;  // Neither running nor rejected.
    uint64_t last_id_ = 0;
    bool is_stopping_ = false;
    std::thread watchdog_;  // Last: it uses all the others.
};

}  // namespace

Result<std::unique_ptr<plugin::HttpClient>> MakeHttpClient(HttpClientOptions options) {
    OutboundPolicy policy =
        TRY(OutboundPolicy::Create(options.settings.allow, std::move(options.resolver)));
    std::unique_ptr<Connector> connector = TRY(MakeConnector(options.ca_file));
    return std::unique_ptr<plugin::HttpClient>(std::make_unique<ThreadedHttpClient>(
        std::move(options.settings), std::move(policy), std::move(connector)));
}

}  // namespace yard::net
