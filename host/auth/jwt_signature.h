#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace yard::auth {

// Checks one kind of signature with one key. Thread-safe.
class SignatureVerifier {
public:
    // kInvalid for an unknown algorithm or a key that does not fit it.
    static Result<std::unique_ptr<SignatureVerifier>> Create(std::string_view algorithm,
                                                             const std::string& key);
    virtual ~SignatureVerifier() = default;
    virtual bool Verify(std::string_view signed_text, std::string_view signature) const = 0;
};

std::string HmacSha256(std::string_view key, std::string_view text);

}  // namespace yard::auth
