// Turns a request to run a graph into what the engine needs: everything is checked here.

#pragma once

#include <memory>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "base/value.h"
#include "host/credentials/credential_store.h"
#include "host/engine/engine.h"
#include "host/model/block_type.h"
#include "host/model/graph.h"

namespace yard::service {

struct RunInputs {
    Value inputs;              // Name of an input node -> value; null: none.
    Value credentials_inputs;  // Aggregated name -> reference; null: none.
    Value nodes_input_masks;   // Of the caller; null: none.
};

struct RunPlan {
    Value compiled_masks;
    std::vector<NodeId> nodes_to_skip;
    std::vector<engine::RunRequest::Start> starts;
};

// kInvalid with {type, message, node_errors} as detail for faults of nodes, plain kInvalid when no
// run can begin. `graph` comes with its sub-graphs.
Result<RunPlan> PlanRun(const UserId& user, model::Graph& graph, const RunInputs& inputs,
                        const model::BlockCatalog& catalog,
                        const credentials::CredentialStore& store);

}  // namespace yard::service
