#include "api/rest/openapi.h"

#include <algorithm>
#include <cctype>
#include <map>

#include "api/rest/json_schema_writer.h"
#include "base/json.h"

namespace yard::rest {
namespace {

constexpr char kSecurityScheme[] = "HTTPBearerJWT";
constexpr char kUnauthenticated[] = "HTTP401NotAuthenticatedError";

const Dto& ValidationErrorDto() {
    static const Dto kDto = [] {
        Dto dto{"ValidationError",
                {Required("loc", ListOf(AnyOf({Text(), Integer()}))), Required("msg", Text()),
                 Required("type", Text())}};
        dto.fields[0].title = "Location";
        dto.fields[1].title = "Message";
        dto.fields[2].title = "Error Type";
        return dto;
    }();
    return kDto;
}

const Dto& HttpValidationErrorDto() {
    static const Dto kDto{"HTTPValidationError",
                          {Optional("detail", ListOf(ObjectOf(ValidationErrorDto())))}};
    return kDto;
}

Value JsonContent(const Value& schema) {
    return Value::Object({{"application/json", Value::Object({{"schema", schema}})}});
}

bool IsAuthenticated(const Operation& operation) { return operation.access != Access::kPublic; }

bool IsValidated(const Operation& operation) {
    return !operation.path_parameters.empty() || !operation.query.empty() ||
           operation.body.form != BodySpec::Form::kNone;
}

Value Parameter(const Field& field, const char* in, bool required, Components& components) {
    ValueBuilder out;
    out.BeginObject().Member("name", field.name).Member("in", in).Member("required", required);
    out.Member("schema", SchemaOf(field, components));
    if (!field.description.empty()) out.Member("description", field.description);
    return out.EndObject().Take();
}

Value RequestBody(const BodySpec& body, Components& components) {
    Value schema = SchemaOf(body.type, body.title, components);
    if (!body.default_value->IsNull()) {
        ValueBuilder with_default;
        with_default.BeginObject();
        for (auto [key, value] : schema->members()) with_default.Key(key).Copy(value);
        schema = with_default.Member("default", body.default_value).EndObject().Take();
    }
    ValueBuilder out;
    out.BeginObject().Member("content", JsonContent(schema));
    if (body.required) out.Member("required", true);
    return out.EndObject().Take();
}

Value Responses(const Operation& operation, Components& components) {
    constexpr char kSuccess[] = "Successful Response";
    ValueBuilder out;
    out.BeginObject().Key(std::to_string(operation.status)).BeginObject();
    out.Member("description", kSuccess);
    if (operation.status != 204) {
        out.Member("content",
                   JsonContent(SchemaOf(operation.response, operation.response_title, components)));
    }
    out.EndObject();
    if (IsAuthenticated(operation)) {
        out.Key("401").BeginObject();
        out.Member("$ref", std::string("#/components/responses/") + kUnauthenticated).EndObject();
    }
    if (IsValidated(operation)) {
        out.Key("422").BeginObject().Member("description", "Validation Error");
        out.Member("content",
                   JsonContent(SchemaOf(ObjectOf(HttpValidationErrorDto()), "", components)));
        out.EndObject();
    }
    return out.EndObject().Take();
}

Value OperationObject(const Operation& operation, Components& components) {
    ValueBuilder out;
    out.BeginObject().Member("tags", Value::Strings(operation.tags));
    out.Member("summary", operation.summary);
    if (!operation.description.empty()) out.Member("description", operation.description);
    out.Member("operationId", operation.operation_id);
    if (IsAuthenticated(operation)) {
        out.Member("security",
                   Value::Array({Value::Object({{kSecurityScheme, Value::EmptyArray()}})}));
    }
    if (!operation.path_parameters.empty() || !operation.query.empty()) {
        out.Key("parameters").BeginArray();
        for (const Field& field : operation.path_parameters) {
            out.Copy(Parameter(field, "path", true, components));
        }
        for (const Field& field : operation.query) {
            out.Copy(Parameter(field, "query", field.required, components));
        }
        out.EndArray();
    }
    if (operation.body.form != BodySpec::Form::kNone) {
        out.Member("requestBody", RequestBody(operation.body, components));
    }
    return out.Member("responses", Responses(operation, components)).EndObject().Take();
}

Value ComponentsObject(const Components& components) {
    ValueBuilder out;
    out.BeginObject().Key("responses").BeginObject();
    Value detail = Value::Object({{"type", Value::String("string")}});
    Value schema = Value::Object(
        {{"type", Value::String("object")}, {"properties", Value::Object({{"detail", detail}})}});
    out.Member(kUnauthenticated,
               Value::Object({{"description", Value::String("Authentication required")},
                              {"content", JsonContent(schema)}}));
    out.EndObject().Key("schemas").BeginObject();
    for (const auto& [name, component] : components) out.Member(name, component);
    out.EndObject().Key("securitySchemes").BeginObject();
    out.Member(kSecurityScheme, Value::Object({{"type", Value::String("http")},
                                               {"scheme", Value::String("bearer")},
                                               {"bearerFormat", Value::String("jwt")}}));
    return out.EndObject().EndObject().Take();
}

std::string Lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

}  // namespace

std::string OpenApiJson(const RouteTable& routes) {
    std::map<std::string, std::map<std::string, Value>> paths;
    Components components;
    for (const auto& operation : routes.operations()) {
        if (!operation->documented) continue;
        paths[operation->path][Lower(operation->method)] = OperationObject(*operation, components);
    }
    ValueBuilder out;
    out.BeginObject().Member("openapi", "3.1.0").Key("info").BeginObject();
    out.Member("title", "Blockyard").Member("summary", "Blockyard");
    out.Member("description", "Builds and runs agents: graphs of blocks.");
    out.Member("version", "0.1").EndObject().Key("paths").BeginObject();
    for (const auto& [path, methods] : paths) {
        out.Key(path).BeginObject();
        for (const auto& [method, operation] : methods) out.Member(method, operation);
        out.EndObject();
    }
    out.EndObject().Member("components", ComponentsObject(components));
    return WriteJson(out.EndObject().Take());
}

}  // namespace yard::rest
