#include "host/service/graphs/sub_graphs.h"

#include <deque>
#include <limits>
#include <unordered_set>

#include "host/model/well_known_blocks.h"

namespace yard::service {
namespace {

constexpr size_t kSubGraphsMax = 500;

struct Reference {
    GraphId id;
    int version;
};

void CollectReferences(const model::Graph& graph, std::unordered_set<std::string>& seen,
                       std::deque<Reference>& found) {
    for (const model::Node& node : graph.nodes) {
        if (node.block_id.text() != model::kAgentExecutorBlock) continue;
        std::string_view id = node.input_default["graph_id"].StringOr("");
        int64_t version = node.input_default["graph_version"].IntOr(0);
        if (id.empty() || version < 1 || version > std::numeric_limits<int>::max()) continue;
        if (!seen.emplace(id).second) continue;
        found.push_back({GraphId(std::string(id)), static_cast<int>(version)});
    }
}

}  // namespace

Result<Ok> AttachSubGraphs(model::Graph& graph, storage::GraphStore& graphs) {
    std::unordered_set<std::string> seen = {graph.id.text()};
    std::deque<Reference> wanted;
    CollectReferences(graph, seen, wanted);
    while (!wanted.empty() && graph.sub_graphs.size() < kSubGraphsMax) {
        Reference next = std::move(wanted.front());
        wanted.pop_front();
        auto found = TRY(graphs.Find(next.id, next.version, graph.user_id));
        if (!found) continue;
        CollectReferences(*found, seen, wanted);
        graph.sub_graphs.push_back(std::move(*found));
    }
    return Ok{};
}

}  // namespace yard::service
