// The interface of a graph, derived from its nodes: inputs, outputs, trigger and flags.

#pragma once

#include <vector>

#include "base/value.h"
#include "host/model/block_type.h"
#include "host/model/graph.h"

namespace yard::model {

// JSON Schema objects. Input and output nodes without a name have no place in them.
Value GraphInputSchema(const Graph& graph, const BlockCatalog& catalog);
Value GraphOutputSchema(const Graph& graph, const BlockCatalog& catalog);

// {provider, config_schema, credentials_input_name} of the node that starts the graph on an
// external event, or null.
Value TriggerSetupInfo(const Graph& graph, const BlockCatalog& catalog);
// That node, or nullptr.
const Node* FindTriggerNode(const Graph& graph, const BlockCatalog& catalog);

bool HasHumanInTheLoop(const Graph& graph, const BlockCatalog& catalog);
bool HasSensitiveAction(const Graph& graph, const BlockCatalog& catalog);

// Nodes an execution begins with: not the sink of any link, or an input of the graph. In node
// order, without notes.
std::vector<const Node*> StartingNodes(const Graph& graph, const BlockCatalog& catalog);

}  // namespace yard::model
