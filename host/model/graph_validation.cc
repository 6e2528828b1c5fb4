#include "host/model/graph_validation.h"

#include <algorithm>
#include <unordered_map>

#include "base/json.h"
#include "host/model/dynamic_pins.h"
#include "host/model/python_text.h"

namespace yard::model {
namespace {

// Names listed in one message; more would help nobody.
constexpr size_t kListedMax = 50;

using NodeMap = std::unordered_map<NodeId, const Node*>;

NodeMap MapNodes(const Graph& graph) {
    NodeMap nodes;
    for (const Node& node : graph.nodes) nodes.emplace(node.id, &node);
    return nodes;
}

std::string DictKeys(const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& name : names) {
        if (!list.empty()) list += ", ";
        AppendPythonRepr(name, list);
    }
    return "dict_keys([" + list + "])";
}

std::vector<std::string> MemberNames(View object) {
    std::vector<std::string> names;
    for (auto [name, value] : object.members()) {
        if (names.size() < kListedMax) names.emplace_back(name);
    }
    return names;
}

std::string AvailableNodes(const Graph& graph) {
    std::vector<std::string> ids;
    for (const Node& node : graph.nodes) {
        if (ids.size() < kListedMax) ids.push_back(node.id.text());
    }
    return DictKeys(ids);
}

std::string AvailableBlocks(const BlockCatalog& catalog) {
    std::string list;
    size_t count = 0;
    for (const BlockType* block : catalog.All()) {
        if (block->availability != BlockAvailability::kReady || ++count > kListedMax) continue;
        list += (list.empty() ? "" : ", ") + PythonRepr(std::string_view(block->id.text())) + ": " +
                PythonRepr(std::string_view(block->name));
    }
    return '{' + list + '}';
}

std::string PinText(const NodeId& node, const std::string& pin) {
    return "('" + node.text() + "', '" + pin + "')";
}

enum class LinkEnd { kSource, kSink };

// Checks the links of one graph; the texts are those of the reference platform.
class LinkCheck {
public:
    LinkCheck(const Graph& graph, const BlockCatalog& catalog, GraphOrigin origin)
        : graph_(graph), catalog_(catalog), origin_(origin), nodes_(MapNodes(graph)) {}

    // Both ends; marks the link static if its source is.
    Result<Ok> Check(Link& link) const {
        const BlockType* source = TRY(CheckEnd(link, LinkEnd::kSource));
        TRY(CheckEnd(link, LinkEnd::kSink));
        if (source->static_output) link.is_static = true;
        return Ok{};
    }

private:
    static Error Fault(const Link& link, const std::string& text) {
        return Invalid("Link " + PinText(link.source_id, link.source_name) + " <-> " +
                       PinText(link.sink_id, link.sink_name) + ", " + text);
    }

    Result<const BlockType*> CheckEnd(const Link& link, LinkEnd end) const {
        const NodeId& id = end == LinkEnd::kSource ? link.source_id : link.sink_id;
        const std::string& pin = end == LinkEnd::kSource ? link.source_name : link.sink_name;
        auto node = nodes_.find(id);
        if (node == nodes_.end()) {
            return Fault(link, id.text() + " is invalid node id, available nodes: " +
                                   AvailableNodes(graph_));
        }
        const BlockType* block = catalog_.Find(node->second->block_id);
        if (block == nullptr) {
            return Fault(
                link, node->second->block_id.text() +
                          " is invalid block id, available blocks: " + AvailableBlocks(catalog_));
        }
        // The pins of a block that is not here are unknown.
        bool checked = origin_ == GraphOrigin::kBuilder && !IsToolPin(pin) &&
                       block->availability != BlockAvailability::kNotInstalled;
        if (checked && !AllowedPins(*node->second, *block, end).Has(SanitizedPinName(pin))) {
            return Fault(link, "`" + pin + "` invalid, Allowed fields: " +
                                   AllowedText(*node->second, *block, end));
        }
        return block;
    }

    // An object whose member names are the allowed pins.
    static View AllowedPins(const Node& node, const BlockType& block, LinkEnd end) {
        if (block.kind == BlockKind::kAgent) {
            const char* member = end == LinkEnd::kSource ? "output_schema" : "input_schema";
            return node.input_default[member]["properties"];
        }
        const Value& schema = end == LinkEnd::kSource ? block.output_schema : block.input_schema;
        return schema["properties"];
    }

