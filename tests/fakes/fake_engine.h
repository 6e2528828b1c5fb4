// An engine that records runs and advances none.

#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/engine/engine.h"
#include "host/storage/execution_journal.h"
#include "host/storage/execution_store.h"

namespace yard::fakes {

// Thread-safe.
class FakeEngine final : public engine::Engine {
public:
    explicit FakeEngine(storage::ExecutionJournal& journal) : journal_(journal) {}

    // What the next Submit or Resume answers instead.
    void RefuseWith(Error error) {
        std::lock_guard lock(mutex_);
        refusal_ = std::move(error);
    }
    // Stop() finds the run but never ends it.
    void HangOnStop() {
        std::lock_guard lock(mutex_);
        hangs_ = true;
    }
    std::vector<engine::RunRequest> submitted() const {
        std::lock_guard lock(mutex_);
        return submitted_;
    }
    std::vector<std::string> resumed() const {
        std::lock_guard lock(mutex_);
        return resumed_;
    }
    std::vector<std::string> stopped() const {
        std::lock_guard lock(mutex_);
        return stopped_;
    }
    // The run is no longer here, as after its end.
    void Forget(const GraphExecutionId& id) {
        std::lock_guard lock(mutex_);
        running_.erase(id.text());
    }

    Result<Ok> Submit(engine::RunRequest request, std::function<void()> accepted) override {
        {
            std::lock_guard lock(mutex_);
            if (refusal_) return *std::exchange(refusal_, std::nullopt);
            submitted_.push_back(request);
            running_.emplace(request.execution.id.text(), request.observer);
        }
        std::vector<storage::JournalRecord> records;
        records.emplace_back(storage::RunCreated{request.execution, request.context,
                                                 request.nodes_to_skip, request.compiled_masks});
        journal_.OnDurable(journal_.Append(std::move(records)), std::move(accepted));
        return Ok{};
    }
    Result<Ok> Resume(storage::StoredRun run, std::shared_ptr<const model::Graph>) override {
        std::lock_guard lock(mutex_);
        if (refusal_) return *std::exchange(refusal_, std::nullopt);
        resumed_.push_back(run.execution.id.text());
        running_.emplace(run.execution.id.text(), nullptr);
        return Ok{};
    }
    bool Stop(const GraphExecutionId& id, std::function<void()> stopped) override {
        {
            std::lock_guard lock(mutex_);
            if (running_.count(id.text()) == 0) return false;
            stopped_.push_back(id.text());
            if (hangs_) return true;
            running_.erase(id.text());
        }
        std::vector<storage::JournalRecord> records;
        records.emplace_back(storage::RunStatusChanged{id, model::ExecutionStatus::kTerminated,
                                                       Timestamp{1'700'000'001'000}, std::nullopt});
        journal_.OnDurable(journal_.Append(std::move(records)), std::move(stopped));
        return true;
    }
    size_t active_runs() const override {
        std::lock_guard lock(mutex_);
        return running_.size();
    }
    size_t abandoned_calls() const override { return 0; }
    void Shutdown(std::chrono::milliseconds) override {}

private:
    storage::ExecutionJournal& journal_;
    mutable std::mutex mutex_;
    std::optional<Error> refusal_;
    bool hangs_ = false;
    std::vector<engine::RunRequest> submitted_;
    std::vector<std::string> resumed_;
    std::vector<std::string> stopped_;
    std::map<std::string, std::shared_ptr<engine::RunObserver>> running_;
};

}  // namespace yard::fakes
