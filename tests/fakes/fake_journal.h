// A journal in memory, and what a database would make of it.

#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "host/storage/execution_journal.h"
#include "host/storage/execution_store.h"

namespace yard::fakes {

// Thread-safe.
class FakeJournal final : public storage::ExecutionJournal {
public:
    using Appends = std::vector<std::vector<storage::JournalRecord>>;

    Position Append(std::vector<storage::JournalRecord> records) override {
        std::lock_guard lock(mutex_);
        appends_.push_back(std::move(records));
        return appends_.size();
    }

    void OnDurable(Position position, std::function<void()> done) override {
        {
            std::lock_guard lock(mutex_);
            if (held_ && position > committed_) {
                waiting_.emplace_back(position, std::move(done));
                return;
            }
        }
        done();
    }

    Result<Ok> Health() const override {
        std::lock_guard lock(mutex_);
        if (failing_) return Unavailable("The disk is full.");
        return Ok{};
    }

    void Flush() override { Commit(); }

    // From now on nothing is durable until Commit.
    void Hold() {
        std::lock_guard lock(mutex_);
        held_ = true;
        committed_ = appends_.size();
    }
    void Commit() {
        std::vector<std::pair<Position, std::function<void()>>> due;
        {
            std::lock_guard lock(mutex_);
            committed_ = appends_.size();
            due.swap(waiting_);
        }
        for (auto& [position, done] : due) done();
    }
    void SetFailing(bool failing) {
        std::lock_guard lock(mutex_);
        failing_ = failing;
    }

    Appends appends() const {
        std::lock_guard lock(mutex_);
        return appends_;
    }

private:
    mutable std::mutex mutex_;
    Appends appends_;
    std::vector<std::pair<Position, std::function<void()>>> waiting_;
    Position committed_ = 0;
    bool held_ = false;
    bool failing_ = false;
};

// Applies records as the database does: illegal changes of status are ignored.
class JournalReplay {
public:
    void Apply(const storage::JournalRecord& record) {
        std::visit([this](const auto& known) { On(known); }, record);
    }
    void Apply(const FakeJournal::Appends& appends) {
        for (const auto& append : appends) {
            for (const auto& record : append) Apply(record);
        }
    }

    // The run with this id, or the only one.
    std::optional<storage::StoredRun> Find(const GraphExecutionId& id) const {
        const auto found = runs_.find(id);
        if (found == runs_.end()) return std::nullopt;
        return found->second;
    }

private:
    void On(const storage::RunCreated& record) {
        runs_[record.execution.id] = {
            record.execution, record.context, record.nodes_to_skip, record.compiled_masks, {}};
    }
    void On(const storage::RunStatusChanged& record) {
        model::GraphExecution& run = runs_.at(record.id).execution;
        if (!model::MayBecome(run.status, record.status)) return;
        run.status = record.status;
        if (record.status == model::ExecutionStatus::kRunning) run.started_at = record.at;
        if (model::IsFinal(record.status)) run.ended_at = record.at;
        if (record.stats) run.stats = record.stats;
    }
    void On(const storage::NodeAdded& record) {
        model::NodeExecution node;
        node.id = record.id;
        node.graph_execution_id = record.run_id;
        node.node_id = record.node_id;
        node.block_id = record.block_id;
        node.added_at = record.at;
        Add(std::move(node));
    }
    void On(const storage::NodeInputAdded& record) {
        model::NodeExecution& node = Node(record.id);
        ValueBuilder inputs;
        inputs.BeginObject();
        for (auto [name, value] : node.input_data->members()) inputs.Member(name, value);
        inputs.Member(record.name, record.value).EndObject();
        node.input_data = inputs.Take();
    }
    void On(const storage::NodeQueued& record) {
        if (record.is_new) {
            On(storage::NodeAdded{record.id, record.run_id, record.node_id, record.block_id,
                                  record.at});
        }
        model::NodeExecution& node = Node(record.id);
        if (!model::MayBecome(node.status, model::ExecutionStatus::kQueued)) return;
        node.status = model::ExecutionStatus::kQueued;
        node.input_data = record.data;
        node.has_execution_data = true;
        node.queued_at = record.at;
    }
    void On(const storage::NodeStatusChanged& record) {
        model::NodeExecution& node = Node(record.id);
        if (!model::MayBecome(node.status, record.status)) return;
        node.status = record.status;
        if (record.status == model::ExecutionStatus::kRunning) node.started_at = record.at;
        if (record.status == model::ExecutionStatus::kCompleted ||
            record.status == model::ExecutionStatus::kFailed) {
            node.ended_at = record.at;
        }
        if (!record.stats->IsNull()) node.stats = record.stats;
    }
    void On(const storage::NodeOutputAdded& record) {
        model::NodeExecution& node = Node(record.id);
        for (auto& [pin, values] : node.output_data) {
            if (pin == record.name) {
                values.push_back(record.value);
                return;
            }
        }
        node.output_data.emplace_back(record.name, std::vector<Value>{record.value});
    }

    void Add(model::NodeExecution node) {
        auto& nodes = runs_.at(node.graph_execution_id).node_executions;
        places_[node.id] = {node.graph_execution_id, nodes.size()};
        nodes.push_back(std::move(node));
    }
    model::NodeExecution& Node(const NodeExecutionId& id) {
        const auto& [run, index] = places_.at(id);
        return runs_.at(run).node_executions[index];
    }

    std::map<GraphExecutionId, storage::StoredRun> runs_;
    std::map<NodeExecutionId, std::pair<GraphExecutionId, size_t>> places_;
};

}  // namespace yard::fakes
