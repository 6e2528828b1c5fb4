#pragma once

#include <optional>
#include <string_view>

#include "base/id.h"
#include "base/result.h"
#include "host/credentials/credential.h"

namespace yard::credentials {

// The credentials blocks may use. Thread-safe.
class CredentialStore {
public:
    virtual ~CredentialStore() = default;
    // kNotFound, in the words the user reads, also for credentials of another user.
    virtual Result<Credential> Find(const UserId& user, const CredentialsId& id) const = 0;
    // What this server provides to all its users for a provider, if it is configured.
    virtual std::optional<Credential> FindDefault(std::string_view provider) const = 0;
};

}  // namespace yard::credentials
