// A secret that authenticates requests to a provider, and where it may be sent.

#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"

namespace yard::credentials {

enum class CredentialType { kApiKey, kOAuth2, kUserPassword, kHostScoped };

struct Credential {
    CredentialsId id;
    std::string provider;  // "openai"
    CredentialType type = CredentialType::kApiKey;
    std::string title;
    // The API key or access token. Empty for a server that asks for none: no header is added then.
    std::string secret;
    std::string user_name;           // With kUserPassword; `secret` is the password.
    std::vector<std::string> hosts;  // Lower case, without port: the only ones it is sent to.

    // `host` in lower case, without port.
    bool MaySendTo(std::string_view host) const {
        return std::find(hosts.begin(), hosts.end(), host) != hosts.end();
    }
};

}  // namespace yard::credentials
