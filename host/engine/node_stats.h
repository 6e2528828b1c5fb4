// What an execution of a node reports about itself, and the totals of its run.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/value.h"
#include "host/model/execution.h"

namespace yard::engine {

struct NodeUsage {
    std::optional<std::string> error;
    double walltime_s = 0;
    double cputime_s = 0;
    int64_t input_size = 0;   // Characters of JSON.
    int64_t output_size = 0;  // The same, of all outputs.
    int64_t retry_count = 0;  // Times the node was begun before and not finished.
    Value reported;           // By the block: object, or null.
};

// The stats object of a node execution (docs/executions.md). Numbers the block reported are added
// to the engine's own; members unknown to the engine are kept.
Value EncodeNodeStats(const NodeUsage& usage);

// Adds one finished node execution, given its stats object, to the totals of its run.
void AddToTotals(View node_stats, bool failed, model::GraphExecutionStats& totals);

}  // namespace yard::engine
