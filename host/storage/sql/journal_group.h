#pragma once

#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "host/storage/execution_journal.h"

namespace yard::storage::sql {

// The records of one commit, reduced to the rows they leave behind: what is created and advanced
// within the group becomes one row in its last state. Changes of older rows stay as they are.
class JournalGroup {
public:
    struct NewRun {
        RunCreated created;  // Its status, times and stats are superseded by these:
        model::ExecutionStatus status;
        std::optional<Timestamp> started_at;
        std::optional<Timestamp> ended_at;
        std::optional<model::GraphExecutionStats> stats;
    };
    struct NewNode {
        NodeExecutionId id;
        GraphExecutionId run_id;
        NodeId node_id;
        BlockId block_id;
        model::ExecutionStatus status;
        Timestamp added_at;
        Value data = {};
        std::optional<Timestamp> queued_at = {};
        std::optional<Timestamp> started_at = {};
        std::optional<Timestamp> ended_at = {};
        Value stats = {};
        std::vector<NodeInputAdded> inputs = {};  // To be stored only while INCOMPLETE.
    };
    using Change = std::variant<RunStatusChanged, NodeQueued, NodeStatusChanged, NodeInputAdded>;

    void Add(JournalRecord record);
    void Clear();

    // In the order of their records.
    const std::vector<NewRun>& new_runs() const { return new_runs_; }
    const std::vector<NewNode>& new_nodes() const { return new_nodes_; }
    const std::vector<Change>& changes() const { return changes_; }
    const std::vector<NodeOutputAdded>& outputs() const { return outputs_; }

private:
    void Apply(RunCreated record);
    void Apply(RunStatusChanged record);
    void Apply(NodeAdded record);
    void Apply(NodeInputAdded record);
    void Apply(NodeQueued record);
    void Apply(NodeStatusChanged record);
    void Apply(NodeOutputAdded record) { outputs_.push_back(std::move(record)); }

    NewNode* FindNew(const NodeExecutionId& id);

    std::vector<NewRun> new_runs_;
    std::vector<NewNode> new_nodes_;
    std::vector<Change> changes_;
    std::vector<NodeOutputAdded> outputs_;
    std::unordered_map<GraphExecutionId, size_t> run_index_;
    std::unordered_map<NodeExecutionId, size_t> node_index_;
};

}  // namespace yard::storage::sql
