// Executions of graphs and nodes as stored and shown. Plain structs; host/engine advances them.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/value.h"

namespace yard::model {

enum class ExecutionStatus {
    kIncomplete,
    kQueued,
    kRunning,
    kCompleted,
    kTerminated,
    kFailed,
    kReview
};

std::string_view ToString(ExecutionStatus status);  // "INCOMPLETE", ...
std::optional<ExecutionStatus> ParseExecutionStatus(std::string_view text);

// Which changes of status are legal (docs/executions.md has the table). The same for graphs and
// nodes.
bool MayBecome(ExecutionStatus from, ExecutionStatus to);

inline bool IsFinal(ExecutionStatus status) {
    return status == ExecutionStatus::kCompleted || status == ExecutionStatus::kTerminated ||
           status == ExecutionStatus::kFailed;
}

// What a run inherits from where it was started.
struct ExecutionContext {
    bool human_in_the_loop_safe_mode = true;
    bool sensitive_action_safe_mode = false;
    std::string user_timezone = "UTC";
    std::optional<GraphExecutionId> root_execution_id;
    std::optional<GraphExecutionId> parent_execution_id;
};

struct GraphExecutionStats {
    std::optional<std::string> error;
    double walltime_s = 0;
    double cputime_s = 0;
    double nodes_walltime_s = 0;
    double nodes_cputime_s = 0;
    int64_t node_count = 0;
    int64_t node_error_count = 0;
    int64_t cost = 0;  // Credits.
    std::optional<std::string> activity_status;
    std::optional<double> correctness_score;
};

struct GraphExecution {
    GraphExecutionId id;
    UserId user_id;
    GraphId graph_id;
    int graph_version = 1;
    ExecutionStatus status = ExecutionStatus::kIncomplete;
    Value inputs;             // Object, or null when none were stored.
    Value credential_inputs;  // Object: aggregated field name -> credentials reference.
    Value nodes_input_masks;  // Object: node id -> input name -> value.
    std::optional<std::string> preset_id;
    std::optional<GraphExecutionId> parent_id;
    Timestamp created_at;
    std::optional<Timestamp> started_at;
    std::optional<Timestamp> ended_at;
    bool is_shared = false;
    std::optional<std::string> share_token;
    std::optional<GraphExecutionStats> stats;
};

struct NodeExecution {
    NodeExecutionId id;
    GraphExecutionId graph_execution_id;
    NodeId node_id;
    BlockId block_id;
    ExecutionStatus status = ExecutionStatus::kIncomplete;
    Value input_data = Value::EmptyObject();
    // Whether input_data is the resolved data the node was queued with (it is not for INCOMPLETE
    // ones, which show what has arrived so far).
    bool has_execution_data = false;
    std::vector<std::pair<std::string, std::vector<Value>>>
        output_data;  // Per pin, in order of emission.
    Timestamp added_at;
    std::optional<Timestamp> queued_at;
    std::optional<Timestamp> started_at;
    std::optional<Timestamp> ended_at;
    Value stats;  // Object (docs/executions.md), or null.
};

}  // namespace yard::model
