// One operation of the API: a row of the route table.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/http/request.h"
#include "api/http/response.h"
#include "api/rest/json_type.h"
#include "base/id.h"
#include "base/result.h"
#include "base/value.h"
#include "host/auth/principal.h"

namespace yard::rest {

// Who may call. kUserId accepts tokens without a role, kOptional serves anonymous callers too.
enum class Access { kPublic, kUserId, kUser, kAdmin, kOptional };

// kWorker: the handler never blocks and runs on the connection's worker. kPool: it may block.
enum class RunsOn { kWorker, kPool };

struct BodySpec {
    enum class Form {
        kNone,
        kWhole,   // The body is one value of `type`.
        kFields,  // The body is an object; every field of type.dto is a parameter of its own.
    };
    Form form = Form::kNone;
    Type type;
    bool required = true;
    std::string title = "";    // Of the schema, where the type is no component.
    Value default_value = {};  // Shown in the document for an optional body.
};

// How an operation words its errors: like the platform's API, or like a GoTrue server.
enum class ErrorStyle { kPlatform, kAccounts };

// A request that passed authentication and validation. Shared by whoever answers it.
struct Call {
    std::string method;
    std::string path;  // Decoded.
    std::string request_id;
    std::shared_ptr<const http::Request> request;
    auth::Principal principal;  // Of the token; its user id is empty for anonymous callers.
    UserId user_id;             // The caller, or whom an administrator acts for.
    Value path_parameters;      // Objects, as declared.
    Value query;
    Value body;  // As declared; null when there is none.
    Value sent;  // The body as it was sent.

    std::string PathText(std::string_view name) const {
        return std::string(path_parameters[name].StringOr(""));
    }
};
using CallPtr = std::shared_ptr<const Call>;

// Called once, from any thread. An error becomes an answer by error_map.h.
using Done = std::function<void(Result<http::Response>)>;
using OperationHandler = std::function<void(CallPtr, Done)>;

// For handlers that answer before they return.
OperationHandler Sync(std::function<Result<http::Response>(const Call&)> handler);

struct Operation {
    std::string method;
    std::string path;  // "/api/graphs/{graph_id}"
    std::string operation_id;
    std::vector<std::string> tags;
    std::string summary;
    std::string description;
    Access access = Access::kUser;
    RunsOn runs_on = RunsOn::kPool;
    std::vector<Field> path_parameters;
    std::vector<Field> query;
    BodySpec body;
    int status = 200;
    Type response = {};
    std::string response_title = "";  // Of schemas that are no component.
    OperationHandler handler;
    // Whether the path is also served below /api/v<n>; 0: not.
    int api_version = 1;
    bool documented = true;
    ErrorStyle errors = ErrorStyle::kPlatform;
};

BodySpec WholeBody(Type type, std::string title = "");
BodySpec OptionalBody(Type type, Value default_value);
BodySpec BodyFields(const Dto& dto);

}  // namespace yard::rest
