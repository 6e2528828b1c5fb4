#include <algorithm>
#include <limits>

#include "api/rest/execution_dtos.h"
#include "api/rest/reply.h"
#include "api/rest/routes.h"
#include "base/json.h"
#include "host/model/execution_json.h"

namespace yard::rest {
namespace {

GraphId GraphIdOf(const Call& call) { return GraphId(call.PathText("graph_id")); }
GraphExecutionId ExecutionIdOf(const Call& call) {
    return GraphExecutionId(call.PathText("graph_exec_id"));
}

Value EncodeMetas(const std::vector<model::GraphExecution>& executions) {
    ValueBuilder out;
    out.BeginArray();
    for (const model::GraphExecution& execution : executions) {
        out.Copy(model::EncodeGraphExecutionMeta(execution));
    }
    return out.EndArray().Take();
}

// References without their null members, which credentials are stored and compared without.
Value WithoutNulls(View references) {
    ValueBuilder out;
    out.BeginObject();
    for (auto [name, reference] : references.members()) {
        out.Key(name).BeginObject();
        for (auto [member, value] : reference.members()) {
            if (!value.IsNull()) out.Key(member).Copy(value);
        }
        out.EndObject();
    }
    return out.EndObject().Take();
}

service::RunSubmission SubmissionOf(const Call& call) {
    service::RunSubmission submission;
    submission.user = call.user_id;
    submission.graph_id = GraphIdOf(call);
    View version = call.path_parameters["graph_version"];
    if (version.IsInt()) {
        // No graph has a version outside of an int.
        bool fits = version.AsInt() >= 0 && version.AsInt() <= std::numeric_limits<int>::max();
        submission.version = fits ? static_cast<int>(version.AsInt()) : -1;
    }
    View preset = call.query["preset_id"];
    if (preset.IsString()) submission.preset_id = std::string(preset.AsString());
    submission.run.inputs = Value::Copy(call.body["inputs"]);
    submission.run.credentials_inputs = WithoutNulls(call.body["credentials_inputs"]);
    return submission;
}

void ExecuteGraph(const Services& services, const CallPtr& call, const Done& done) {
    services.executions.Submit(SubmissionOf(*call), [done](Result<model::GraphExecution> run) {
        if (run) return done(JsonReply(model::EncodeGraphExecutionMeta(run.value())));
        if (run.error().kind == ErrorKind::kInsufficientBalance) {
            return done(DetailReply(402, run.error().message));
        }
        done(std::move(run).error());
    });
}

void StopExecution(const Services& services, const CallPtr& call, const Done& done) {
    services.executions.Stop(call->user_id, GraphIdOf(*call), ExecutionIdOf(*call),
                             [call, done](Result<std::optional<model::GraphExecution>> stopped) {
                                 if (!stopped) return done(std::move(stopped).error());
                                 if (!stopped.value()) return done(JsonReply(Value()));
                                 done(JsonReply(model::EncodeGraphExecutionMeta(*stopped.value())));
                             });
}

Result<http::Response> ListExecutions(const Services& services, const Call& call) {
    return JsonReply(EncodeMetas(TRY(services.executions.List(call.user_id))));
}

Result<http::Response> ListOfGraph(const Services& services, const Call& call) {
    int64_t page = call.query["page"].AsInt();
    int64_t size = call.query["page_size"].AsInt();
    auto result = TRY(services.executions.ListOfGraph(call.user_id, GraphIdOf(call), page, size));
    ValueBuilder out;
    out.BeginObject().Member("executions", EncodeMetas(result.executions));
    out.Key("pagination").BeginObject().Member("total_items", result.total);
    out.Member("total_pages", (result.total + size - 1) / size);
    out.Member("current_page", page).Member("page_size", size).EndObject();
    return JsonReply(out.EndObject().Take());
}

Result<http::Response> GetExecution(const Services& services, const Call& call) {
    auto details = services.executions.Get(call.user_id, GraphIdOf(call), ExecutionIdOf(call));
    if (!details && details.error().kind == ErrorKind::kNotFound) {
        return DetailReply(404, details.error().message);
    }
    if (!details) return std::move(details).error();
    return JsonReply(model::EncodeGraphExecutionWithNodes(details.value().execution,
                                                          details.value().nodes, services.catalog));
}

Result<http::Response> DeleteExecution(const Services& services, const Call& call) {
    GraphExecutionId id = ExecutionIdOf(call);
    if (TRY(services.executions.Delete(call.user_id, id))) return NoContentReply();
    // 500 is what the reference platform answers here, and its clients look for it.
    return FailureReply(500, call.method, call.path,
                        "Could not delete graph execution #" + id.text() + ": not found");
}

Operation ExecutionOperation(const char* method, const char* path, const char* operation_id,
                             const char* summary) {
    Operation operation;
    operation.method = method;
    operation.path = path;
    operation.operation_id = operation_id;
    operation.tags = {"v1", "graphs"};
    operation.summary = summary;
    for (std::string& name : ParameterNames(operation.path)) {
        operation.path_parameters.push_back(Required(std::move(name), Text()));
    }
    return operation;
}

void AddReading(const Services& services, RouteTable& routes) {
    Operation list = ExecutionOperation("GET", "/api/executions", "getV1List all executions",
                                        "List all executions");
    list.response = ListOf(ObjectOf(GraphExecutionMetaDto()));
    list.response_title = "Response Getv1List All Executions";
    list.handler = Sync([&services](const Call& call) { return ListExecutions(services, call); });
    routes.Add(std::move(list));

    Operation of_graph = ExecutionOperation("GET", "/api/graphs/{graph_id}/executions",
                                            "getV1List graph executions", "List graph executions");
    of_graph.query = {
        Optional("page", IntegerBetween(1, std::nullopt), Value::Int(1), "Page number (1-indexed)"),
        Optional("page_size", IntegerBetween(1, 100), Value::Int(25),
                 "Number of executions per page")};
    of_graph.response = ObjectOf(GraphExecutionsPaginatedDto());
    of_graph.handler = Sync([&services](const Call& call) { return ListOfGraph(services, call); });
    routes.Add(std::move(of_graph));

    Operation get = ExecutionOperation("GET", "/api/graphs/{graph_id}/executions/{graph_exec_id}",
                                       "getV1Get execution details", "Get execution details");
    get.response = AnyOf({ObjectOf(GraphExecutionDto()), ObjectOf(GraphExecutionWithNodesDto())});
    get.response_title = "Response Getv1Get Execution Details";
    get.handler = Sync([&services](const Call& call) { return GetExecution(services, call); });
    routes.Add(std::move(get));
}

}  // namespace

void AddExecutionRoutes(const Services& services, RouteTable& routes) {
    AddReading(services, routes);

    Operation execute = ExecutionOperation("POST", "/api/graphs/{graph_id}/execute/{graph_version}",
                                           "postV1Execute graph agent", "Execute graph agent");
    execute.path_parameters[1].type = Nullable(Integer());
    execute.query = {Optional("preset_id", Nullable(Text()))};
    execute.body = BodyFields(ExecuteGraphBodyDto());
    execute.response = ObjectOf(GraphExecutionMetaDto());
    execute.handler = [&services](const CallPtr& call, const Done& done) {
        ExecuteGraph(services, call, done);
    };
    routes.Add(std::move(execute));

    Operation stop =
        ExecutionOperation("POST", "/api/graphs/{graph_id}/executions/{graph_exec_id}/stop",
                           "postV1Stop graph execution", "Stop graph execution");
    stop.response = Nullable(AnyOf({ObjectOf(GraphExecutionMetaDto())}));
    stop.response_title = "Response Postv1Stop Graph Execution";
    stop.handler = [&services](const CallPtr& call, const Done& done) {
        StopExecution(services, call, done);
    };
    routes.Add(std::move(stop));

    Operation remove =
        ExecutionOperation("DELETE", "/api/executions/{graph_exec_id}",
                           "deleteV1Delete graph execution", "Delete graph execution");
    remove.status = 204;
    remove.handler =
        Sync([&services](const Call& call) { return DeleteExecution(services, call); });
    routes.Add(std::move(remove));
}

}  // namespace yard::rest
