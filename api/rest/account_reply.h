// Errors of the account operations, in the words of a GoTrue server.

#pragma once

#include <string_view>

#include "api/http/response.h"
#include "base/result.h"

namespace yard::rest {

// {"code": 400, "error_code": "...", "msg": "..."}
http::Response AccountErrorReply(int status, std::string_view error_code, std::string_view message);

// For an error of auth::AccountService. Internal ones are logged with `request_id` and hidden.
http::Response AccountErrorReply(const Error& error, std::string_view request_id);

}  // namespace yard::rest
