#include "api/rest/reply.h"

#include "base/json.h"

namespace yard::rest {

http::Response JsonReply(View body, int status) {
    return http::MakeResponse(status, "application/json", WriteJson(body));
}

http::Response NoContentReply() { return http::MakeResponse(204, "application/json", ""); }

http::Response DetailReply(int status, std::string_view detail) {
    return DetailReply(status, Value::String(detail));
}

http::Response DetailReply(int status, const Value& detail) {
    return JsonReply(Value::Object({{"detail", detail}}), status);
}

http::Response FailureReply(int status, std::string_view method, std::string_view path,
                            std::string_view detail) {
    std::string message = "Failed to process " + std::string(method) + " " + std::string(path);
    const char* hint = status < 500 ? "Adjust the request and retry."
                                    : "Check server logs and dependent services.";
    return JsonReply(Value::Object({{"message", Value::String(message)},
                                    {"detail", Value::String(detail)},
                                    {"hint", Value::String(hint)}}),
                     status);
}

http::Response InvalidDataReply(std::string_view method, std::string_view path,
                                const Value& errors) {
    std::string message = "Invalid data for " + std::string(method) + " " + std::string(path);
    const char* hint = "Ensure the request matches the API schema.";
    return JsonReply(Value::Object({{"message", Value::String(message)},
                                    {"detail", errors},
                                    {"hint", Value::String(hint)}}),
                     422);
}

}  // namespace yard::rest
