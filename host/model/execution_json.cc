#include "host/model/execution_json.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "host/model/python_text.h"

namespace yard::model {
namespace {

constexpr size_t kNodesShownMax = 1'000;

void AppendText(std::string_view key, const std::optional<std::string>& text, ValueBuilder& out) {
    out.Key(key);
    if (text) {
        out.String(*text);
    } else {
        out.Null();
    }
}

void AppendTime(std::string_view key, const std::optional<Timestamp>& time, ValueBuilder& out) {
    out.Key(key);
    if (time) {
        out.String(FormatIso(*time));
    } else {
        out.Null();
    }
}

void AppendScore(std::string_view key, const std::optional<double>& score, ValueBuilder& out) {
    out.Key(key);
    if (score) {
        out.Double(*score);
    } else {
        out.Null();
    }
}

void AppendStats(const std::optional<GraphExecutionStats>& stats, ValueBuilder& out) {
    out.Key("stats");
    if (!stats) {
        out.Null();
        return;
    }
    out.BeginObject().Member("cost", stats->cost).Member("duration", stats->walltime_s);
    out.Member("duration_cpu_only", stats->cputime_s);
    out.Member("node_exec_time", stats->nodes_walltime_s);
    out.Member("node_exec_time_cpu_only", stats->nodes_cputime_s);
    out.Member("node_exec_count", stats->node_count);
    out.Member("node_error_count", stats->node_error_count);
    AppendText("error", stats->error, out);
    AppendText("activity_status", stats->activity_status, out);
    AppendScore("correctness_score", stats->correctness_score, out);
    out.EndObject();
}

// The members of GraphExecutionMeta, with `inputs` as given.
void AppendMeta(const GraphExecution& execution, View inputs, ValueBuilder& out) {
    out.Member("id", execution.id.text()).Member("user_id", execution.user_id.text());
    out.Member("graph_id", execution.graph_id.text());
    out.Member("graph_version", execution.graph_version).Member("inputs", inputs);
    View credentials = execution.credential_inputs;
    out.Member("credential_inputs", credentials.empty() ? View() : credentials);
    out.Member("nodes_input_masks", execution.nodes_input_masks);
    AppendText("preset_id", execution.preset_id, out);
    out.Member("status", ToString(execution.status));
    AppendTime("started_at", execution.started_at, out);
    AppendTime("ended_at", execution.ended_at, out);
    out.Member("is_shared", execution.is_shared);
    AppendText("share_token", execution.share_token, out);
    AppendStats(execution.stats, out);
}

using Nodes = std::vector<const NodeExecution*>;

// The newest ones, oldest first; those never queued come last.
Nodes InOrder(Nodes sorted) {
    auto newest_first = [](const NodeExecution* a, const NodeExecution* b) {
        auto key = [](const NodeExecution* n) {
            return std::tuple(!n->queued_at, n->queued_at.value_or(Timestamp{}), n->added_at);
        };
        return key(a) > key(b);
    };
    std::stable_sort(sorted.begin(), sorted.end(), newest_first);
    if (sorted.size() > kNodesShownMax) sorted.resize(kNodesShownMax);
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
        auto key = [](const NodeExecution* n) {
            return std::tuple(!n->queued_at, n->queued_at.value_or(n->added_at));
        };
        return key(a) < key(b);
    });
    return sorted;
}

bool IsInterfaceKind(BlockKind kind) {
    return kind == BlockKind::kInput || kind == BlockKind::kOutput || kind == BlockKind::kWebhook ||
           kind == BlockKind::kWebhookManual;
}

struct InterfaceNode {
    const NodeExecution* node;
    BlockKind kind;
};

// Executions that show what went into the graph and what came out of it.
std::vector<InterfaceNode> InterfaceNodes(const std::vector<NodeExecution>& nodes,
                                          const BlockCatalog& catalog) {
    Nodes chosen;
    for (const NodeExecution& node : nodes) {
        const BlockType* block = catalog.Find(node.block_id);
        bool counts = block != nullptr && IsInterfaceKind(block->kind) &&
                      node.status != ExecutionStatus::kIncomplete;
        if (counts) chosen.push_back(&node);
    }
    std::vector<InterfaceNode> interface;
    for (const NodeExecution* node : InOrder(std::move(chosen))) {
        interface.push_back({node, catalog.Find(node->block_id)->kind});
    }
    return interface;
}

