#include "host/service/executions/credentials_check.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>

#include "host/model/node_input.h"

namespace yard::service {
namespace {

using credentials::Credential;
using credentials::CredentialType;
using model::CredentialsField;

std::string_view ToString(CredentialType type) {
    switch (type) {
        case CredentialType::kApiKey: return "api_key";
        case CredentialType::kOAuth2: return "oauth2";
        case CredentialType::kUserPassword: return "user_password";
        case CredentialType::kHostScoped: return "host_scoped";
    }
    return "";
}

bool Contains(const std::vector<std::string>& texts, std::string_view text) {
    return std::find(texts.begin(), texts.end(), text) != texts.end();
}

Value Reference(const Credential& credential) {
    return Value::Object({{"id", Value::String(credential.id.text())},
                          {"title", Value::String(credential.title)},
                          {"provider", Value::String(credential.provider)},
                          {"type", Value::String(ToString(credential.type))}});
}

// What is wrong with a reference in itself, or nothing.
std::optional<std::string> FaultOf(View reference, const CredentialsField& field) {
    if (!reference["id"].IsString()) return "id: Input should be a valid string";
    for (auto [member, allowed] :
         {std::pair{"provider", &field.providers}, std::pair{"type", &field.types}}) {
        View value = reference.Get(member);
        if (!value.IsString()) return std::string(member) + ": Field required";
        if (allowed->empty() || Contains(*allowed, value.AsString())) continue;
        return std::string(member) + ": `" + std::string(value.AsString()) +
               "` is not supported by this input";
    }
    return std::nullopt;
}

// Checks one run; collects the masks to add.
class Resolver {
public:
    Resolver(const UserId& user, View masks, const credentials::CredentialStore& store,
             model::NodeErrors& errors)
        : user_(user), masks_(masks), store_(store), errors_(errors) {}

    // True if the node cannot run because optional credentials are missing.
    bool Visit(const model::Node& node, const model::BlockType& block) {
        bool skip = false;
        bool faulty = false;
        for (const CredentialsField& field : block.credentials) {
            if (field.automatic()) continue;
            View mask = masks_[node.id.text()];
            View value = mask.Has(field.name)          ? mask.Get(field.name)
                         : node.credentials_optional() ? View()
                                                       : node.input_default.view().Get(field.name);
            if (value["id"].StringOr("").empty() && !value["id"].IsNumber()) {
                if (node.credentials_optional()) {
                    skip = true;
                } else if (!FillIn(node, block, field)) {
                    errors_.Set(node.id, field.name, "These credentials are required");
                    faulty = true;
                }
            } else if (auto fault = Check(value, field)) {
                errors_.Set(node.id, field.name, *fault);
                faulty = true;
            }
        }
        return skip && !faulty;
    }

    // `masks` with what was filled in.
    Value Masks(const Value& masks) const {
        if (filled_.empty()) return masks;
        ValueBuilder out;
        out.BeginObject();
        for (auto [node, inputs] : masks->members()) {
            auto added = filled_.find(std::string(node));
            out.Key(node);
            if (added == filled_.end()) {
                out.Copy(inputs);
            } else {
                out.Copy(model::Overlay(inputs, added->second));
            }
        }
        for (const auto& [node, inputs] : filled_) {
            if (!masks->Has(node)) out.Member(node, inputs);
        }
        return out.EndObject().Take();
    }

private:
    std::optional<std::string> Check(View reference, const CredentialsField& field) {
        if (auto fault = FaultOf(reference, field)) return "Invalid credentials: " + *fault;
        std::string id(reference["id"].AsString());
        Result<Credential> found = store_.Find(user_, CredentialsId(id));
        if (!found && found.error().kind == ErrorKind::kNotFound) {
            return "Unknown credentials #" + id;
        }
        if (!found) return "Credentials not available: " + found.error().message;
        if (found.value().provider != reference["provider"].AsString() ||
            ToString(found.value().type) != reference["type"].AsString()) {
            return "Invalid credentials: type/provider mismatch";
        }
        return std::nullopt;
    }

    bool FillIn(const model::Node& node, const model::BlockType& block,
                const CredentialsField& field) {
        std::string provider = ProviderOf(node, block, field);
        if (provider.empty()) return false;
        std::optional<Credential> credential = store_.FindDefault(provider);
        if (!credential) return false;
        if (!field.types.empty() && !Contains(field.types, ToString(credential->type))) {
            return false;
        }
        Value& inputs = filled_[node.id.text()];
        Value added = Value::Object({{field.name, Reference(*credential)}});
        inputs = model::Overlay(inputs, added);
        return true;
    }

    // The provider the node asks for, or empty when that is open.
    std::string ProviderOf(const model::Node& node, const model::BlockType& block,
                           const CredentialsField& field) const {
        if (field.discriminator.empty()) {
            return field.providers.size() == 1 ? field.providers[0] : std::string();
        }
        View value = masks_[node.id.text()][field.discriminator];
        if (value.IsNull()) value = node.input_default[field.discriminator];
        if (value.IsNull()) value = block.InputProperty(field.discriminator)["default"];
        std::string choice(value.StringOr(""));
        if (!field.discriminator_mapping->IsObject()) {
            return Contains(field.providers, choice) ? choice : std::string();
        }
        return std::string(field.discriminator_mapping[choice].StringOr(""));
    }

    const UserId& user_;
    View masks_;
    const credentials::CredentialStore& store_;
    model::NodeErrors& errors_;
    std::unordered_map<std::string, Value> filled_;  // Node id -> its new inputs.
};

}  // namespace

RunCredentials ResolveCredentials(const UserId& user, const model::Graph& graph,
                                  const model::BlockCatalog& catalog, const Value& masks,
                                  const credentials::CredentialStore& store,
                                  model::NodeErrors& errors) {
    RunCredentials result;
    Resolver resolver(user, masks, store, errors);
    for (const model::Node& node : graph.nodes) {
        const model::BlockType* block = catalog.Find(node.block_id);
        if (block == nullptr) continue;
        if (resolver.Visit(node, *block)) result.nodes_to_skip.push_back(node.id);
    }
    result.masks = resolver.Masks(masks);
    return result;
}

}  // namespace yard::service
