// Executions as rows: what the store reads and the journal writes.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "host/model/execution.h"
#include "host/storage/sql/session.h"

namespace yard::storage::sql {

// Columns of AgentGraphExecution e, in the order GraphExecutionFrom expects them.
inline constexpr const char* kGraphExecutionColumns =
    R"(e."id", e."userId", e."agentGraphId", e."agentGraphVersion", e."executionStatus",
       e."inputs", e."credentialInputs", e."nodesInputMasks", e."agentPresetId",
       e."parentGraphExecutionId", e."stats", e."createdAt", e."startedAt", e."endedAt",
       e."isShared", e."shareToken")";
inline constexpr const char* kGraphExecutionColumnTypes = "tttitttttttiiiit";
Result<model::GraphExecution> GraphExecutionFrom(Rows& rows, size_t row);

// The same for AgentNodeExecution n. input_data is left empty if it was not stored with the row.
inline constexpr const char* kNodeExecutionColumns =
    R"(n."seq", n."id", n."agentGraphExecutionId", n."agentNodeId", n."blockId",
       n."executionStatus", n."executionData", n."addedTime", n."queuedTime", n."startedTime",
       n."endedTime", n."stats")";
inline constexpr const char* kNodeExecutionColumnTypes = "ittttttiiiit";
inline constexpr size_t kNodeExecutionSeqColumn = 0;
Result<model::NodeExecution> NodeExecutionFrom(Rows& rows, size_t row);

// Inputs and outputs that a block declared unfit to keep (stats.cleared_inputs and
// cleared_outputs) stand in for the stored ones.
void ApplyClearedData(model::NodeExecution& node);

Value EncodeContext(const model::ExecutionContext& context);
model::ExecutionContext DecodeContext(View json);
Value EncodeNodeIds(const std::vector<NodeId>& ids);
std::vector<NodeId> DecodeNodeIds(View json);

// `'QUEUED', 'RUNNING'`: the statuses that may become `target`; empty if none may.
std::string AllowedSources(model::ExecutionStatus target);

inline constexpr model::ExecutionStatus kEveryStatus[] = {
    model::ExecutionStatus::kIncomplete, model::ExecutionStatus::kQueued,
    model::ExecutionStatus::kRunning,    model::ExecutionStatus::kCompleted,
    model::ExecutionStatus::kTerminated, model::ExecutionStatus::kFailed,
    model::ExecutionStatus::kReview};

}  // namespace yard::storage::sql
