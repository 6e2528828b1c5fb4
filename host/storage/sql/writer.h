#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>

#include "host/storage/sql/session.h"

namespace yard::storage::sql {

// The one connection that writes, shared by units of work and the journal. First come, first
// served: a journal that commits without pause must not starve the others, as it would with a bare
// mutex. Thread-safe.
class Writer {
public:
    explicit Writer(std::unique_ptr<Session> session) : session_(std::move(session)) {}

    // A turn to write. Not recursive.
    class Lock {
    public:
        explicit Lock(Writer& writer) : writer_(writer) {
            std::unique_lock lock(writer_.mutex_);
            const uint64_t ticket = writer_.next_ticket_++;
            writer_.turn_.wait(lock, [&] { return writer_.serving_ == ticket; });
        }
        Lock(const Lock&) = delete;
        Lock& operator=(const Lock&) = delete;
        ~Lock() {
            {
                std::lock_guard lock(writer_.mutex_);
                ++writer_.serving_;
            }
            writer_.turn_.notify_all();
        }
        Session& session() { return writer_.session(); }

    private:
        Writer& writer_;
    };

    // To be used in a turn only.
    Session& session() { return *session_; }

private:
    const std::unique_ptr<Session> session_;

    std::mutex mutex_;
    std::condition_variable turn_;
    uint64_t next_ticket_ = 0;  // Guarded by mutex_.
    uint64_t serving_ = 0;      // Guarded by mutex_.
};

}  // namespace yard::storage::sql