using Fields = std::vector<std::pair<std::string, View>>;

void SetField(Fields& fields, std::string name, View value) {
    for (auto& [known, old] : fields) {
        if (known != name) continue;
        old = value;
        return;
    }
    fields.emplace_back(std::move(name), value);
}

Value DeriveInputs(const GraphExecution& execution, const std::vector<InterfaceNode>& nodes) {
    Fields fields;
    bool stored = PythonTruth(execution.inputs);
    for (auto [name, value] : execution.inputs->members())
        SetField(fields, std::string(name), value);
    for (const InterfaceNode& entry : nodes) {
        View data = entry.node->input_data;
        if (!stored && entry.kind == BlockKind::kInput && data.Has("name")) {
            SetField(fields, PythonStr(data["name"]), data["value"]);
        }
    }
    for (const InterfaceNode& entry : nodes) {
        bool trigger = entry.kind == BlockKind::kWebhook || entry.kind == BlockKind::kWebhookManual;
        if (trigger) SetField(fields, "payload", entry.node->input_data["payload"]);
    }
    ValueBuilder out;
    out.BeginObject();
    for (const auto& [name, value] : fields) out.Member(name, value);
    return out.EndObject().Take();
}

Value OutputsOf(const std::vector<InterfaceNode>& nodes) {
    std::vector<std::pair<std::string, std::vector<View>>> outputs;
    for (const InterfaceNode& entry : nodes) {
        View data = entry.node->input_data;
        if (entry.kind != BlockKind::kOutput || !data.Has("name")) continue;
        std::string name = PythonStr(data["name"]);
        auto found = std::find_if(outputs.begin(), outputs.end(),
                                  [&](const auto& output) { return output.first == name; });
        if (found == outputs.end()) {
            found = outputs.insert(outputs.end(), {name, std::vector<View>()});
        }
        found->second.push_back(data["value"]);
    }
    ValueBuilder out;
    out.BeginObject();
    for (const auto& [name, values] : outputs) {
        out.Key(name).BeginArray();
        for (View value : values) out.Copy(value);
        out.EndArray();
    }
    return out.EndObject().Take();
}

void AppendExecution(const GraphExecution& execution, const std::vector<NodeExecution>& nodes,
                     const BlockCatalog& catalog, ValueBuilder& out) {
    std::vector<InterfaceNode> interface = InterfaceNodes(nodes, catalog);
    AppendMeta(execution, DeriveInputs(execution, interface), out);
    out.Member("outputs", OutputsOf(interface));
}

// The last message per input where the data itself was removed.
void AppendClearedInputs(View cleared, ValueBuilder& out) {
    out.BeginObject();
    for (auto [name, messages] : cleared.members()) {
        View last = messages.empty() ? View() : messages.At(messages.size() - 1);
        out.Member(name, last.StringOr(""));
    }
    out.EndObject();
}

void AppendOutputs(const NodeExecution& node, ValueBuilder& out) {
    out.BeginObject();
    for (const auto& [pin, values] : node.output_data) {
        out.Key(pin).BeginArray();
        for (const Value& value : values) out.Copy(value);
        out.EndArray();
    }
    out.EndObject();
}

void AppendNode(const NodeExecution& node, const GraphExecution& execution, ValueBuilder& out) {
    out.BeginObject();
    out.Member("user_id", execution.user_id.text()).Member("graph_id", execution.graph_id.text());
    out.Member("graph_version", execution.graph_version);
    out.Member("graph_exec_id", execution.id.text()).Member("node_exec_id", node.id.text());
    out.Member("node_id", node.node_id.text()).Member("block_id", node.block_id.text());
    out.Member("status", ToString(node.status)).Key("input_data");
    if (PythonTruth(node.stats["cleared_inputs"])) {
        AppendClearedInputs(node.stats["cleared_inputs"], out);
    } else {
        out.Copy(node.input_data);
    }
    out.Key("output_data");
    if (PythonTruth(node.stats["cleared_outputs"])) {
        out.Copy(node.stats["cleared_outputs"]);
    } else {
        AppendOutputs(node, out);
    }
    out.Member("add_time", FormatIso(node.added_at));
    AppendTime("queue_time", node.queued_at, out);
    AppendTime("start_time", node.started_at, out);
    AppendTime("end_time", node.ended_at, out);
    out.EndObject();
}

