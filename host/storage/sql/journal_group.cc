#include "host/storage/sql/journal_group.h"

namespace yard::storage::sql {

using model::ExecutionStatus;

void JournalGroup::Add(JournalRecord record) {
    std::visit([this](auto&& kind) { Apply(std::move(kind)); }, std::move(record));
}

void JournalGroup::Clear() {
    new_runs_.clear();
    new_nodes_.clear();
    changes_.clear();
    outputs_.clear();
    run_index_.clear();
    node_index_.clear();
}

JournalGroup::NewNode* JournalGroup::FindNew(const NodeExecutionId& id) {
    const auto found = node_index_.find(id);
    return found == node_index_.end() ? nullptr : &new_nodes_[found->second];
}

void JournalGroup::Apply(RunCreated record) {
    run_index_.emplace(record.execution.id, new_runs_.size());
    const model::GraphExecution& execution = record.execution;
    NewRun run{.created = {},
               .status = execution.status,
               .started_at = execution.started_at,
               .ended_at = execution.ended_at,
               .stats = execution.stats};
    run.created = std::move(record);
    new_runs_.push_back(std::move(run));
}

void JournalGroup::Apply(RunStatusChanged record) {
    const auto found = run_index_.find(record.id);
    if (found == run_index_.end()) {
        changes_.emplace_back(std::move(record));
        return;
    }
    NewRun& run = new_runs_[found->second];
    if (!model::MayBecome(run.status, record.status)) return;
    run.status = record.status;
    if (record.status == ExecutionStatus::kRunning) run.started_at = record.at;
    if (model::IsFinal(record.status)) run.ended_at = record.at;
    if (record.stats) run.stats = std::move(record.stats);
}

void JournalGroup::Apply(NodeAdded record) {
    node_index_.emplace(record.id, new_nodes_.size());
    new_nodes_.push_back({.id = std::move(record.id),
                          .run_id = std::move(record.run_id),
                          .node_id = std::move(record.node_id),
                          .block_id = std::move(record.block_id),
                          .status = ExecutionStatus::kIncomplete,
                          .added_at = record.at});
}

void JournalGroup::Apply(NodeInputAdded record) {
    if (NewNode* node = FindNew(record.id)) {
        node->inputs.push_back(std::move(record));
    } else {
        changes_.emplace_back(std::move(record));
    }
}

void JournalGroup::Apply(NodeQueued record) {
    NewNode* node = FindNew(record.id);
    if (!node && !record.is_new) {
        changes_.emplace_back(std::move(record));
        return;
    }
    if (!node) {
        Apply(NodeAdded{record.id, record.run_id, record.node_id, record.block_id, record.at});
        node = &new_nodes_.back();
    }
    if (!model::MayBecome(node->status, ExecutionStatus::kQueued)) return;
    node->status = ExecutionStatus::kQueued;
    node->queued_at = record.at;
    node->data = std::move(record.data);
}

void JournalGroup::Apply(NodeStatusChanged record) {
    NewNode* node = FindNew(record.id);
    if (!node) {
        changes_.emplace_back(std::move(record));
        return;
    }
    if (!model::MayBecome(node->status, record.status)) return;
    node->status = record.status;
    if (record.status == ExecutionStatus::kQueued) node->queued_at = record.at;
    if (record.status == ExecutionStatus::kRunning) node->started_at = record.at;
    if (record.status == ExecutionStatus::kCompleted || record.status == ExecutionStatus::kFailed) {
        node->ended_at = record.at;
    }
    if (!record.stats->IsNull()) node->stats = std::move(record.stats);
}

}  // namespace yard::storage::sql
