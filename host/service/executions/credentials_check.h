// Which credentials the nodes of a run use.

#pragma once

#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "base/value.h"
#include "host/credentials/credential_store.h"
#include "host/model/block_type.h"
#include "host/model/graph.h"
#include "host/model/graph_validation.h"

namespace yard::service {

struct RunCredentials {
    Value masks;  // The masks given, with the server's own credentials filled in.
    std::vector<NodeId> nodes_to_skip;  // Their optional credentials were not supplied.
};

// Checks the credentials of the graph's own nodes (not of its sub-graphs, which are checked when
// they start). A required field that nobody supplied gets the server's credentials for the node's
// provider, if there are some. Faults are added to `errors`.
RunCredentials ResolveCredentials(const UserId& user, const model::Graph& graph,
                                  const model::BlockCatalog& catalog, const Value& masks,
                                  const credentials::CredentialStore& store,
                                  model::NodeErrors& errors);

}  // namespace yard::service
