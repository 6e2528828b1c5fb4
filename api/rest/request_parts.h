// From a request to a validated Call: body, caller, parameters, in the order clients can rely on.

#pragma once

#include <string>
#include <variant>
#include <vector>

#include "api/http/response.h"
#include "api/rest/operation.h"
#include "host/auth/authenticator.h"

namespace yard::rest {

// Fills principal, user_id, parameters and body of `call`, whose other members are set. Returns the
// answer instead if the request is refused: a malformed body first (422), then the caller (401,
// 403), then what does not validate (422).
std::optional<http::Response> Refuse(const Operation& operation,
                                     const std::vector<std::string>& path_values,
                                     auth::Authenticator& authenticator, Call& call);

}  // namespace yard::rest
