// Everything a run does, appended by the engine and committed in groups.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "base/value.h"
#include "host/model/execution.h"

namespace yard::storage {

// A run was accepted. Its starting nodes follow as NodeQueued records of the same Append.
struct RunCreated {
    model::GraphExecution execution;  // Status as it shall be stored (QUEUED).
    model::ExecutionContext context;
    std::vector<NodeId> nodes_to_skip;
    Value compiled_masks;
};

// Applied only if the stored status may become this one (model::MayBecome), like every change of
// status.
struct RunStatusChanged {
    GraphExecutionId id;
    model::ExecutionStatus status;
    Timestamp at;  // started_at for RUNNING, ended_at for final ones.
    std::optional<model::GraphExecutionStats> stats;
};

// An execution of a node that still waits for inputs.
struct NodeAdded {
    NodeExecutionId id;
    GraphExecutionId run_id;
    NodeId node_id;
    BlockId block_id;
    Timestamp at;
};

// A value arrived on a pin of an INCOMPLETE execution.
struct NodeInputAdded {
    NodeExecutionId id;
    std::string name;
    Value value;
    Timestamp at;
};

// The inputs are complete. Creates the row when no NodeAdded came before (`is_new`).
struct NodeQueued {
    NodeExecutionId id;
    GraphExecutionId run_id;
    NodeId node_id;
    BlockId block_id;
    Value data;  // The resolved input.
    Timestamp at;
    bool is_new = false;
};

struct NodeStatusChanged {
    NodeExecutionId id;
    model::ExecutionStatus status;
    Timestamp at;
    Value stats;  // Object, or null to leave what is stored.
};

struct NodeOutputAdded {
    NodeExecutionId id;
    std::string name;
    Value value;
    Timestamp at;
};

using JournalRecord = std::variant<RunCreated, RunStatusChanged, NodeAdded, NodeInputAdded,
                                   NodeQueued, NodeStatusChanged, NodeOutputAdded>;

// Thread-safe. Appends of one thread are applied in order; an Append is committed as a whole or not
// at all, and never before an earlier Append of the same run.
class ExecutionJournal {
public:
    using Position = uint64_t;

    virtual ~ExecutionJournal() = default;

    // Takes the records. Blocks while too much is pending, so that a slow disk slows the runs and
    // not the memory. Never fails: what cannot be committed now (disk full, database locked) is
    // retried until it can.
    virtual Position Append(std::vector<JournalRecord> records) = 0;

    // Calls `done` once everything up to `position` is committed; at once if it is. On the
    // journal's thread: it must not block and must not call back into the journal.
    virtual void OnDurable(Position position, std::function<void()> done) = 0;

    // kUnavailable with the reason while commits fail. New runs are refused then, accepted ones
    // wait.
    virtual Result<Ok> Health() const = 0;

    // Returns when everything appended so far is committed.
    virtual void Flush() = 0;
};

}  // namespace yard::storage
