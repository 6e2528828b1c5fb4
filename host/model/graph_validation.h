// Checks of a graph before it is saved or run.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/value.h"
#include "host/model/block_type.h"
#include "host/model/graph.h"

namespace yard::model {

inline constexpr size_t kNodesMax = 5'000;
inline constexpr size_t kLinksMax = 50'000;

enum class GraphUse { kSave, kRun };

// Where a graph to be saved comes from. An imported one was valid where it was made: a link to a
// pin that the block does not have here is kept. Such a graph cannot run before it was mended.
enum class GraphOrigin { kBuilder, kImport };

// Messages per node and input, in order of discovery.
class NodeErrors {
public:
    using Fields = std::vector<std::pair<std::string, std::string>>;

    // Replaces an earlier message of the same input.
    void Set(const NodeId& node, std::string_view input, std::string message);

    bool empty() const { return nodes_.empty(); }
    const std::vector<std::pair<NodeId, Fields>>& nodes() const { return nodes_; }
    Value ToJson() const;  // {node id: {input: message}}

private:
    std::vector<std::pair<NodeId, Fields>> nodes_;
};

// Ends of links and sizes. Marks links that leave a static output as static. The first fault as
// kInvalid, absurd sizes as kTooLarge. Sub-graphs included.
Result<Ok> CheckStructure(Graph& graph, const BlockCatalog& catalog,
                          GraphOrigin origin = GraphOrigin::kBuilder);

// Faults of the nodes of the graph and its sub-graphs. `masks`: {node id: {input: value}} or null.
// kInvalid if a block is unknown to the catalog.
Result<NodeErrors> CollectNodeErrors(const Graph& graph, const BlockCatalog& catalog, GraphUse use,
                                     View masks = View());

// Both of the above; the first fault of all as kInvalid.
Result<Ok> ValidateForSave(Graph& graph, const BlockCatalog& catalog,
                           GraphOrigin origin = GraphOrigin::kBuilder);

// `Graph validation failed: ...` with {type, message, node_errors} as detail.
Error MakeGraphValidationError(const NodeErrors& errors);

}  // namespace yard::model
