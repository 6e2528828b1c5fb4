#include "host/model/block_type.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "host/model/json_schema.h"

namespace yard::model {
namespace {

constexpr std::pair<std::string_view, std::string_view> kCategories[] = {
    {"AI", "Block that leverages AI to perform a task."},
    {"SOCIAL", "Block that interacts with social media platforms."},
    {"TEXT", "Block that processes text data."},
    {"SEARCH", "Block that searches or extracts information from the internet."},
    {"BASIC", "Block that performs basic operations."},
    {"INPUT", "Block that interacts with input of the graph."},
    {"OUTPUT", "Block that interacts with output of the graph."},
    {"LOGIC", "Programming logic to control the flow of your agent"},
    {"COMMUNICATION", "Block that interacts with communication platforms."},
    {"DEVELOPER_TOOLS", "Developer tools such as GitHub blocks."},
    {"DATA", "Block that interacts with structured data."},
    {"HARDWARE", "Block that interacts with hardware."},
    {"AGENT", "Block that interacts with other agents."},
    {"CRM", "Block that interacts with CRM services."},
    {"SAFETY", "Block that provides AI safety mechanisms such as detecting harmful content"},
    {"PRODUCTIVITY", "Block that helps with productivity"},
    {"ISSUE_TRACKING", "Block that helps with issue tracking"},
    {"MULTIMEDIA", "Block that interacts with multimedia content"},
    {"MARKETING", "Block that helps with marketing"},
};

constexpr std::pair<std::string_view, BlockKind> kKinds[] = {
    {"Standard", BlockKind::kStandard}, {"Input", BlockKind::kInput},
    {"Output", BlockKind::kOutput},     {"Note", BlockKind::kNote},
    {"Webhook", BlockKind::kWebhook},   {"Webhook (manual)", BlockKind::kWebhookManual},
    {"Agent", BlockKind::kAgent},       {"AI", BlockKind::kAi},
    {"Ayrshare", BlockKind::kAyrshare}, {"Human In The Loop", BlockKind::kHumanInTheLoop},
};

Error Wrong(View entry, std::string_view fault) {
    return Invalid("block \"" + std::string(entry["name"].StringOr("without a name")) +
                   "\": " + std::string(fault));
}

// A UUID or dotted words: `acme.text.upper`.
bool IsBlockId(std::string_view id) {
    constexpr size_t kLengthMax = 100;
    return !id.empty() && id.size() <= kLengthMax && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '-' || c == '_';
    });
}

Result<BlockKind> ParseKind(View entry) {
    std::string_view text = entry["uiType"].StringOr("Standard");
    for (auto [name, kind] : kKinds) {
        if (name == text) return kind;
    }
    return Wrong(entry, "\"uiType\" is none of the known kinds");
}

Result<CostType> ParseCostType(View entry, View cost) {
    std::string_view text = cost["cost_type"].StringOr("run");
    if (text == "run") return CostType::kRun;
    if (text == "second") return CostType::kSecond;
    if (text == "byte") return CostType::kByte;
    return Wrong(entry, "\"cost_type\" must be run, second or byte");
}

Result<std::vector<BlockCost>> ParseCosts(View entry) {
    std::vector<BlockCost> costs;
    for (View cost : entry["costs"].items()) {
        if (!cost["cost_amount"].IsInt() || cost["cost_amount"].AsInt() < 0) {
            return Wrong(entry, "\"cost_amount\" must be an integer >= 0");
        }
        View filter = cost["cost_filter"];
        if (!filter.IsObject() && !filter.IsNull()) {
            return Wrong(entry, "\"cost_filter\" must be an object");
        }
        costs.push_back({cost["cost_amount"].AsInt(),
                         filter.IsNull() ? Value::EmptyObject() : Value::Copy(filter),
                         TRY(ParseCostType(entry, cost))});
    }
    return costs;
}

std::vector<std::string> Texts(View list) {
    std::vector<std::string> texts;
    for (View item : list.items()) {
        if (item.IsString()) texts.emplace_back(item.AsString());
    }
    return texts;
}

bool IsCredentialsName(std::string_view name) {
    return name == "credentials" || name.ends_with("_credentials");
}

Result<std::vector<CredentialsField>> ParseCredentials(View entry) {
    std::vector<CredentialsField> fields;
    for (auto [name, schema] : entry["inputSchema"]["properties"].members()) {
        if (!IsCredentialsName(name) || !schema.Has("credentials_provider")) continue;
        CredentialsField field;
        field.name = name;
        field.providers = Texts(schema["credentials_provider"]);
        field.types = Texts(schema["credentials_types"]);
        field.scopes = Texts(schema["credentials_scopes"]);
        field.discriminator = schema["discriminator"].StringOr("");
        field.discriminator_mapping = Value::Copy(schema["discriminator_mapping"]);
        if (field.providers.empty()) {
            return Wrong(entry, "credentials input \"" + field.name + "\" names no provider");
        }
        fields.push_back(std::move(field));
    }
    return fields;
}

