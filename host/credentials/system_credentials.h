// The credentials of the server itself: one per provider that the operator configured. They have
// the ids of the reference platform, so that graphs made there name them.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/credentials/credential_store.h"

namespace yard::credentials {

struct ProviderAccess {
    std::string provider;
    std::string api_key;   // May be empty for a server of one's own.
    std::string base_url;  // May be empty: the provider's usual address.
};

// Left out: providers that nobody knows, and those at their public address without a key.
std::unique_ptr<CredentialStore> MakeSystemCredentials(const std::vector<ProviderAccess>& access);

// The well-known id of a provider's system credential, empty if it has none.
std::string_view SystemCredentialId(std::string_view provider);

}  // namespace yard::credentials
