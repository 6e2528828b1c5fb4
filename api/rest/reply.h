// The bodies of the API's answers.

#pragma once

#include <string>
#include <string_view>

#include "api/http/response.h"
#include "base/result.h"
#include "base/value.h"

namespace yard::rest {

http::Response JsonReply(View body, int status = 200);
http::Response NoContentReply();  // 204

// {"detail": ...}
http::Response DetailReply(int status, std::string_view detail);
http::Response DetailReply(int status, const Value& detail);

// {"message": "Failed to process GET /path", "detail": ..., "hint": ...}
http::Response FailureReply(int status, std::string_view method, std::string_view path,
                            std::string_view detail);

// 422: {"message": "Invalid data for GET /path", "detail": [...], "hint": ...}
http::Response InvalidDataReply(std::string_view method, std::string_view path,
                                const Value& errors);

}  // namespace yard::rest
