// The credentials a graph asks for: fields of its nodes that accept the same credentials are one
// input of the graph.

#pragma once

#include <string>
#include <vector>

#include "base/value.h"
#include "host/model/block_type.h"
#include "host/model/graph.h"

namespace yard::model {

struct CredentialsUse {
    NodeId node_id;
    std::string input;  // Name of the node's credentials field.
};

struct AggregatedCredentials {
    std::string name;        // "github_api_key-oauth2_credentials"
    CredentialsField field;  // Providers, types and discriminator of the first use; all scopes.
    std::vector<std::string> discriminator_values;
    bool required = false;  // Some node that uses it cannot do without.
    std::vector<CredentialsUse> uses;
};

// Of the graph and its `sub_graphs`, in order of first use.
std::vector<AggregatedCredentials> AggregateCredentials(const Graph& graph,
                                                        const BlockCatalog& catalog);

Value CredentialsInputSchema(const Graph& graph, const BlockCatalog& catalog);

// Input masks for a new execution, {node id: {input: value}}: the graph-level credentials
// (aggregated name -> reference) spread over the nodes that use them, under `caller_masks`.
// Unknown names are ignored. Either may be null.
Value BuildNodeMasks(const std::vector<AggregatedCredentials>& aggregated, View credentials_inputs,
                     View caller_masks);

}  // namespace yard::model
