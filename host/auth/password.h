#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace yard::auth {

// Argon2id (RFC 9106) with a random salt, as the usual "$argon2id$v=19$..." text. Takes tens of
// milliseconds and 19 MiB on purpose: never on a thread that serves connections. Thread-safe.
Result<std::string> HashPassword(std::string_view password);
bool VerifyPassword(std::string_view password, const std::string& hash);

}  // namespace yard::auth
