#include "host/model/graph_schema.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "host/model/python_text.h"
#include "host/model/well_known_blocks.h"

namespace yard::model {
namespace {

BlockKind KindOf(const Node& node, const BlockCatalog& catalog) {
    const BlockType* block = catalog.Find(node.block_id);
    return block == nullptr ? BlockKind::kStandard : block->kind;
}

// A setting of an interface node: what the node says, else the block's default.
View Setting(const Node& node, const BlockType& block, std::string_view name) {
    return node.input_default->Has(name) ? node.input_default[name]
                                         : block.InputProperty(name)["default"];
}

bool IsReplaced(std::string_view keyword) {
    constexpr std::string_view kReplaced[] = {"advanced", "secret", "title", "description",
                                              "default"};
    return std::find(std::begin(kReplaced), std::end(kReplaced), keyword) != std::end(kReplaced);
}

std::vector<std::string> TextsOr(View list, std::vector<std::string> fallback) {
    std::vector<std::string> texts;
    for (View item : list.items()) {
        std::string text = PythonStr(item);
        if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
    }
    return texts.empty() ? fallback : texts;
}

void AppendTableColumns(const Node& node, ValueBuilder& out) {
    out.Member("type", "array").Member("format", "table");
    out.Key("items").BeginObject().Member("type", "object").Key("properties").BeginObject();
    for (const std::string& header :
         TextsOr(node.input_default["column_headers"], {"Column 1", "Column 2", "Column 3"})) {
        out.Key(header).BeginObject().Member("type", "string").EndObject();
    }
    out.EndObject().EndObject();
}

void AppendDrivePicker(const Node& node, ValueBuilder& out) {
    Value scopes = Value::Strings({"https://www.googleapis.com/auth/drive.file"});
    Value credentials = Value::Object({{"provider", Value::String("google")},
                                       {"type", Value::String("oauth2")},
                                       {"scopes", scopes},
                                       {"kwarg_name", Value::String("credentials")}});
    View views = node.input_default["allowed_views"];
    bool none_allowed = views.IsArray() && views.empty();
    std::vector<std::string> fallback = {"DOCS", "SPREADSHEETS", "PRESENTATIONS"};
    if (none_allowed) fallback = {"DOCS"};
    out.Member("format", "google-drive-picker").Key("google_drive_picker_config").BeginObject();
    out.Member("multiselect", false);
    out.Member("allow_folder_selection", PythonTruth(node.input_default["allow_folder_selection"]));
    out.Member("allowed_views", Value::Strings(TextsOr(views, std::move(fallback))));
    out.Member("scopes", scopes).Member("auto_credentials", credentials).EndObject();
    out.Member("auto_credentials", credentials);
}

void AppendProperty(const Node& node, const BlockType& block, std::string_view name,
                    ValueBuilder& out) {
    View value = Setting(node, block, "value");
    View choices = Setting(node, block, "placeholder_values");
    bool has_choices = block.kind == BlockKind::kInput && PythonTruth(choices);
    View secret = Setting(node, block, "secret");
    View title = Setting(node, block, "title");
    View description = Setting(node, block, "description");
    out.BeginObject();
    out.Member("advanced", PythonTruth(Setting(node, block, "advanced")) && !value.IsNull());
    for (auto [keyword, base] : block.InputProperty("value").members()) {
        if (!IsReplaced(keyword) && !(keyword == "enum" && has_choices)) out.Member(keyword, base);
    }
    if (block.id.text() == kAgentTableInputBlock) AppendTableColumns(node, out);
    if (block.id.text() == kAgentGoogleDriveFileInputBlock) AppendDrivePicker(node, out);
    out.Key("secret");
    if (secret.IsNull()) {
        out.Bool(false);
    } else {
        out.Copy(secret);
    }
    out.Key("title");
    if (PythonTruth(title)) {
        out.Copy(title);
    } else {
        out.String(name);
    }
    if (has_choices) out.Member("enum", choices);
    if (PythonTruth(description)) out.Member("description", description);
    if (!value.IsNull()) out.Member("default", value);
    out.EndObject();
}

struct InterfaceField {
    std::string name;
    const Node* node;
    const BlockType* block;
};

Value InterfaceSchema(const Graph& graph, const BlockCatalog& catalog, BlockKind kind) {
    std::vector<InterfaceField> fields;
    std::vector<std::string> required;
    for (const Node& node : graph.nodes) {
        const BlockType* block = catalog.Find(node.block_id);
        View name = node.input_default["name"];
        if (block == nullptr || block->kind != kind || name.IsNull()) continue;
        InterfaceField field{PythonStr(name), &node, block};
        if (Setting(node, *block, "value").IsNull()) required.push_back(field.name);
        auto same = std::find_if(fields.begin(), fields.end(), [&](const InterfaceField& other) {
            return other.name == field.name;
        });
        if (same == fields.end()) {
            fields.push_back(std::move(field));
        } else {
            *same = std::move(field);
        }
    }
    ValueBuilder out;
    out.BeginObject().Member("type", "object").Key("properties").BeginObject();
    for (const InterfaceField& field : fields) {
        out.Key(field.name);
        AppendProperty(*field.node, *field.block, field.name, out);
    }
    out.EndObject().Member("required", Value::Strings(required));
    return out.EndObject().Take();
}

bool IsCredentialsName(std::string_view name) {
    return name == "credentials" || name.ends_with("_credentials");
}

// The block's inputs without those for credentials.
void AppendConfigSchema(View schema, ValueBuilder& out) {
    out.BeginObject();
    for (auto [keyword, value] : schema.members()) {
        out.Key(keyword);
        if (keyword == "properties") {
            out.BeginObject();
            for (auto [name, property] : value.members()) {
                if (!IsCredentialsName(name)) out.Member(name, property);
            }
            out.EndObject();
        } else if (keyword == "required") {
            out.BeginArray();
            for (View name : value.items()) {
                if (!IsCredentialsName(name.StringOr(""))) out.Copy(name);
            }
            out.EndArray();
        } else {
            out.Copy(value);
        }
    }
    out.EndObject();
}

}  // namespace

Value GraphInputSchema(const Graph& graph, const BlockCatalog& catalog) {
    return InterfaceSchema(graph, catalog, BlockKind::kInput);
}

Value GraphOutputSchema(const Graph& graph, const BlockCatalog& catalog) {
    return InterfaceSchema(graph, catalog, BlockKind::kOutput);
}

const Node* FindTriggerNode(const Graph& graph, const BlockCatalog& catalog) {
    for (const Node& node : graph.nodes) {
        BlockKind kind = KindOf(node, catalog);
        if (kind == BlockKind::kWebhook || kind == BlockKind::kWebhookManual) return &node;
    }
    return nullptr;
}

Value TriggerSetupInfo(const Graph& graph, const BlockCatalog& catalog) {
    const Node* node = FindTriggerNode(graph, catalog);
    if (node == nullptr) return Value();
    const BlockType& block = *catalog.Find(node->block_id);
    if (!block.webhook) return Value();
    ValueBuilder out;
    out.BeginObject().Member("provider", block.webhook->provider).Key("config_schema");
    AppendConfigSchema(block.input_schema, out);
    out.Key("credentials_input_name");
    if (!block.credentials.empty() && !block.credentials.front().automatic()) {
        out.String(block.credentials.front().name);
    } else {
        out.Null();
    }
    return out.EndObject().Take();
}

bool HasHumanInTheLoop(const Graph& graph, const BlockCatalog& catalog) {
    return std::any_of(graph.nodes.begin(), graph.nodes.end(), [&](const Node& node) {
        return KindOf(node, catalog) == BlockKind::kHumanInTheLoop;
    });
}

bool HasSensitiveAction(const Graph& graph, const BlockCatalog& catalog) {
    return std::any_of(graph.nodes.begin(), graph.nodes.end(), [&](const Node& node) {
        const BlockType* block = catalog.Find(node.block_id);
        return block != nullptr && block->sensitive_action;
    });
}

std::vector<const Node*> StartingNodes(const Graph& graph, const BlockCatalog& catalog) {
    std::unordered_set<NodeId> sinks;
    for (const Link& link : graph.links) sinks.insert(link.sink_id);
    std::vector<const Node*> starting;
    for (const Node& node : graph.nodes) {
        BlockKind kind = KindOf(node, catalog);
        bool starts = kind == BlockKind::kInput || !sinks.contains(node.id);
        if (starts && kind != BlockKind::kNote) starting.push_back(&node);
    }
    return starting;
}

}  // namespace yard::model
