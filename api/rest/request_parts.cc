#include "api/rest/request_parts.h"

#include <algorithm>
#include <cctype>

#include "api/http/url.h"
#include "api/rest/account_reply.h"
#include "api/rest/decode.h"
#include "api/rest/reply.h"
#include "base/json.h"
#include "base/log.h"
#include "base/utf8.h"

namespace yard::rest {
namespace {

using Refusal = std::optional<http::Response>;

std::string Lower(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

std::string_view Trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

// A body without a Content-Type is taken for JSON.
bool IsJson(const http::Headers& headers) {
    if (!headers.Has("content-type")) return true;
    std::string_view header = headers.Get("content-type");
    std::string type = Lower(Trim(header.substr(0, header.find(';'))));
    return type == "application/json" ||
           (type.starts_with("application/") && type.ends_with("+json"));
}

http::Response InvalidJsonReply(const Operation& operation, const Call& call,
                                const JsonError& where, const std::string& message) {
    if (operation.errors == ErrorStyle::kAccounts) {
        return AccountErrorReply(400, "bad_json", "Could not parse request body as JSON");
    }
    std::string reason = where.message.empty() ? message : where.message;
    ValidationErrors errors;
    errors.Add({"json_invalid",
                {"body", static_cast<int64_t>(where.offset)},
                "JSON decode error",
                Value::EmptyObject(),
                Value::Object({{"error", Value::String(reason)}})});
    return InvalidDataReply(call.method, call.path, errors.ToJson());
}

Refusal ParseBody(const Operation& operation, Call& call) {
    const std::string& text = call.request->body;
    if (operation.body.form == BodySpec::Form::kNone || text.empty()) return std::nullopt;
    if (!IsJson(call.request->headers)) {
        call.sent = Value::String(IsUtf8(text) ? text : std::string());
        return std::nullopt;
    }
    JsonError where;
    Result<Value> parsed = ParseJson(text, {}, &where);
    if (!parsed) return InvalidJsonReply(operation, call, where, parsed.error().message);
    call.sent = std::move(parsed).value();
    return std::nullopt;
}

http::Response UnauthenticatedReply(const Operation& operation, const std::string& message) {
    if (operation.errors == ErrorStyle::kAccounts) {
        return AccountErrorReply(401, "bad_jwt", message);
    }
    return DetailReply(401, message);
}

// An administrator may act for somebody else; every such request is logged.
Refusal Impersonate(Call& call) {
    std::string_view wanted = Trim(call.request->headers.Get("x-act-as-user-id"));
    if (wanted.empty()) return std::nullopt;
    if (!call.principal.is_admin()) {
        return DetailReply(403, "Only admin users can impersonate other users");
    }
    call.user_id = UserId(std::string(wanted));
    LogInfo("rest", "an administrator acts for another user",
            {{"admin", call.principal.user_id.text()},
             {"user", call.user_id.text()},
             {"method", call.method},
             {"path", call.path},
             {"request_id", call.request_id}});
    return std::nullopt;
}

Refusal Authenticate(const Operation& operation, auth::Authenticator& authenticator, Call& call) {
    if (operation.access == Access::kPublic) return std::nullopt;
    auto principal = authenticator.Authenticate(call.request->headers.Get("authorization"));
    if (operation.access == Access::kOptional) {
        if (principal) call.principal = std::move(principal).value();
        call.user_id = call.principal.user_id;
        return std::nullopt;
    }
    if (!principal) return UnauthenticatedReply(operation, principal.error().message);
    call.principal = std::move(principal).value();
    call.user_id = call.principal.user_id;
    if (call.user_id.empty()) {
        return UnauthenticatedReply(operation, "User ID not found in token");
    }
    bool needs_role = operation.access == Access::kUser || operation.access == Access::kAdmin;
    if (needs_role && !call.principal.role) {
        return UnauthenticatedReply(operation, "Role not found in token");
    }
    if (operation.access == Access::kAdmin && !call.principal.is_admin()) {
        return DetailReply(403, "Admin access required");
    }
    return Impersonate(call);
}

void DecodePath(const Operation& operation, const std::vector<std::string>& values, Call& call,
                ValidationErrors& errors) {
    ValueBuilder given;
    given.BeginObject();
    for (size_t i = 0; i < operation.path_parameters.size(); ++i) {
        given.Member(operation.path_parameters[i].name, values[i]);
    }
    given.EndObject();
    call.path_parameters =
        DecodeParameters(operation.path_parameters, given.Take(), {"path"}, errors);
}

void DecodeQuery(const Operation& operation, Call& call, ValidationErrors& errors) {
    if (operation.query.empty()) return;
    Result<http::QueryParameters> parameters = http::ParseQuery(call.request->query());
    ValueBuilder given;
    given.BeginObject();
    for (const Field& field : operation.query) {
        // The last of several values counts.
        const std::string* value = nullptr;
        if (parameters) {
            for (const auto& [name, text] : parameters.value()) {
                if (name == field.name && IsUtf8(text)) value = &text;
            }
        }
        if (value != nullptr) given.Member(field.name, *value);
    }
    given.EndObject();
    call.query = DecodeParameters(operation.query, given.Take(), {"query"}, errors);
}

void DecodeBody(const BodySpec& spec, Call& call, ValidationErrors& errors) {
    switch (spec.form) {
        case BodySpec::Form::kNone: return;
        case BodySpec::Form::kWhole:
            if (!call.sent->IsNull()) {
                call.body = Decode(spec.type, call.sent, {"body"}, errors);
            } else if (spec.required) {
                errors.Add(MissingError({"body"}, Value()));
            }
            return;
        case BodySpec::Form::kFields:
            if (!call.sent->IsNull() && !call.sent->IsObject()) {
                for (const Field& field : spec.type.dto->fields) {
                    errors.Add(MissingError({"body", field.name}, Value()));
                }
                return;
            }
            call.body = DecodeParameters(spec.type.dto->fields, call.sent, {"body"}, errors);
            return;
    }
}

}  // namespace

std::optional<http::Response> Refuse(const Operation& operation,
                                     const std::vector<std::string>& path_values,
                                     auth::Authenticator& authenticator, Call& call) {
    if (Refusal refusal = ParseBody(operation, call)) return refusal;
    if (Refusal refusal = Authenticate(operation, authenticator, call)) return refusal;
    ValidationErrors errors;
    DecodePath(operation, path_values, call, errors);
    DecodeQuery(operation, call, errors);
    DecodeBody(operation.body, call, errors);
    if (errors.empty()) return std::nullopt;
    if (operation.errors == ErrorStyle::kAccounts) {
        return AccountErrorReply(400, "validation_failed", "The request is not valid");
    }
    return InvalidDataReply(call.method, call.path, errors.ToJson());
}

}  // namespace yard::rest
