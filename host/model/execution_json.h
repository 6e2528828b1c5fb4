// Executions in the JSON form of the REST API.

#pragma once

#include <optional>
#include <vector>

#include "base/value.h"
#include "host/model/block_type.h"
#include "host/model/execution.h"

namespace yard::model {

Value EncodeGraphExecutionMeta(const GraphExecution& execution);

// With `inputs` and `outputs` derived from the executions of input, output and trigger nodes.
// `nodes` in any order.
Value EncodeGraphExecution(const GraphExecution& execution, const std::vector<NodeExecution>& nodes,
                           const BlockCatalog& catalog);
// And with all of `nodes`, in the order they were queued.
Value EncodeGraphExecutionWithNodes(const GraphExecution& execution,
                                    const std::vector<NodeExecution>& nodes,
                                    const BlockCatalog& catalog);

// NodeExecutionResult: the REST shape, also sent as an event.
Value EncodeNodeExecution(const NodeExecution& node, const GraphExecution& execution);

// Outputs of the graph so far: {name: [values]}.
Value DeriveOutputs(const std::vector<NodeExecution>& nodes, const BlockCatalog& catalog);

// The form GraphExecutionStats are stored in. Decoding accepts any object with numbers where
// numbers belong; nothing for anything else.
Value EncodeStoredStats(const GraphExecutionStats& stats);
std::optional<GraphExecutionStats> DecodeStoredStats(View json);

}  // namespace yard::model
