#include "host/engine/compiled_graph.h"

#include <algorithm>
#include <utility>

namespace yard::engine {
namespace {

size_t PinIndex(std::vector<CompiledPin>& pins, const std::string& name) {
    const auto found = std::find_if(pins.begin(), pins.end(),
                                    [&](const CompiledPin& pin) { return pin.name == name; });
    if (found != pins.end()) return static_cast<size_t>(found - pins.begin());
    pins.push_back({.name = name});
    return pins.size() - 1;
}

}  // namespace

CompiledGraph::CompiledGraph(std::shared_ptr<const model::Graph> graph,
                             const model::BlockCatalog& catalog)
    : graph_(std::move(graph)), nodes_(graph_->nodes.size()) {
    for (size_t i = 0; i < nodes_.size(); ++i) {
        nodes_[i].node = &graph_->nodes[i];
        nodes_[i].block = catalog.Find(graph_->nodes[i].block_id);
        index_.emplace(graph_->nodes[i].id, i);
    }
    // Grouped first: a plan looks at every link it is given.
    std::vector<std::vector<model::Link>> links_into(nodes_.size());
    for (const model::Link& link : graph_->links) {
        const auto source = IndexOf(link.source_id);
        const auto sink = IndexOf(link.sink_id);
        if (!source || !sink) continue;  // Validation refuses such graphs; old rows may have them.
        CompiledNode& target = nodes_[*sink];
        const size_t pin = PinIndex(target.pins, link.sink_name);
        if (link.is_static) target.pins[pin].is_static = target.has_static_pins = true;
        nodes_[*source].links.push_back({&link, *sink, pin});
        links_into[*sink].push_back(link);
    }
    for (size_t i = 0; i < nodes_.size(); ++i) {
        CompiledNode& node = nodes_[i];
        if (node.block == nullptr) continue;
        node.plan.emplace(*node.node, *node.block, links_into[i]);
        const std::vector<std::string>& linked = node.plan->linked_pins();
        for (CompiledPin& pin : node.pins) {
            pin.required = std::find(linked.begin(), linked.end(), pin.name) != linked.end();
        }
    }
}

std::optional<size_t> CompiledGraph::IndexOf(const NodeId& id) const {
    const auto found = index_.find(id);
    if (found == index_.end()) return std::nullopt;
    return found->second;
}

bool CompiledGraph::IsCurrent(const model::BlockCatalog& catalog) const {
    return std::all_of(nodes_.begin(), nodes_.end(), [&](const CompiledNode& node) {
        return catalog.Find(node.node->block_id) == node.block;
    });
}

std::shared_ptr<const CompiledGraph> CompiledGraphCache::Get(
    std::shared_ptr<const model::Graph> graph, const model::BlockCatalog& catalog) {
    const model::Graph* key = graph.get();
    {
        std::lock_guard lock(mutex_);
        const auto found = entries_.find(key);
        if (found != entries_.end() && found->second->IsCurrent(catalog)) return found->second;
    }
    auto compiled = std::make_shared<const CompiledGraph>(std::move(graph), catalog);
    std::lock_guard lock(mutex_);
    if (entries_.size() >= entries_max_ && !entries_.contains(key)) {
        entries_.erase(entries_.begin());
    }
    entries_[key] = compiled;
    return compiled;
}

}  // namespace yard::engine
