#include "host/model/graph_ids.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "base/uuid.h"
#include "host/model/node_input.h"
#include "host/model/well_known_blocks.h"

namespace yard::model {
namespace {

using GraphIdMap = std::unordered_map<std::string, std::string>;

void ReassignNodeIds(Graph& graph) {
    std::unordered_map<NodeId, NodeId> fresh;
    for (Node& node : graph.nodes) {
        NodeId id(NewUuid());
        fresh.emplace(node.id, id);
        node.id = std::move(id);
    }
    // Ends that match no node stay: validation names them.
    for (Link& link : graph.links) {
        if (auto found = fresh.find(link.source_id); found != fresh.end()) {
            link.source_id = found->second;
        }
        if (auto found = fresh.find(link.sink_id); found != fresh.end())
            link.sink_id = found->second;
    }
}

void RetargetSubAgents(Graph& graph, const UserId& user, const GraphIdMap& graph_ids) {
    for (Node& node : graph.nodes) {
        if (node.block_id.text() != kAgentExecutorBlock) continue;
        ValueBuilder changes;
        changes.BeginObject().Member("user_id", user.text());
        if (!node.input_default->Has("inputs")) changes.Member("inputs", Value::EmptyObject());
        auto moved = graph_ids.find(std::string(node.input_default["graph_id"].StringOr("")));
        if (moved != graph_ids.end()) changes.Member("graph_id", moved->second);
        node.input_default = Overlay(node.input_default, changes.EndObject().Take());
    }
}

bool IsSensitiveName(std::string_view name) {
    std::string lower(name);
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    constexpr std::string_view kParts[] = {"credentials", "api_key", "password", "token", "secret"};
    return std::any_of(std::begin(kParts), std::end(kParts), [&](std::string_view part) {
        return lower.find(part) != std::string::npos;
    });
}

void AppendStripped(View value, View schema, ValueBuilder& out);

void AppendStrippedObject(View object, View schema, ValueBuilder& out) {
    out.BeginObject();
    for (auto [name, value] : object.members()) {
        View property = schema["properties"][name];
        if (property["secret"].BoolOr(false)) continue;
        if (IsSensitiveName(name) && !value.IsBool()) continue;
        out.Key(name);
        AppendStripped(value, property, out);
    }
    out.EndObject();
}

void AppendStripped(View value, View schema, ValueBuilder& out) {
    if (value.IsObject()) return AppendStrippedObject(value, schema, out);
    if (!value.IsArray()) {
        out.Copy(value);
        return;
    }
    // Objects in lists carry secrets as well as any other.
    out.BeginArray();
    for (View item : value.items()) AppendStripped(item, schema["items"], out);
    out.EndArray();
}

Value WithoutMember(View object, std::string_view removed) {
    ValueBuilder out;
    out.BeginObject();
    for (auto [name, value] : object.members()) {
        if (name != removed) out.Member(name, value);
    }
    return out.EndObject().Take();
}

void StripNode(Node& node, const BlockCatalog& catalog) {
    const BlockType* block = catalog.Find(node.block_id);
    ValueBuilder out;
    AppendStripped(node.input_default, block == nullptr ? View() : block->input_schema.view(), out);
    bool is_secret_input = block != nullptr && block->kind == BlockKind::kInput &&
                           node.input_default["secret"].BoolOr(false);
    node.input_default = out.Take();
    if (is_secret_input) node.input_default = WithoutMember(node.input_default, "value");
    node.webhook_id.reset();
}

}  // namespace

void ReassignIds(Graph& graph, const UserId& user, GraphIds graph_ids) {
    GraphIdMap moved;
    auto reassign = [&](Graph& each) {
        if (graph_ids == GraphIds::kReassign) {
            std::string fresh = NewUuid();
            moved.emplace(each.id.text(), fresh);
            each.id = GraphId(std::move(fresh));
        }
        ReassignNodeIds(each);
    };
    reassign(graph);
    for (Graph& sub_graph : graph.sub_graphs) reassign(sub_graph);
    RetargetSubAgents(graph, user, moved);
    for (Graph& sub_graph : graph.sub_graphs) RetargetSubAgents(sub_graph, user, moved);
}

void TurnIntoFork(Graph& graph, const UserId& user) {
    graph.forked_from_id = graph.id;
    graph.forked_from_version = graph.version;
    graph.name += " (copy)";
    graph.user_id = user;
    ReassignIds(graph, user, GraphIds::kReassign);
}

void StripForExport(Graph& graph, const BlockCatalog& catalog) {
    graph.user_id = UserId();
    for (Node& node : graph.nodes) StripNode(node, catalog);
    for (Graph& sub_graph : graph.sub_graphs) StripForExport(sub_graph, catalog);
}

}  // namespace yard::model
