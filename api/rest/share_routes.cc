#include "api/rest/execution_dtos.h"
#include "api/rest/reply.h"
#include "api/rest/routes.h"
#include "base/clock.h"
#include "host/model/execution_json.h"

namespace yard::rest {
namespace {

constexpr char kTokenPattern[] = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$";

Result<http::Response> MissingAsDetail(Error error) {
    if (error.kind != ErrorKind::kNotFound) return error;
    return DetailReply(404, error.message);
}

GraphExecutionId ExecutionIdOf(const Call& call) {
    return GraphExecutionId(call.PathText("graph_exec_id"));
}

Result<http::Response> Share(const Services& services, const std::string& frontend_base_url,
                             const Call& call) {
    auto token = services.executions.Share(call.user_id, ExecutionIdOf(call));
    if (!token) return MissingAsDetail(token.error());
    std::string url = frontend_base_url + "/share/" + token.value();
    return JsonReply(Value::Object(
        {{"share_url", Value::String(url)}, {"share_token", Value::String(token.value())}}));
}

Result<http::Response> Unshare(const Services& services, const Call& call) {
    auto ended = services.executions.Unshare(call.user_id, ExecutionIdOf(call));
    if (!ended) return MissingAsDetail(ended.error());
    return NoContentReply();
}

// Shows nothing of the owner but the graph's name and results.
Result<http::Response> GetShared(const Services& services, const Call& call) {
    auto found = services.executions.FindShared(call.PathText("share_token"));
    if (!found) return MissingAsDetail(found.error());
    const service::ExecutionService::Shared& shared = found.value();
    const model::GraphExecution& execution = shared.details.execution;
    ValueBuilder out;
    out.BeginObject().Member("id", execution.id.text());
    out.Member("graph_name", shared.graph_name.empty() ? "Untitled Agent" : shared.graph_name);
    out.Key("graph_description");
    if (shared.graph_description) {
        out.String(*shared.graph_description);
    } else {
        out.Null();
    }
    out.Member("status", model::ToString(execution.status));
    out.Member("created_at", FormatIso(execution.created_at));
    out.Member("outputs", model::DeriveOutputs(shared.details.nodes, services.catalog));
    return JsonReply(out.EndObject().Take());
}

constexpr char kSharePath[] = "/api/graphs/{graph_id}/executions/{graph_exec_id}/share";

}  // namespace

void AddShareRoutes(const Services& services, const ApiOptions& options, RouteTable& routes) {
    Operation share;
    share.method = "POST";
    share.path = kSharePath;
    share.operation_id = "postV1EnableExecutionSharing";
    share.tags = {"v1"};
    share.summary = "Enable Execution Sharing";
    share.description = "Enable sharing for a graph execution.";
    share.path_parameters = {Required("graph_id", Text()), Required("graph_exec_id", Text())};
    share.body = OptionalBody(ObjectOf(ShareRequestDto()), Value::EmptyObject());
    share.response = ObjectOf(ShareResponseDto());
    share.handler = Sync([&services, base_url = options.frontend_base_url](const Call& call) {
        return Share(services, base_url, call);
    });
    routes.Add(std::move(share));

    Operation unshare;
    unshare.method = "DELETE";
    unshare.path = kSharePath;
    unshare.operation_id = "deleteV1DisableExecutionSharing";
    unshare.tags = {"v1"};
    unshare.summary = "Disable Execution Sharing";
    unshare.description = "Disable sharing for a graph execution.";
    unshare.path_parameters = {Required("graph_id", Text()), Required("graph_exec_id", Text())};
    unshare.status = 204;
    unshare.handler = Sync([&services](const Call& call) { return Unshare(services, call); });
    routes.Add(std::move(unshare));

    Operation get;
    get.method = "GET";
    get.path = "/api/public/shared/{share_token}";
    get.operation_id = "getV1GetSharedExecution";
    get.tags = {"v1"};
    get.summary = "Get Shared Execution";
    get.description = "Get a shared graph execution by share token (no auth required).";
    get.access = Access::kPublic;
    Type token = Text();
    token.pattern = kTokenPattern;
    get.path_parameters = {Required("share_token", token)};
    get.response = ObjectOf(SharedExecutionResponseDto());
    get.handler = Sync([&services](const Call& call) { return GetShared(services, call); });
    routes.Add(std::move(get));
}

}  // namespace yard::rest
