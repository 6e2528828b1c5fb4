#include "host/storage/sql/journal.h"

#include <algorithm>
#include <chrono>

#include "base/log.h"

namespace yard::storage::sql {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kRetryFirst{10};
constexpr std::chrono::milliseconds kRetryLongest{1000};

// What a record keeps from being freed: an upper bound, as values may share their memory.
size_t BytesOf(const JournalRecord& record) {
    struct Held {
        size_t operator()(const RunCreated& run) const {
            return run.execution.inputs.bytes_held() +
                   run.execution.credential_inputs.bytes_held() +
                   run.execution.nodes_input_masks.bytes_held() + run.compiled_masks.bytes_held();
        }
        size_t operator()(const RunStatusChanged&) const { return 0; }
        size_t operator()(const NodeAdded&) const { return 0; }
        size_t operator()(const NodeInputAdded& input) const { return input.value.bytes_held(); }
        size_t operator()(const NodeQueued& queued) const { return queued.data.bytes_held(); }
        size_t operator()(const NodeStatusChanged& change) const {
            return change.stats.bytes_held();
        }
        size_t operator()(const NodeOutputAdded& output) const { return output.value.bytes_held(); }
    };
    return sizeof(JournalRecord) + std::visit(Held{}, record);
}

}  // namespace

SqlJournal::SqlJournal(Writer& writer, const JournalOptions& options)
    : writer_(writer), rows_(writer.session()), options_(options), thread_([this] { Run(); }) {}

SqlJournal::~SqlJournal() {
    {
        std::lock_guard lock(mutex_);
        closing_ = true;
        close_deadline_ = Clock::now() + std::chrono::milliseconds(options_.drain_ms);
    }
    appended_.notify_all();
    thread_.join();
}

SqlJournal::Position SqlJournal::Append(std::vector<JournalRecord> records) {
    Batch batch{.records = std::move(records)};
    for (const JournalRecord& record : batch.records) batch.bytes += BytesOf(record);
    std::unique_lock lock(mutex_);
    committed_.wait(lock, [&] {
        return pending_bytes_ == 0 || pending_bytes_ + batch.bytes <= options_.pending_bytes_max;
    });
    const bool was_idle = pending_.empty();
    pending_bytes_ += batch.bytes;
    pending_records_ += batch.records.size();
    const bool group_is_full = pending_records_ >= options_.commit_group_max;
    pending_.push_back(std::move(batch));
    const Position position = ++last_;
    lock.unlock();
    if (was_idle || group_is_full) appended_.notify_one();
    return position;
}

void SqlJournal::OnDurable(Position position, std::function<void()> done) {
    {
        std::lock_guard lock(mutex_);
        if (position > durable_) {
            waiting_.emplace(position, std::move(done));
            return;
        }
    }
    done();
}

Result<Ok> SqlJournal::Health() const {
    std::lock_guard lock(mutex_);
    if (fault_) return *fault_;
    return Ok{};
}

void SqlJournal::Flush() {
    std::unique_lock lock(mutex_);
    const Position target = last_;
    committed_.wait(lock, [&] { return durable_ >= target; });
}

void SqlJournal::Run() {
    JournalGroup group;
    for (;;) {
        std::deque<Batch> batches = NextGroup();
        if (batches.empty()) return;
        for (Batch& batch : batches) {
            for (JournalRecord& record : batch.records) group.Add(std::move(record));
        }
        if (!CommitGroup(group)) return;
        group.Clear();
        MarkDurable(batches);
    }
}

std::deque<SqlJournal::Batch> SqlJournal::NextGroup() {
    std::unique_lock lock(mutex_);
    appended_.wait(lock, [this] { return !pending_.empty() || closing_; });
    appended_.wait_for(lock, std::chrono::microseconds(options_.commit_wait_us), [this] {
        return pending_records_ >= options_.commit_group_max || closing_;
    });
    std::deque<Batch> batches;
    size_t records = 0;
    while (!pending_.empty()) {
        const size_t next = pending_.front().records.size();
        if (!batches.empty() && records + next > options_.commit_group_max) break;
        records += next;
        batches.push_back(std::move(pending_.front()));
        pending_.pop_front();
    }
    pending_records_ -= records;
    return batches;
}

// False if the journal was closed and the commit still failed.
bool SqlJournal::CommitGroup(const JournalGroup& group) {
    for (int attempt = 0;; ++attempt) {
        Result<int> left_out = [&] {
            Writer::Lock turn(writer_);
            return rows_.Write(group);
        }();
        if (left_out) {
            if (left_out.value() > 0) {
                LogWarning("storage", "Left out rows of executions that were deleted as they ran.",
                           {{"rows", std::to_string(left_out.value())}});
            }
            return true;
        }
        if (!WaitToRetry(attempt, left_out.error())) return false;
    }
}

bool SqlJournal::WaitToRetry(int attempt, const Error& error) {
    if (attempt == 0) {
        LogError("storage", "Cannot commit executions; trying on.", {{"error", error.message}});
    }
    const auto pause = std::min(kRetryLongest, kRetryFirst * (1 << std::min(attempt, 10)));
    std::unique_lock lock(mutex_);
    fault_ = Unavailable(error.message);
    if (closing_ && Clock::now() >= close_deadline_) {
        LogError("storage", "Closed with executions that could not be committed.",
                 {{"appends", std::to_string(last_ - durable_)}, {"error", error.message}});
        return false;
    }
    // Closing ends the pause once, so that the first attempt after it comes soon.
    const bool was_closing = closing_;
    appended_.wait_for(lock, pause, [&] { return closing_ && !was_closing; });
    return true;
}

void SqlJournal::MarkDurable(const std::deque<Batch>& batches) {
    std::vector<std::function<void()>> reached;
    bool recovered = false;
    {
        std::lock_guard lock(mutex_);
        for (const Batch& batch : batches) pending_bytes_ -= batch.bytes;
        durable_ += batches.size();
        recovered = fault_.has_value();
        fault_.reset();
        reached = TakeReached();
    }
    committed_.notify_all();
    if (recovered) LogInfo("storage", "Executions are committed again.");
    for (const std::function<void()>& done : reached) done();
}

std::vector<std::function<void()>> SqlJournal::TakeReached() {
    const auto end = waiting_.upper_bound(durable_);
    std::vector<std::function<void()>> reached;
    for (auto at = waiting_.begin(); at != end; ++at) reached.push_back(std::move(at->second));
    waiting_.erase(waiting_.begin(), end);
    return reached;
}

}  // namespace yard::storage::sql
