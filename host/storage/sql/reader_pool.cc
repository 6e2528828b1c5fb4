#include "host/storage/sql/reader_pool.h"

#include <fmt/format.h>

namespace yard::storage::sql {

Result<ReaderPool::Lease> ReaderPool::Take() {
    {
        std::unique_lock lock(mutex_);
        const bool free = returned_.wait_for(lock, std::chrono::milliseconds(timeout_ms_),
                                             [this] { return leased_ < size_max_; });
        if (!free) {
            return Unavailable(
                fmt::format("All {} connections to the database {} were busy for {} "
                            "ms; try again, or raise the size of the pool.",
                            size_max_, path_, timeout_ms_));
        }
        ++leased_;
        if (!idle_.empty()) {
            std::unique_ptr<Session> session = std::move(idle_.back());
            idle_.pop_back();
            return Lease(*this, std::move(session));
        }
    }
    Result<std::unique_ptr<Session>> opened =
        Session::Open(path_, OpenMode::kReadOnly, timeout_ms_);
    if (opened) return Lease(*this, std::move(opened).value());
    Return(nullptr);
    return std::move(opened).error();
}

void ReaderPool::Return(std::unique_ptr<Session> session) {
    {
        std::lock_guard lock(mutex_);
        --leased_;
        if (session) idle_.push_back(std::move(session));
    }
    returned_.notify_one();
}

}  // namespace yard::storage::sql
