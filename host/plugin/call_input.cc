#include "host/plugin/call_input.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "base/crypto.h"

namespace yard::plugin {
namespace {

uint64_t NewHandle() {
    uint64_t handle = 0;
    while (handle == 0) std::memcpy(&handle, RandomBytes(sizeof(handle)).data(), sizeof(handle));
    return handle;
}

const model::CredentialsField* FieldOf(const model::BlockType& block, std::string_view input) {
    for (const model::CredentialsField& field : block.credentials) {
        if (!field.automatic() && field.name == input) return &field;
    }
    return nullptr;
}

Result<CredentialHandle> Resolve(const engine::BlockCall& call,
                                 const model::CredentialsField& field, View reference,
                                 const credentials::CredentialStore& store) {
    const std::string id(reference["id"].StringOr(""));
    credentials::Credential found = TRY(store.Find(call.user_id, CredentialsId(id)));
    if (std::find(field.providers.begin(), field.providers.end(), found.provider) ==
        field.providers.end()) {
        return Invalid("Credentials #" + id + " are for " + found.provider + ", the input '" +
                       field.name + "' needs others");
    }
    return CredentialHandle{NewHandle(), std::move(found)};
}

}  // namespace

Result<CallInput> PrepareCallInput(const engine::BlockCall& call,
                                   const credentials::CredentialStore& store) {
    if (call.block->credentials.empty()) return CallInput{call.input, {}};
    CallInput result;
    ValueBuilder builder;
    builder.BeginObject();
    for (const auto& [name, value] : call.input->members()) {
        const model::CredentialsField* field = FieldOf(*call.block, name);
        if (field == nullptr || value.IsNull()) {
            builder.Member(name, value);
            continue;
        }
        result.credentials.push_back(TRY(Resolve(call, *field, value, store)));
        builder.Key(name).Credential(result.credentials.back().handle);
    }
    result.value = builder.EndObject().Take();
    return result;
}

}  // namespace yard::plugin
