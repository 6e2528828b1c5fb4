#include "host/credentials/system_credentials.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "host/credentials/url_host.h"

namespace yard::credentials {
namespace {

struct KnownProvider {
    std::string_view name;
    std::string_view credential_id;
    std::string_view title;
    std::string_view host;  // Of its public API.
};

constexpr std::array kProviders = std::to_array<KnownProvider>({
    {"openai", "53c25cb8-e3ee-465c-a4d1-e75a4c899c2a", "OpenAI", "api.openai.com"},
    {"anthropic", "24e5d942-d9e3-4798-8151-90143ee55629", "Anthropic", "api.anthropic.com"},
    {"groq", "4ec22295-8f97-4dd1-b42b-2c6957a02545", "Groq", "api.groq.com"},
    {"open_router", "b5a0e27d-0c98-4df3-a4b9-10193e1f3c40", "Open Router", "openrouter.ai"},
    {"llama_api", "d44045af-1c33-4833-9e19-752313214de2", "Llama API", "api.llama.com"},
    {"v0", "c4e6d1a0-3b5f-4789-a8e2-9b123456789f", "v0 by Vercel", "api.v0.dev"},
    {"aiml_api", "aad82a89-9794-4ebb-977f-d736aa5260a3", "AI/ML API", "api.aimlapi.com"},
    {"ollama", "744fdc56-071a-4761-b5a5-0af0ce10a2b5", "Ollama", ""},
});

const KnownProvider* FindProvider(std::string_view name) {
    const auto* found = std::find_if(kProviders.begin(), kProviders.end(),
                                     [&](const KnownProvider& p) { return p.name == name; });
    return found == kProviders.end() ? nullptr : found;
}

Credential MakeCredential(const KnownProvider& known, const ProviderAccess& access) {
    Credential credential;
    credential.id = CredentialsId(std::string(known.credential_id));
    credential.provider = access.provider;
    credential.title = "Use Credits for " + std::string(known.title);
    credential.secret = access.api_key;
    for (const std::string& host : {HostOfUrl(access.base_url), std::string(known.host)}) {
        if (!host.empty() && !credential.MaySendTo(host)) credential.hosts.push_back(host);
    }
    return credential;
}

class SystemCredentials final : public CredentialStore {
public:
    explicit SystemCredentials(const std::vector<ProviderAccess>& access) {
        for (const ProviderAccess& provider : access) {
            const KnownProvider* known = FindProvider(provider.provider);
            if (known == nullptr) continue;
            // The public API of a provider is of no use without a key; a server of one's own may
            // be.
            const std::string host = HostOfUrl(provider.base_url);
            const bool is_public = host.empty() || host == known->host;
            if (provider.api_key.empty() && is_public) continue;
            by_provider_[provider.provider] = MakeCredential(*known, provider);
        }
    }

    Result<Credential> Find(const UserId& user, const CredentialsId& id) const override {
        for (const auto& [provider, credential] : by_provider_) {
            if (credential.id == id) return credential;
        }
        return NotFound("Credentials #" + id.text() + " for user #" + user.text() + " not found");
    }

    std::optional<Credential> FindDefault(std::string_view provider) const override {
        const auto found = by_provider_.find(provider);
        if (found == by_provider_.end()) return std::nullopt;
        return found->second;
    }

private:
    std::map<std::string, Credential, std::less<>> by_provider_;
};

}  // namespace

std::unique_ptr<CredentialStore> MakeSystemCredentials(const std::vector<ProviderAccess>& access) {
    return std::make_unique<SystemCredentials>(access);
}

std::string_view SystemCredentialId(std::string_view provider) {
    const KnownProvider* known = FindProvider(provider);
    return known == nullptr ? std::string_view() : known->credential_id;
}

}  // namespace yard::credentials
