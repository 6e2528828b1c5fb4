#include <memory>

#include "api/rest/docs_page.h"
#include "api/rest/openapi.h"
#include "api/rest/reply.h"
#include "api/rest/routes.h"

namespace yard::rest {
namespace {

Operation MetaOperation(const char* path, const char* operation_id, const char* summary) {
    Operation operation;
    operation.method = "GET";
    operation.path = path;
    operation.operation_id = operation_id;
    operation.tags = {"health"};
    operation.summary = summary;
    operation.access = Access::kPublic;
    operation.runs_on = RunsOn::kWorker;
    operation.api_version = 0;
    operation.documented = false;
    return operation;
}

Result<http::Response> GetHealth(const Services& services, const Call& call) {
    if (services.health()) {
        return JsonReply(Value::Object({{"status", Value::String("healthy")}}));
    }
    return FailureReply(400, call.method, call.path, "[AgentServer] - Database is not connected");
}

http::Response PageReply() {
    http::Response response =
        http::MakeResponse(200, "text/html; charset=utf-8", std::string(DocsPage()));
    // The page brings everything with it and talks to this server only.
    response.headers.Set("Content-Security-Policy",
                         "default-src 'none'; style-src 'unsafe-inline'; "
                         "script-src 'unsafe-inline'; connect-src 'self'; img-src data:; "
                         "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    return response;
}

void AddDocs(RouteTable& routes) {
    Operation docs = MetaOperation("/docs", "getDocs", "API page");
    docs.handler = Sync([](const Call&) -> Result<http::Response> { return PageReply(); });
    routes.Add(std::move(docs));

    Operation redoc = MetaOperation("/redoc", "getRedoc", "API page");
    redoc.handler = Sync([](const Call&) -> Result<http::Response> {
        http::Response response;
        response.status = 307;
        response.headers.Set("Location", "/docs");
        return response;
    });
    routes.Add(std::move(redoc));
}

}  // namespace

void AddMetaRoutes(const Services& services, const ApiOptions& options, RouteTable& routes) {
    Operation health = MetaOperation("/health", "getHealthHealth", "Health");
    health.documented = true;
    health.runs_on = RunsOn::kPool;
    health.handler = Sync([&services](const Call& call) { return GetHealth(services, call); });
    routes.Add(std::move(health));
    if (!options.docs) return;

    auto document = std::make_shared<const std::string>(OpenApiJson(routes));
    Operation openapi = MetaOperation("/openapi.json", "getOpenapi", "OpenAPI document");
    openapi.handler = Sync([document](const Call&) -> Result<http::Response> {
        http::Response response = http::MakeResponse(200, "application/json", "");
        response.shared_body = document;
        return response;
    });
    routes.Add(std::move(openapi));
    AddDocs(routes);
}

}  // namespace yard::rest