    static std::string AllowedText(const Node& node, const BlockType& block, LinkEnd end) {
        std::vector<std::string> names = MemberNames(AllowedPins(node, block, end));
        return block.kind == BlockKind::kAgent ? DictKeys(names) : PythonSet(names);
    }

    const Graph& graph_;
    const BlockCatalog& catalog_;
    const GraphOrigin origin_;
    NodeMap nodes_;
};

Result<Ok> CheckSize(const Graph& graph) {
    if (graph.nodes.size() > kNodesMax) {
        return Error{ErrorKind::kTooLarge,
                     "The graph has " + std::to_string(graph.nodes.size()) + " nodes; at most " +
                         std::to_string(kNodesMax) + " are allowed",
                     {}};
    }
    if (graph.links.size() > kLinksMax) {
        return Error{ErrorKind::kTooLarge,
                     "The graph has " + std::to_string(graph.links.size()) + " links; at most " +
                         std::to_string(kLinksMax) + " are allowed",
                     {}};
    }
    return Ok{};
}

bool IsBlank(View value) {
    if (value.IsNull()) return true;
    return value.IsString() &&
           value.AsString().find_first_not_of(" \t\n\r\f\v") == std::string::npos;
}

bool IsCredentialsInput(const BlockType& block, std::string_view input) {
    return std::any_of(
        block.credentials.begin(), block.credentials.end(),
        [&](const CredentialsField& field) { return !field.automatic() && field.name == input; });
}

// One node with all that supplies its inputs.
struct NodeInputs {
    const Node& node;
    const BlockType& block;
    std::vector<std::string_view> linked;  // Sanitised sink pins.
    View mask;

    bool Provides(std::string_view input) const {
        if (std::find(linked.begin(), linked.end(), input) != linked.end() || mask.Has(input)) {
            return true;
        }
        for (auto [name, value] : node.input_default->members()) {
            if (SanitizedPinName(name) == input) return true;
        }
        return false;
    }

    // Links do not count. A field without a default counts as having a value: whether it is
    // provided at all is checked apart.
    bool HasValue(std::string_view input) const {
        View property = block.InputProperty(input);
        bool null_by_default = property.Has("default") && property["default"].IsNull();
        return !IsBlank(node.input_default[input]) || !IsBlank(mask[input]) || !null_by_default;
    }
};

bool RequiresInputs(BlockKind kind, GraphUse use) {
    return use == GraphUse::kRun || kind == BlockKind::kInput || kind == BlockKind::kOutput ||
           kind == BlockKind::kAgent;
}

void CheckRequired(const NodeInputs& inputs, GraphUse use, NodeErrors& errors) {
    if (!RequiresInputs(inputs.block.kind, use)) return;
    for (const std::string& input : inputs.block.required_inputs) {
        if (!inputs.Provides(input) && !IsCredentialsInput(inputs.block, input)) {
            errors.Set(inputs.node.id, input, "This field is required");
        }
    }
}

void CheckReservedName(const NodeInputs& inputs, NodeErrors& errors) {
    if (inputs.block.kind != BlockKind::kInput) return;
    std::string_view name = inputs.node.input_default["name"].StringOr("");
    if (name != "credentials" && !name.ends_with("_credentials")) return;
    errors.Set(inputs.node.id, "name",
               "'" + std::string(name) +
                   "' is a reserved input name: 'credentials' and `*_credentials` are reserved");
}

// Inputs that `property` depends on and that have no value.
std::string MissingDependencies(const NodeInputs& inputs, View property, GraphUse use) {
    std::string missing;
    auto check = [&](std::string_view dependency) {
        if (dependency.empty() || inputs.HasValue(dependency)) return;
        missing += (missing.empty() ? "" : ", ") + std::string(dependency);
    };
    if (use == GraphUse::kRun) {
        for (View name : property["depends_on"].items()) check(name.StringOr(""));
    }
    check(property["discriminator"].StringOr(""));
    return missing;
}

void CheckDependencies(const NodeInputs& inputs, GraphUse use, NodeErrors& errors) {
    const std::vector<std::string>& required = inputs.block.required_inputs;
    for (auto [input, property] : inputs.block.input_schema["properties"].members()) {
        std::string missing = MissingDependencies(inputs, property, use);
        if (missing.empty()) continue;
        bool is_required = std::find(required.begin(), required.end(), input) != required.end();
        if (is_required || inputs.HasValue(input)) {
            errors.Set(inputs.node.id, input, "Requires " + missing + " to be set");
        }
    }
}

void CheckAvailability(const Node& node, const BlockType& block, NodeErrors& errors) {
    switch (block.availability) {
        case BlockAvailability::kReady: return;
        case BlockAvailability::kNotInstalled:
            errors.Set(node.id, "block_id",
                       "Block " + block.name + " is not installed on this server");
            return;
        case BlockAvailability::kDisabled:
            errors.Set(node.id, "block_id",
                       "Block " + block.name + " is disabled: " + block.availability_reason);
            return;
    }
}

Result<Ok> CollectErrors(const Graph& graph, const BlockCatalog& catalog, GraphUse use, View masks,
                         NodeErrors& errors) {
    std::unordered_map<NodeId, std::vector<std::string_view>> linked;
    for (const Link& link : graph.links) {
        linked[link.sink_id].push_back(SanitizedPinName(link.sink_name));
    }
    for (const Node& node : graph.nodes) {
        const BlockType* block = catalog.Find(node.block_id);
        if (block == nullptr) {
            return Invalid("Invalid block " + node.block_id.text() + " for node #" +
                           node.id.text());
        }
        if (use == GraphUse::kRun) CheckAvailability(node, *block, errors);
        if (block->availability == BlockAvailability::kNotInstalled) continue;
        NodeInputs inputs{node, *block, std::move(linked[node.id]), masks[node.id.text()]};
        CheckRequired(inputs, use, errors);
        CheckReservedName(inputs, errors);
        CheckDependencies(inputs, use, errors);
    }
    return Ok{};
}

}  // namespace

