#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "host/storage/execution_journal.h"
#include "host/storage/sql/journal_writer.h"
#include "host/storage/sql/writer.h"

namespace yard::storage::sql {

struct JournalOptions {
    int64_t commit_wait_us = 0;   // How long a commit waits for company.
    size_t commit_group_max = 0;  // Records; a larger Append is a group of its own.
    size_t pending_bytes_max = 0;
    int64_t drain_ms = 0;  // How long the destructor goes on trying while commits fail.
};

// Commits from one thread of its own, a group of Appends at a time.
class SqlJournal final : public ExecutionJournal {
public:
    // `writer` outlives the journal.
    SqlJournal(Writer& writer, const JournalOptions& options);
    ~SqlJournal() override;

    Position Append(std::vector<JournalRecord> records) override;
    void OnDurable(Position position, std::function<void()> done) override;
    Result<Ok> Health() const override;
    void Flush() override;

private:
    struct Batch {
        std::vector<JournalRecord> records;
        size_t bytes = 0;
    };

    void Run();
    std::deque<Batch> NextGroup();  // Empty when the journal is closed and drained.
    bool CommitGroup(const JournalGroup& group);
    bool WaitToRetry(int attempt, const Error& error);
    void MarkDurable(const std::deque<Batch>& batches);
    std::vector<std::function<void()>> TakeReached();

    Writer& writer_;
    JournalWriter rows_;  // Used by the thread, in its turn to write.
    const JournalOptions options_;

    mutable std::mutex mutex_;
    std::condition_variable appended_;   // For the thread: work, close.
    std::condition_variable committed_;  // For Append and Flush.
    // All guarded by mutex_.
    std::deque<Batch> pending_;
    size_t pending_records_ = 0;
    size_t pending_bytes_ = 0;  // Of pending_ and of the group being committed.
    Position last_ = 0;         // Appends so far.
    Position durable_ = 0;      // Appends committed so far.
    std::multimap<Position, std::function<void()>> waiting_;
    std::optional<Error> fault_;  // Of the last attempt to commit.
    bool closing_ = false;
    std::chrono::steady_clock::time_point close_deadline_;

    std::thread thread_;  // Last: it uses all of the above.
};

}  // namespace yard::storage::sql
