#include "api/rest/account_reply.h"

#include <string>

#include "api/rest/error_map.h"
#include "api/rest/reply.h"
#include "base/json.h"
#include "base/log.h"

namespace yard::rest {
namespace {

// Where a GoTrue server answers otherwise than the rest of the API.
int StatusOf(std::string_view error_code, ErrorKind kind) {
    for (std::string_view code : {"user_already_exists", "weak_password", "signup_disabled",
                                  "email_exists", "same_password"}) {
        if (error_code == code) return 422;
    }
    for (std::string_view code : {"invalid_credentials", "refresh_token_not_found",
                                  "refresh_token_already_used", "validation_failed"}) {
        if (error_code == code) return 400;
    }
    return rest::StatusOf(kind);
}

std::string ErrorCodeOf(const Error& error) {
    Result<Value> detail = ParseJson(error.detail_json.empty() ? "null" : error.detail_json);
    std::string_view code = detail ? detail.value()["error_code"].StringOr("") : "";
    if (!code.empty()) return std::string(code);
    return error.kind == ErrorKind::kInvalid ? "validation_failed" : "unexpected_failure";
}

}  // namespace

http::Response AccountErrorReply(int status, std::string_view error_code,
                                 std::string_view message) {
    ValueBuilder out;
    out.BeginObject().Member("code", status).Member("error_code", error_code);
    out.Member("msg", message);
    if (error_code == "weak_password") {
        out.Key("weak_password").BeginObject();
        out.Member("reasons", Value::Array({Value::String("length")})).EndObject();
    }
    http::Response response = JsonReply(out.EndObject().Take(), status);
    response.headers.Set("X-Sb-Error-Code", error_code);
    return response;
}

http::Response AccountErrorReply(const Error& error, std::string_view request_id) {
    if (error.kind == ErrorKind::kInternal) {
        LogError("rest", "an account request failed",
                 {{"request_id", std::string(request_id)}, {"error", error.message}});
        return AccountErrorReply(500, "unexpected_failure", "Internal server error");
    }
    std::string code = ErrorCodeOf(error);
    return AccountErrorReply(StatusOf(code, error.kind), code, error.message);
}

}  // namespace yard::rest
