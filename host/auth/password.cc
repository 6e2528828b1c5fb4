#include "host/auth/password.h"

#include <argon2.h>

#include "base/crypto.h"

namespace yard::auth {
namespace {

// The OWASP password storage recommendation for Argon2id: 19 MiB, two passes, one lane.
constexpr uint32_t kMemoryKiB = 19 * 1024;
constexpr uint32_t kPasses = 2;
constexpr uint32_t kLanes = 1;
constexpr size_t kSaltBytes = 16;
constexpr size_t kHashBytes = 32;

}  // namespace

Result<std::string> HashPassword(std::string_view password) {
    const std::string salt = RandomBytes(kSaltBytes);
    std::string encoded(
        argon2_encodedlen(kPasses, kMemoryKiB, kLanes, kSaltBytes, kHashBytes, Argon2_id), '\0');
    const int status =
        argon2id_hash_encoded(kPasses, kMemoryKiB, kLanes, password.data(), password.size(),
                              salt.data(), salt.size(), kHashBytes, encoded.data(), encoded.size());
    if (status != ARGON2_OK) {
        return Internal(std::string("cannot hash a password: ") + argon2_error_message(status));
    }
    encoded.resize(encoded.find('\0'));
    return encoded;
}

bool VerifyPassword(std::string_view password, const std::string& hash) {
    return argon2id_verify(hash.c_str(), password.data(), password.size()) == ARGON2_OK;
}

}  // namespace yard::auth
