// Changes of a whole graph that need no knowledge of storage: new ids, forks, exports.

#pragma once

#include <string>

#include "host/model/block_type.h"
#include "host/model/graph.h"

namespace yard::model {

enum class GraphIds { kKeep, kReassign };

// Fresh ids for all nodes and, with kReassign, for the graph and its sub-graphs. Links and
// sub-agent nodes follow. Sub-agent nodes are made to run as `user`.
void ReassignIds(Graph& graph, const UserId& user, GraphIds graph_ids);

// Turns a graph loaded for export into the start of a copy: names its origin, renames it, fresh
// ids throughout. The version number stays.
void TurnIntoFork(Graph& graph, const UserId& user);

// Removes what must not leave the owner's account: secrets by schema or by name, values of secret
// inputs, webhooks, owner. Sub-graphs included.
void StripForExport(Graph& graph, const BlockCatalog& catalog);

}  // namespace yard::model