void NodeErrors::Set(const NodeId& node, std::string_view input, std::string message) {
    auto found = std::find_if(nodes_.begin(), nodes_.end(),
                              [&](const auto& entry) { return entry.first == node; });
    if (found == nodes_.end()) found = nodes_.insert(nodes_.end(), {node, {}});
    for (auto& [field, text] : found->second) {
        if (field != input) continue;
        text = std::move(message);
        return;
    }
    found->second.emplace_back(input, std::move(message));
}

Value NodeErrors::ToJson() const {
    ValueBuilder out;
    out.BeginObject();
    for (const auto& [node, fields] : nodes_) {
        out.Key(node.text()).BeginObject();
        for (const auto& [field, message] : fields) out.Member(field, message);
        out.EndObject();
    }
    return out.EndObject().Take();
}

Result<Ok> CheckStructure(Graph& graph, const BlockCatalog& catalog, GraphOrigin origin) {
    TRY(CheckSize(graph));
    LinkCheck check(graph, catalog, origin);
    for (Link& link : graph.links) TRY(check.Check(link));
    for (Graph& sub_graph : graph.sub_graphs) TRY(CheckStructure(sub_graph, catalog, origin));
    return Ok{};
}

Result<NodeErrors> CollectNodeErrors(const Graph& graph, const BlockCatalog& catalog, GraphUse use,
                                     View masks) {
    NodeErrors errors;
    TRY(CollectErrors(graph, catalog, use, masks, errors));
    for (const Graph& sub_graph : graph.sub_graphs) {
        TRY(CollectErrors(sub_graph, catalog, use, masks, errors));
    }
    return errors;
}

Result<Ok> ValidateForSave(Graph& graph, const BlockCatalog& catalog, GraphOrigin origin) {
    TRY(CheckStructure(graph, catalog, origin));
    NodeErrors errors = TRY(CollectNodeErrors(graph, catalog, GraphUse::kSave));
    if (errors.empty()) return Ok{};
    return Invalid(errors.nodes().front().second.front().second);
}

Error MakeGraphValidationError(const NodeErrors& errors) {
    size_t total = 0;
    for (const auto& [node, fields] : errors.nodes()) total += fields.size();
    std::string message = "Graph validation failed: " + std::to_string(total) + " issues on " +
                          std::to_string(errors.nodes().size()) + " nodes";
    Value detail = Value::Object({{"type", Value::String("validation_error")},
                                  {"message", Value::String(message)},
                                  {"node_errors", errors.ToJson()}});
    return {ErrorKind::kInvalid, std::move(message), WriteJson(detail)};
}

}  // namespace yard::model
