// Graphs in the JSON form of the REST API and of export files.

#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/value.h"
#include "host/model/block_type.h"
#include "host/model/graph.h"

namespace yard::model {

// One fault of a submitted document, in the terms of a 422 response.
struct FieldError {
    std::vector<std::variant<std::string, size_t>> path;  // From the decoded value, not "body".
    std::string type;                                     // "missing", "string_type", ...
    std::string message;
    Value input;  // The offending value; of a missing member, the object that lacks it.
};

// Decodes a graph as submitted or exported: unknown members are ignored, missing ids are made up,
// a list `subgraphs` is understood as `sub_graphs`. All faults are reported, in document order.
std::variant<Graph, std::vector<FieldError>> DecodeGraph(View json);

// The JSON of the webhook a node is attached to, by webhook id; null if there is none.
using WebhookJson = std::function<Value(const std::string& webhook_id)>;

// What GET, POST and PUT of a graph answer. `sub_graphs` of the graph are included.
Value EncodeGraph(const Graph& graph, const BlockCatalog& catalog, const WebhookJson& webhook = {});
// The entry of a list of graphs.
Value EncodeGraphMeta(const Graph& graph, const BlockCatalog& catalog);

}  // namespace yard::model
