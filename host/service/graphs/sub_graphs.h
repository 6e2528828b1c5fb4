#pragma once

#include "base/result.h"
#include "host/model/graph.h"
#include "host/storage/graph_store.h"

namespace yard::service {

// Loads the graphs that `graph` runs as sub-agents, theirs included, into graph.sub_graphs: breadth
// first, one version per graph id, only graphs of the same owner. At most 500.
Result<Ok> AttachSubGraphs(model::Graph& graph, storage::GraphStore& graphs);

}  // namespace yard::service
