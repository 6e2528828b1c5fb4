#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "host/model/execution.h"

namespace yard::storage {

struct ExecutionFilter {
    std::optional<UserId> user_id;
    std::optional<GraphId> graph_id;
    std::optional<GraphExecutionId> parent_id;
    std::vector<model::ExecutionStatus> statuses;  // Empty: any.
    std::optional<Timestamp> created_from;
    std::optional<Timestamp> created_to;
    size_t limit = 250;
    size_t offset = 0;
};

// What a run needs to go on where it stopped.
struct StoredRun {
    model::GraphExecution execution;
    model::ExecutionContext context;
    std::vector<NodeId> nodes_to_skip;
    Value compiled_masks;  // nodes_input_masks with the credentials of the run filled in.
    // In the order they were added. INCOMPLETE ones carry the inputs that arrived; outputs are
    // complete.
    std::vector<model::NodeExecution> node_executions;
};

// The read side of executions, and the changes that users make to finished ones. What a run does is
// written by ExecutionJournal alone. Deleted executions are invisible here.
class ExecutionStore {
public:
    virtual ~ExecutionStore() = default;

    virtual Result<std::optional<model::GraphExecution>> Find(const GraphExecutionId& id) = 0;
    // Newest first.
    virtual Result<std::vector<model::GraphExecution>> List(const ExecutionFilter& filter) = 0;
    virtual Result<int64_t> Count(const ExecutionFilter& filter) = 0;
    // The newest `limit` by queue time, then add time; ascending, unqueued ones last.
    virtual Result<std::vector<model::NodeExecution>> NodeExecutions(const GraphExecutionId& id,
                                                                     size_t limit) = 0;
    // False if the user has no such execution. Deleting twice succeeds.
    virtual Result<bool> SoftDelete(const GraphExecutionId& id, const UserId& user) = 0;
    // nullopt takes the share back. False if the user has no such execution.
    virtual Result<bool> SetShare(const GraphExecutionId& id, const UserId& user,
                                  const std::optional<std::string>& token, Timestamp now) = 0;
    virtual Result<std::optional<model::GraphExecution>> FindShared(const std::string& token) = 0;

    // Runs that were accepted and not finished, oldest first: INCOMPLETE, QUEUED, RUNNING.
    virtual Result<std::vector<GraphExecutionId>> Unfinished() = 0;
    virtual Result<std::optional<StoredRun>> LoadRun(const GraphExecutionId& id) = 0;
};

}  // namespace yard::storage
