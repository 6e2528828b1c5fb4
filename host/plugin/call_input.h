// What a block is given: its input with credentials replaced by handles.

#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "base/value.h"
#include "host/credentials/credential_store.h"
#include "host/engine/block_runtime.h"

namespace yard::plugin {

// A secret that a block may use without seeing it, as long as its call is open.
struct CredentialHandle {
    uint64_t handle = 0;  // Random, never 0.
    credentials::Credential credential;
};

struct CallInput {
    Value value;
    std::vector<CredentialHandle> credentials;
};

// kNotFound when a reference leads nowhere, kInvalid when it is of a provider the block does not
// accept. A credentials input that is absent or null stays so.
Result<CallInput> PrepareCallInput(const engine::BlockCall& call,
                                   const credentials::CredentialStore& store);

}  // namespace yard::plugin
