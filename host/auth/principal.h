#pragma once

#include <optional>
#include <string>

#include "base/id.h"
#include "base/value.h"

namespace yard::auth {

// Who is calling: the verified claims of a token.
struct Principal {
    UserId user_id;  // Claim `sub`; empty when the token has none.
    std::optional<std::string>
        role;                // "authenticated" or "admin"; tokens of other issuers may lack it.
    std::string session_id;  // Of the embedded accounts; empty otherwise.
    Value claims;            // The whole payload.

    bool is_admin() const { return role == "admin"; }
};

}  // namespace yard::auth
