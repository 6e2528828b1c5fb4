// The one place where the host's errors become HTTP answers.

#pragma once

#include <string_view>

#include "api/http/response.h"
#include "base/result.h"

namespace yard::rest {

int StatusOf(ErrorKind kind);

// An error with machine-readable detail answers {"detail": <it>}, any other one the general failure
// body. The message of an internal error is logged with `request_id` and replaced.
http::Response ErrorReply(const Error& error, std::string_view method, std::string_view path,
                          std::string_view request_id);

}  // namespace yard::rest
