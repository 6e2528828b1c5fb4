#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "host/storage/sql/session.h"

namespace yard::storage::sql {

// A bounded set of read-only sessions, opened when first needed. Thread-safe; outlives its leases.
class ReaderPool {
public:
    ReaderPool(std::string path, size_t size_max, int timeout_ms)
        : path_(std::move(path)), size_max_(size_max), timeout_ms_(timeout_ms) {}

    // One session for the time of its life.
    class Lease {
    public:
        Lease(ReaderPool& pool, std::unique_ptr<Session> session)
            : pool_(&pool), session_(std::move(session)) {}
        Lease(Lease&&) = default;
        Lease& operator=(Lease&&) = delete;
        ~Lease() {
            if (session_) pool_->Return(std::move(session_));
        }
        Session& session() { return *session_; }

    private:
        ReaderPool* pool_;
        std::unique_ptr<Session> session_;
    };

    // Waits for a free one; kUnavailable after the time-out.
    Result<Lease> Take();

private:
    void Return(std::unique_ptr<Session> session);

    const std::string path_;
    const size_t size_max_;
    const int timeout_ms_;

    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<std::unique_ptr<Session>> idle_;  // Guarded by mutex_.
    size_t leased_ = 0;                           // Guarded by mutex_.
};

}  // namespace yard::storage::sql
