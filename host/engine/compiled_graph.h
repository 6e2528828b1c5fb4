// A graph in the form the engine walks: nodes by index, links by the node they leave, everything
// about a node's input that does not depend on data.

#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "host/model/block_type.h"
#include "host/model/graph.h"
#include "host/model/node_input.h"

namespace yard::engine {

struct CompiledLink {
    const model::Link* link;
    size_t sink;      // Index of the node.
    size_t sink_pin;  // Index in the sink's `pins`.
};

struct CompiledPin {
    std::string name;        // As links name it, dynamic suffix included.
    bool required = false;   // The node waits for a value.
    bool is_static = false;  // Keeps its last value.
};

struct CompiledNode {
    const model::Node* node = nullptr;
    const model::BlockType* block = nullptr;   // Null if the catalog does not know it.
    std::optional<model::NodeInputPlan> plan;  // Exists if `block` does.
    std::vector<CompiledPin> pins;             // Those with incoming links.
    std::vector<CompiledLink> links;           // Outgoing, in graph order.
    bool has_static_pins = false;
};

// Immutable and thread-safe. Keeps the graph; the catalog must outlive it.
class CompiledGraph {
public:
    CompiledGraph(std::shared_ptr<const model::Graph> graph, const model::BlockCatalog& catalog);

    const std::vector<CompiledNode>& nodes() const { return nodes_; }
    const model::Graph& graph() const { return *graph_; }
    std::optional<size_t> IndexOf(const NodeId& id) const;
    // Whether the catalog still means the same by every block of the graph.
    bool IsCurrent(const model::BlockCatalog& catalog) const;

private:
    const std::shared_ptr<const model::Graph> graph_;  // Shared with the caller's own cache.
    std::unordered_map<NodeId, size_t> index_;
    std::vector<CompiledNode> nodes_;
};

// Remembers what was compiled, by identity of the graph object. Thread-safe.
class CompiledGraphCache {
public:
    explicit CompiledGraphCache(size_t entries_max) : entries_max_(entries_max) {}

    std::shared_ptr<const CompiledGraph> Get(std::shared_ptr<const model::Graph> graph,
                                             const model::BlockCatalog& catalog);

private:
    const size_t entries_max_;
    std::mutex mutex_;
    // An entry keeps its graph alive, so that the address cannot come to mean another one.
    std::unordered_map<const model::Graph*, std::shared_ptr<const CompiledGraph>> entries_;
};

}  // namespace yard::engine
