#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/result.h"
#include "host/auth/jwt.h"
#include "host/auth/principal.h"

namespace yard::auth {

// Turns an Authorization header into a Principal. Verified tokens are remembered until they expire,
// because a client sends the same one with every request. Thread-safe.
class Authenticator {
public:
    // `clock` must outlive the authenticator.
    Authenticator(std::unique_ptr<JwtVerifier> verifier, const Clock& clock);

    // `authorization` is the header's value, empty if it was absent. kUnauthenticated with the
    // sentence the API returns.
    Result<Principal> Authenticate(std::string_view authorization);

private:
    struct Known {
        Principal principal;
        Timestamp forget_at;
    };

    std::unique_ptr<JwtVerifier> verifier_;
    const Clock& clock_;
    std::mutex mutex_;
    std::unordered_map<std::string, Known> known_;  // By SHA-256 of the token. Guarded by mutex_.
};

}  // namespace yard::auth
