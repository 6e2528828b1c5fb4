#include "api/rest/error_map.h"

#include <string>

#include "api/rest/reply.h"
#include "base/json.h"
#include "base/log.h"

namespace yard::rest {

int StatusOf(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::kInvalid: return 400;
        case ErrorKind::kUnauthenticated: return 401;
        case ErrorKind::kNotAllowed: return 403;
        case ErrorKind::kNotFound: return 404;
        case ErrorKind::kConflict: return 409;
        case ErrorKind::kInsufficientBalance: return 402;
        case ErrorKind::kTooLarge: return 413;
        case ErrorKind::kRateLimited: return 429;
        case ErrorKind::kUnavailable: return 503;
        case ErrorKind::kTimeout:
        case ErrorKind::kCancelled:
        case ErrorKind::kInternal: return 500;
    }
    return 500;
}

http::Response ErrorReply(const Error& error, std::string_view method, std::string_view path,
                          std::string_view request_id) {
    int status = StatusOf(error.kind);
    if (error.kind == ErrorKind::kInternal) {
        LogError("rest", "a request failed",
                 {{"request_id", std::string(request_id)},
                  {"method", std::string(method)},
                  {"path", std::string(path)},
                  {"error", error.message}});
        return FailureReply(status, method, path, "Internal server error");
    }
    if (!error.detail_json.empty()) {
        Result<Value> detail = ParseJson(error.detail_json);
        if (detail) return DetailReply(status, detail.value());
    }
    return FailureReply(status, method, path, error.message);
}

}  // namespace yard::rest
