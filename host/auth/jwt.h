// JSON Web Tokens (RFC 7519) in compact form: signing, and verification with the algorithm pinned
// by the configuration, never taken from the token. docs/decisions/0006-jwt-over-openssl.md.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/value.h"

namespace yard::auth {

// Thread-safe.
class JwtVerifier {
public:
    // `algorithm`: HS, RS, PS or ES with 256, 384 or 512, or EdDSA. `key`: the secret for HS, else
    // a public key in PEM. `audience` must be the token's `aud` or one of them.
    static Result<std::unique_ptr<JwtVerifier>> Create(std::string_view algorithm,
                                                       const std::string& key,
                                                       std::string audience);
    virtual ~JwtVerifier() = default;

    // The claims, or kUnauthenticated with the sentence the API returns ("Token has expired",
    // "Invalid token: ..."). Checks signature, exp, nbf, iat, aud, sub and jti without leeway.
    virtual Result<Value> Verify(std::string_view token, Timestamp now) const = 0;
};

// Signs with HS256. Thread-safe.
std::string SignJwtHs256(const Value& claims, std::string_view secret);

// Whether tokens of this algorithm are signed with a shared secret.
bool IsSymmetricAlgorithm(std::string_view algorithm);

}  // namespace yard::auth