Result<Ok> AddAutomaticCredentials(View entry, std::vector<CredentialsField>& fields) {
    std::string block(entry["name"].StringOr(""));
    for (auto [name, schema] : entry["inputSchema"]["properties"].members()) {
        View automatic = schema["auto_credentials"];
        if (!automatic.IsObject()) continue;
        CredentialsField field;
        field.name = automatic["kwarg_name"].StringOr("credentials");
        field.container = name;
        field.providers = {std::string(automatic["provider"].StringOr("google"))};
        field.types = {std::string(automatic["type"].StringOr("oauth2"))};
        field.scopes = Texts(automatic["scopes"]);
        auto same = std::find_if(fields.begin(), fields.end(), [&](const CredentialsField& other) {
            return other.automatic() && other.name == field.name;
        });
        if (same != fields.end()) {
            return Wrong(entry, "Duplicate auto_credentials kwarg_name '" + field.name +
                                    "' in fields '" + same->container + "' and '" +
                                    field.container + "'");
        }
        fields.push_back(std::move(field));
    }
    return Ok{};
}

std::optional<WebhookConfig> ParseWebhook(View webhook) {
    if (!webhook.IsObject()) return std::nullopt;
    return WebhookConfig{std::string(webhook["provider"].StringOr("")),
                         std::string(webhook["webhook_type"].StringOr("")),
                         std::string(webhook["resource_format"].StringOr("")),
                         std::string(webhook["event_filter_input"].StringOr("")),
                         std::string(webhook["event_format"].StringOr("{event}"))};
}

Result<Ok> AppendCategories(View entry, ValueBuilder& out) {
    out.BeginArray();
    for (View name : entry["categories"].items()) {
        auto found = std::find_if(std::begin(kCategories), std::end(kCategories),
                                  [&](auto known) { return known.first == name.StringOr(""); });
        if (found == std::end(kCategories)) {
            return Wrong(entry, "a category is none of the known ones");
        }
        out.BeginObject()
            .Member("category", found->first)
            .Member("description", found->second)
            .EndObject();
    }
    out.EndArray();
    return Ok{};
}

void AppendContributors(View entry, ValueBuilder& out) {
    out.BeginArray();
    for (View contributor : entry["contributors"].items()) {
        View name = contributor.IsString() ? contributor : contributor["name"];
        out.BeginObject().Member("name", name.StringOr("")).EndObject();
    }
    out.EndArray();
}

constexpr std::string_view CostTypeName(CostType type) {
    switch (type) {
        case CostType::kRun: return "run";
        case CostType::kSecond: return "second";
        case CostType::kByte: return "byte";
    }
    return {};
}

Result<Value> MakeDeclaration(View entry, const BlockType& block) {
    ValueBuilder out;
    out.BeginObject();
    out.Member("id", block.id.text()).Member("name", block.name);
    out.Member("inputSchema", block.input_schema).Member("outputSchema", block.output_schema);
    out.Member("description", entry["description"].StringOr(""));
    out.Key("categories");
    TRY(AppendCategories(entry, out));
    out.Key("contributors");
    AppendContributors(entry, out);
    out.Member("staticOutput", block.static_output);
    out.Member("uiType", entry["uiType"].StringOr("Standard"));
    out.Key("costs").BeginArray();
    for (const BlockCost& cost : block.costs) {
        out.BeginObject().Member("cost_amount", cost.amount).Member("cost_filter", cost.filter);
        out.Member("cost_type", CostTypeName(cost.type)).EndObject();
    }
    out.EndArray().EndObject();
    return out.Take();
}

Result<Ok> ReadSchemas(View entry, BlockType& block) {
    if (!entry["inputSchema"].IsObject() || !entry["outputSchema"].IsObject()) {
        return Wrong(entry, "\"inputSchema\" and \"outputSchema\" must be objects");
    }
    block.input_schema = Value::Copy(entry["inputSchema"]);
    block.output_schema = Value::Copy(entry["outputSchema"]);
    Result<std::shared_ptr<const JsonSchema>> input = JsonSchema::Compile(block.input_schema);
    if (!input) return Wrong(entry, "in inputSchema " + input.error().message);
    Result<std::shared_ptr<const JsonSchema>> output = JsonSchema::Compile(block.output_schema);
    if (!output) return Wrong(entry, "in outputSchema " + output.error().message);
    block.input_validator = std::move(input).value();
    block.output_validator = std::move(output).value();
    block.required_inputs = Texts(block.input_schema["required"]);
    return Ok{};
}

}  // namespace

Result<BlockType> ParseBlockType(View entry) {
    if (!entry.IsObject() || entry["name"].StringOr("").empty()) {
        return Invalid("a block of a manifest must be an object with a \"name\"");
    }
    BlockType block;
    block.name = entry["name"].AsString();
    if (!IsBlockId(entry["id"].StringOr(""))) {
        return Wrong(entry, "\"id\" must be a UUID or dotted words of at most 100 characters");
    }
    block.id = BlockId(std::string(entry["id"].AsString()));
    block.kind = TRY(ParseKind(entry));
    block.static_output = entry["staticOutput"].BoolOr(false);
    block.sensitive_action = entry["is_sensitive_action"].BoolOr(false);
    TRY(ReadSchemas(entry, block));
    block.credentials = TRY(ParseCredentials(entry));
    TRY(AddAutomaticCredentials(entry, block.credentials));
    block.costs = TRY(ParseCosts(entry));
    block.webhook = ParseWebhook(entry["webhook_config"]);
    block.declaration = TRY(MakeDeclaration(entry, block));
    return block;
}

BlockType MakeNotInstalledBlockType(BlockId id, std::string name) {
    BlockType block;
    block.id = std::move(id);
    block.name = std::move(name);
    block.input_schema = Value::EmptyObject();
    block.output_schema = Value::EmptyObject();
    block.availability = BlockAvailability::kNotInstalled;
    block.availability_reason = "no installed plugin provides it";
    return block;
}

}  // namespace yard::model
