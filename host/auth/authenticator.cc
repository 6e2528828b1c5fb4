#include "host/auth/authenticator.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "base/crypto.h"

namespace yard::auth {
namespace {

constexpr size_t kKnownTokensMax = 10'000;
constexpr int64_t kRememberMsMax = 60'000;

// The token of "Bearer <token>", empty if the header says anything else.
std::string_view BearerToken(std::string_view header) {
    constexpr std::string_view kScheme = "bearer ";
    if (header.size() <= kScheme.size()) return {};
    const bool is_bearer =
        std::equal(kScheme.begin(), kScheme.end(), header.begin(), [](char wanted, char found) {
            return wanted == std::tolower(static_cast<unsigned char>(found));
        });
    if (!is_bearer) return {};
    header.remove_prefix(kScheme.size());
    while (header.starts_with(' ')) header.remove_prefix(1);
    while (header.ends_with(' ')) header.remove_suffix(1);
    return header;
}

Principal MakePrincipal(const Value& claims) {
    Principal principal;
    principal.user_id = UserId(std::string(claims["sub"].StringOr("")));
    if (claims["role"].IsString()) principal.role = std::string(claims["role"].AsString());
    principal.session_id = claims["session_id"].StringOr("");
    principal.claims = claims;
    return principal;
}

}  // namespace

Authenticator::Authenticator(std::unique_ptr<JwtVerifier> verifier, const Clock& clock)
    : verifier_(std::move(verifier)), clock_(clock) {}

Result<Principal> Authenticator::Authenticate(std::string_view authorization) {
    const std::string_view token = BearerToken(authorization);
    if (token.empty()) {
        return Error{ErrorKind::kUnauthenticated, "Authorization header is missing", {}};
    }
    const Timestamp now = clock_.Now();
    std::string key = Sha256(token);
    {
        const std::lock_guard lock(mutex_);
        const auto known = known_.find(key);
        if (known != known_.end() && now < known->second.forget_at) return known->second.principal;
    }
    const Value claims = TRY(verifier_->Verify(token, now));
    Principal principal = MakePrincipal(claims);
    int64_t forget_at = now.ms + kRememberMsMax;
    if (const View expires = claims["exp"]; expires.IsNumber()) {
        // Large numbers would overflow; anything beyond our own limit does not matter.
        const double expires_ms = expires.AsDouble() * 1000;
        if (expires_ms < static_cast<double>(forget_at))
            forget_at = static_cast<int64_t>(expires_ms);
    }
    const std::lock_guard lock(mutex_);
    if (known_.size() >= kKnownTokensMax) known_.clear();
    known_.insert_or_assign(std::move(key), Known{principal, Timestamp{forget_at}});
    return principal;
}

}  // namespace yard::auth
