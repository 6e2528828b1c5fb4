#include "host/net/connection_pool.h"

#include <vector>

namespace yard::net {
namespace {

constexpr size_t kConnectionsMax = 512;
// Shorter than what common servers wait, so that they are rarely the first to close.
constexpr std::chrono::seconds kIdleTime{30};

}  // namespace

std::unique_ptr<Connection> ConnectionPool::Take(const std::string& origin) {
    while (true) {
        std::unique_ptr<Connection> connection;  // Closed outside the lock if it is not good.
        {
            const std::lock_guard lock(mutex_);
            const auto found = idle_.find(origin);
            if (found == idle_.end()) return nullptr;
            connection = std::move(found->second.back().connection);
            found->second.pop_back();
            --count_;
            if (found->second.empty()) idle_.erase(found);
        }
        if (connection->IsIdle()) return connection;
    }
}

void ConnectionPool::Put(const std::string& origin, std::unique_ptr<Connection> connection) {
    const std::lock_guard lock(mutex_);
    if (count_ >= kConnectionsMax) return;
    auto& connections = idle_[origin];
    if (connections.size() >= per_origin_max_) return;
    connections.push_back({std::move(connection), std::chrono::steady_clock::now()});
    ++count_;
}

void ConnectionPool::CloseExpired() {
    const Time limit = std::chrono::steady_clock::now() - kIdleTime;
    std::vector<Idle> expired;  // Closed outside the lock.
    const std::lock_guard lock(mutex_);
    for (auto origin = idle_.begin(); origin != idle_.end();) {
        auto& connections = origin->second;
        while (!connections.empty() && connections.front().since < limit) {
            expired.push_back(std::move(connections.front()));
            connections.pop_front();
            --count_;
        }
        origin = connections.empty() ? idle_.erase(origin) : std::next(origin);
    }
}

}  // namespace yard::net