bool IsNumberOrAbsent(View value) { return value.IsNull() || value.IsNumber(); }

double NumberOr0(View value) { return value.IsNumber() ? value.AsDouble() : 0; }

int64_t CountOr0(View value) {
    if (value.IsInt()) return value.AsInt();
    double number = NumberOr0(value);
    return std::abs(number) < 9e18 ? static_cast<int64_t>(number) : 0;
}

std::optional<std::string> TextOf(View value) {
    if (!value.IsString()) return std::nullopt;
    return std::string(value.AsString());
}

}  // namespace

Value EncodeGraphExecutionMeta(const GraphExecution& execution) {
    ValueBuilder out;
    out.BeginObject();
    AppendMeta(execution, execution.inputs, out);
    return out.EndObject().Take();
}

Value EncodeGraphExecution(const GraphExecution& execution, const std::vector<NodeExecution>& nodes,
                           const BlockCatalog& catalog) {
    ValueBuilder out;
    out.BeginObject();
    AppendExecution(execution, nodes, catalog, out);
    return out.EndObject().Take();
}

Value EncodeGraphExecutionWithNodes(const GraphExecution& execution,
                                    const std::vector<NodeExecution>& nodes,
                                    const BlockCatalog& catalog) {
    ValueBuilder out;
    out.BeginObject();
    AppendExecution(execution, nodes, catalog, out);
    Nodes all;
    for (const NodeExecution& node : nodes) all.push_back(&node);
    out.Key("node_executions").BeginArray();
    for (const NodeExecution* node : InOrder(std::move(all))) AppendNode(*node, execution, out);
    out.EndArray();
    return out.EndObject().Take();
}

Value EncodeNodeExecution(const NodeExecution& node, const GraphExecution& execution) {
    ValueBuilder out;
    AppendNode(node, execution, out);
    return out.Take();
}

Value DeriveOutputs(const std::vector<NodeExecution>& nodes, const BlockCatalog& catalog) {
    return OutputsOf(InterfaceNodes(nodes, catalog));
}

Value EncodeStoredStats(const GraphExecutionStats& stats) {
    ValueBuilder out;
    out.BeginObject();
    AppendText("error", stats.error, out);
    out.Member("walltime", stats.walltime_s).Member("cputime", stats.cputime_s);
    out.Member("nodes_walltime", stats.nodes_walltime_s);
    out.Member("nodes_cputime", stats.nodes_cputime_s);
    out.Member("node_count", stats.node_count).Member("node_error_count", stats.node_error_count);
    out.Member("cost", stats.cost);
    AppendText("activity_status", stats.activity_status, out);
    AppendScore("correctness_score", stats.correctness_score, out);
    return out.EndObject().Take();
}

std::optional<GraphExecutionStats> DecodeStoredStats(View json) {
    if (!json.IsObject()) return std::nullopt;
    for (const char* name : {"walltime", "cputime", "nodes_walltime", "nodes_cputime", "node_count",
                             "node_error_count", "cost", "correctness_score"}) {
        if (!IsNumberOrAbsent(json[name])) return std::nullopt;
    }
    GraphExecutionStats stats;
    stats.error = TextOf(json["error"]);
    stats.walltime_s = NumberOr0(json["walltime"]);
    stats.cputime_s = NumberOr0(json["cputime"]);
    stats.nodes_walltime_s = NumberOr0(json["nodes_walltime"]);
    stats.nodes_cputime_s = NumberOr0(json["nodes_cputime"]);
    stats.node_count = CountOr0(json["node_count"]);
    stats.node_error_count = CountOr0(json["node_error_count"]);
    stats.cost = CountOr0(json["cost"]);
    stats.activity_status = TextOf(json["activity_status"]);
    if (json["correctness_score"].IsNumber()) {
        stats.correctness_score = json["correctness_score"].AsDouble();
    }
    return stats;
}

}  // namespace yard::model
