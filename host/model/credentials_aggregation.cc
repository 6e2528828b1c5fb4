#include "host/model/credentials_aggregation.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "host/model/node_input.h"
#include "host/model/python_text.h"

namespace yard::model {
namespace {

using Texts = std::vector<std::string>;

void AddUnique(Texts& texts, const std::string& text) {
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
}

std::string JoinSorted(Texts texts) {
    std::sort(texts.begin(), texts.end());
    std::string joined;
    for (const std::string& text : texts) joined += (joined.empty() ? "" : "-") + text;
    return joined;
}

// Host name of a URL in lower case, or the text itself if it is no URL.
std::string HostOf(std::string_view text) {
    size_t scheme = text.find("//");
    bool has_authority =
        scheme == 0 || (scheme != std::string_view::npos && text[scheme - 1] == ':');
    if (!has_authority) return std::string(text);
    std::string_view host = text.substr(scheme + 2);
    host = host.substr(0, host.find_first_of("/?#"));
    if (size_t user = host.rfind('@'); user != std::string_view::npos) host.remove_prefix(user + 1);
    if (host.starts_with('[')) {
        host = host.substr(1, host.find(']') - 1);
    } else {
        host = host.substr(0, host.find(':'));
    }
    if (host.empty()) return std::string(text);
    std::string lower(host);
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return lower;
}

std::string AggregatedName(const AggregatedCredentials& use) {
    Texts providers = use.field.providers;
    if (providers == Texts{"http"}) {
        for (const std::string& value : use.discriminator_values) {
            AddUnique(providers, HostOf(value));
        }
    }
    return JoinSorted(std::move(providers)) + '_' + JoinSorted(use.field.types) + "_credentials";
}

// One field of one node as an aggregate of its own.
AggregatedCredentials SingleUse(const Node& node, const CredentialsField& field) {
    AggregatedCredentials use;
    use.field = field;
    use.required = !node.credentials_optional();
    use.uses.push_back({node.id, field.name});
    View selected = field.discriminator.empty() ? View() : node.input_default[field.discriminator];
    if (!selected.IsNull()) {
        std::string value = PythonStr(selected);
        View provider = field.discriminator_mapping[value];
        if (provider.IsString()) use.field.providers = {std::string(provider.AsString())};
        use.discriminator_values.push_back(std::move(value));
    }
    use.name = AggregatedName(use);
    return use;
}

void MergeUse(AggregatedCredentials& into, const AggregatedCredentials& use) {
    for (const std::string& scope : use.field.scopes) AddUnique(into.field.scopes, scope);
    for (const std::string& value : use.discriminator_values) {
        AddUnique(into.discriminator_values, value);
    }
    into.required = into.required || use.required;
    into.uses.insert(into.uses.end(), use.uses.begin(), use.uses.end());
}

void Collect(const Graph& graph, const BlockCatalog& catalog,
             std::vector<AggregatedCredentials>& aggregated) {
    for (const Node& node : graph.nodes) {
        const BlockType* block = catalog.Find(node.block_id);
        if (block == nullptr) continue;
        for (const CredentialsField& field : block->credentials) {
            AggregatedCredentials use = SingleUse(node, field);
            auto same = std::find_if(aggregated.begin(), aggregated.end(),
                                     [&](const auto& other) { return other.name == use.name; });
            if (same == aggregated.end()) {
                aggregated.push_back(std::move(use));
            } else {
                MergeUse(*same, use);
            }
        }
    }
}

std::string Upper(std::string text) {
    for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return text;
}

std::string SchemaTitle(const CredentialsField& field) {
    std::string providers, types;
    for (const std::string& provider : field.providers) {
        providers += (providers.empty() ? "" : ", ") + ("<ProviderName." + Upper(provider)) + ": " +
                     PythonRepr(std::string_view(provider)) + '>';
    }
    for (const std::string& type : field.types) {
        types += (types.empty() ? "" : ", ") + PythonRepr(std::string_view(type));
    }
    return "CredentialsMetaInput[Literal[" + providers + "], Literal[" + types + "]]";
}

// A member that is one of `choices`.
void AppendChoice(std::string_view name, const Texts& choices, std::string_view title,
                  ValueBuilder& out) {
    out.Key(name).BeginObject();
    if (choices.size() == 1) {
        out.Member("const", choices[0]);
    } else {
        out.Member("enum", Value::Strings(choices));
    }
    out.Member("title", title).Member("type", "string").EndObject();
}

void AppendReferenceProperties(const CredentialsField& field, ValueBuilder& out) {
    out.BeginObject();
    out.Key("id").BeginObject().Member("title", "Id").Member("type", "string").EndObject();
    out.Key("title").BeginObject().Key("anyOf").BeginArray();
    out.BeginObject().Member("type", "string").EndObject();
    out.BeginObject().Member("type", "null").EndObject();
    out.EndArray().Key("default").Null().Member("title", "Title").EndObject();
    AppendChoice("provider", field.providers, "Provider", out);
    AppendChoice("type", field.types, "Type", out);
    out.EndObject();
}

void AppendSchema(const AggregatedCredentials& credentials, ValueBuilder& out) {
    const CredentialsField& field = credentials.field;
    out.BeginObject();
    out.Member("credentials_provider", Value::Strings(field.providers));
    out.Member("credentials_types", Value::Strings(field.types));
    out.Key("properties");
    AppendReferenceProperties(field, out);
    out.Member("required", Value::Strings({"id", "provider", "type"}));
    out.Member("title", SchemaTitle(field)).Member("type", "object");
    if (!field.scopes.empty()) out.Member("credentials_scopes", Value::Strings(field.scopes));
    if (!field.discriminator.empty()) out.Member("discriminator", field.discriminator);
    if (field.discriminator_mapping->IsObject()) {
        out.Member("discriminator_mapping", field.discriminator_mapping);
    }
    out.Member("discriminator_values", Value::Strings(credentials.discriminator_values));
    out.EndObject();
}

// A credentials reference without its null members.
Value WithoutNulls(View reference) {
    ValueBuilder out;
    out.BeginObject();
    for (auto [name, value] : reference.members()) {
        if (!value.IsNull()) out.Member(name, value);
    }
    return out.EndObject().Take();
}

}  // namespace

std::vector<AggregatedCredentials> AggregateCredentials(const Graph& graph,
                                                        const BlockCatalog& catalog) {
    std::vector<AggregatedCredentials> aggregated;
    Collect(graph, catalog, aggregated);
    for (const Graph& sub_graph : graph.sub_graphs) Collect(sub_graph, catalog, aggregated);
    return aggregated;
}

Value CredentialsInputSchema(const Graph& graph, const BlockCatalog& catalog) {
    std::vector<AggregatedCredentials> aggregated = AggregateCredentials(graph, catalog);
    Texts required;
    ValueBuilder out;
    out.BeginObject().Key("properties").BeginObject();
    for (const AggregatedCredentials& credentials : aggregated) {
        out.Key(credentials.name);
        AppendSchema(credentials, out);
        if (credentials.required) required.push_back(credentials.name);
    }
    std::string title = graph.name;
    std::erase(title, ' ');
    out.EndObject().Member("required", Value::Strings(required));
    out.Member("title", title + "CredentialsInputSchema").Member("type", "object");
    return out.EndObject().Take();
}

Value BuildNodeMasks(const std::vector<AggregatedCredentials>& aggregated, View credentials_inputs,
                     View caller_masks) {
    std::map<std::string, std::vector<std::pair<std::string, Value>>> by_node;
    for (const AggregatedCredentials& credentials : aggregated) {
        View reference = credentials_inputs[credentials.name];
        if (!reference.IsObject()) continue;
        Value given = WithoutNulls(reference);
        for (const CredentialsUse& use : credentials.uses) {
            auto& inputs = by_node[use.node_id.text()];
            auto same = std::find_if(inputs.begin(), inputs.end(),
                                     [&](const auto& input) { return input.first == use.input; });
            if (same == inputs.end()) inputs.emplace_back(use.input, given);
        }
    }
    ValueBuilder out;
    out.BeginObject();
    for (const auto& [node, inputs] : by_node) {
        ValueBuilder mask;
        mask.BeginObject();
        for (const auto& [name, value] : inputs) mask.Member(name, value);
        out.Member(node, Overlay(mask.EndObject().Take(), caller_masks[node]));
    }
    for (auto [node, mask] : caller_masks.members()) {
        if (!by_node.contains(std::string(node))) out.Member(node, mask);
    }
    return out.EndObject().Take();
}

}  // namespace yard::model
