#include <limits>

#include "api/rest/decode.h"
#include "api/rest/graph_dtos.h"
#include "api/rest/reply.h"
#include "api/rest/routes.h"
#include "host/model/graph_json.h"

namespace yard::rest {
namespace {

using Form = service::GraphService::Form;

// A version that no graph has, for numbers beyond an int.
std::optional<int> VersionOf(View version) {
    if (!version.IsInt()) return std::nullopt;
    int64_t number = version.AsInt();
    constexpr int64_t kMax = std::numeric_limits<int>::max();
    return number < 0 || number > kMax ? -1 : static_cast<int>(number);
}

GraphId GraphIdOf(const Call& call) { return GraphId(call.PathText("graph_id")); }

// These operations answer a missing thing in the short form.
Result<http::Response> MissingAsDetail(Error error) {
    if (error.kind != ErrorKind::kNotFound) return error;
    return DetailReply(404, error.message);
}

Result<http::Response> ListGraphs(const Services& services, const Call& call) {
    std::vector<model::Graph> graphs = TRY(services.graphs.List(call.user_id));
    ValueBuilder out;
    out.BeginArray();
    for (const model::Graph& graph : graphs) {
        out.Copy(model::EncodeGraphMeta(graph, services.catalog));
    }
    return JsonReply(out.EndArray().Take());
}

Result<http::Response> GetGraph(const Services& services, const Call& call, View version) {
    Form form = call.query["for_export"].BoolOr(false) ? Form::kForExport : Form::kComplete;
    auto graph = services.graphs.Get(call.user_id, GraphIdOf(call), VersionOf(version), form);
    if (!graph) return MissingAsDetail(graph.error());
    return JsonReply(model::EncodeGraph(graph.value(), services.catalog));
}

Result<http::Response> GetVersions(const Services& services, const Call& call) {
    auto versions = services.graphs.Versions(call.user_id, GraphIdOf(call));
    if (!versions) return MissingAsDetail(versions.error());
    ValueBuilder out;
    out.BeginArray();
    for (const model::Graph& graph : versions.value()) {
        out.Copy(model::EncodeGraph(graph, services.catalog));
    }
    return JsonReply(out.EndArray().Take());
}

// Reports what the model finds wrong with a graph that has the declared shape.
http::Response InvalidGraphReply(const Call& call, Location location,
                                 std::vector<model::FieldError> faults) {
    ValidationErrors errors;
    for (model::FieldError& fault : faults) {
        Location place = location;
        for (const auto& part : fault.path) {
            if (const auto* index = std::get_if<size_t>(&part)) {
                place.emplace_back(static_cast<int64_t>(*index));
            } else {
                place.emplace_back(std::get<std::string>(part));
            }
        }
        errors.Add({std::move(fault.type), std::move(place), std::move(fault.message),
                    std::move(fault.input), Value()});
    }
    return InvalidDataReply(call.method, call.path, errors.ToJson());
}

// The client says so, or the graph carries what only a server writes into an export.
model::GraphOrigin OriginOf(View sent_body) {
    const View graph = sent_body["graph"];
    const bool exported =
        graph.Has("input_schema") || graph.Has("user_id") || graph.Has("is_template");
    return exported || sent_body["source"].StringOr("") == "upload" ? model::GraphOrigin::kImport
                                                                    : model::GraphOrigin::kBuilder;
}

Result<http::Response> CreateGraph(const Services& services, const Call& call) {
    auto decoded = model::DecodeGraph(call.body["graph"]);
    if (auto* faults = std::get_if<std::vector<model::FieldError>>(&decoded)) {
        return InvalidGraphReply(call, {"body", "graph"}, std::move(*faults));
    }
    model::Graph created = TRY(services.graphs.Create(
        call.user_id, std::get<model::Graph>(std::move(decoded)), OriginOf(call.sent)));
    return JsonReply(model::EncodeGraph(created, services.catalog));
}

Result<http::Response> UpdateGraph(const Services& services, const Call& call) {
    auto decoded = model::DecodeGraph(call.body);
    if (auto* faults = std::get_if<std::vector<model::FieldError>>(&decoded)) {
        return InvalidGraphReply(call, {"body"}, std::move(*faults));
    }
    auto& graph = std::get<model::Graph>(decoded);
    if (graph.id != GraphIdOf(call)) {
        return DetailReply(400, "Graph ID does not match ID in URI");
    }
    auto updated = services.graphs.Update(call.user_id, GraphIdOf(call), std::move(graph));
    if (!updated) return MissingAsDetail(updated.error());
    return JsonReply(model::EncodeGraph(updated.value(), services.catalog));
}

Result<http::Response> SetActiveVersion(const Services& services, const Call& call) {
    int version = *VersionOf(call.body["active_graph_version"]);
    auto set = services.graphs.SetActiveVersion(call.user_id, GraphIdOf(call), version);
    if (!set) return MissingAsDetail(set.error());
    return JsonReply(Value());
}

Result<http::Response> UpdateSettings(const Services& services, const Call& call) {
    service::GraphService::SettingsChange change;
    // Only what was sent is changed; an explicit null means the default.
    if (call.sent->Has("human_in_the_loop_safe_mode")) {
        change.human_in_the_loop_safe_mode = call.body["human_in_the_loop_safe_mode"].AsBool();
    }
    if (call.sent->Has("sensitive_action_safe_mode")) {
        change.sensitive_action_safe_mode = call.body["sensitive_action_safe_mode"].AsBool();
    }
    auto settings = services.graphs.UpdateSettings(call.user_id, GraphIdOf(call), change);
    if (!settings) return MissingAsDetail(settings.error());
    ValueBuilder out;
    out.BeginObject();
    out.Member("human_in_the_loop_safe_mode", settings.value().human_in_the_loop_safe_mode);
    out.Member("sensitive_action_safe_mode", settings.value().sensitive_action_safe_mode);
    return JsonReply(out.EndObject().Take());
}

Result<http::Response> DeleteGraph(const Services& services, const Call& call) {
    int count = TRY(services.graphs.Delete(call.user_id, GraphIdOf(call)));
    return JsonReply(Value::Object({{"version_counts", Value::Int(count)}}));
}

using Function = Result<http::Response> (*)(const Services&, const Call&);

Operation GraphOperation(const Services& services, const char* method, const char* path,
                         const char* operation_id, const char* summary, Function function) {
    Operation operation;
    operation.method = method;
    operation.path = path;
    operation.operation_id = operation_id;
    operation.tags = {"v1", "graphs"};
    operation.summary = summary;
    for (std::string& name : ParameterNames(operation.path)) {
        operation.path_parameters.push_back(Required(std::move(name), Text()));
    }
    operation.handler =
        Sync([&services, function](const Call& call) { return function(services, call); });
    return operation;
}

void AddReading(const Services& services, RouteTable& routes) {
    Operation list = GraphOperation(services, "GET", "/api/graphs", "getV1List user graphs",
                                    "List user graphs", ListGraphs);
    list.response = ListOf(ObjectOf(GraphMetaDto()));
    list.response_title = "Response Getv1List User Graphs";
    routes.Add(std::move(list));

    Field for_export = Optional("for_export", Boolean(), Value::Bool(false));
    Operation get =
        GraphOperation(services, "GET", "/api/graphs/{graph_id}", "getV1Get specific graph",
                       "Get specific graph", [](const Services& all, const Call& call) {
                           return GetGraph(all, call, call.query["version"]);
                       });
    get.query = {Optional("version", Nullable(Integer())), for_export};
    get.response = ObjectOf(GraphModelDto());
    routes.Add(std::move(get));

    Operation version = GraphOperation(
        services, "GET", "/api/graphs/{graph_id}/versions/{version}", "getV1Get graph version",
        "Get graph version", [](const Services& all, const Call& call) {
            return GetGraph(all, call, call.path_parameters["version"]);
        });
    version.path_parameters[1].type = Nullable(Integer());
    version.query = {for_export};
    version.response = ObjectOf(GraphModelDto());
    routes.Add(std::move(version));

    Operation versions =
        GraphOperation(services, "GET", "/api/graphs/{graph_id}/versions",
                       "getV1Get all graph versions", "Get all graph versions", GetVersions);
    versions.response = ListOf(ObjectOf(GraphModelDto()));
    versions.response_title = "Response Getv1Get All Graph Versions";
    routes.Add(std::move(versions));
}

}  // namespace

void AddGraphRoutes(const Services& services, RouteTable& routes) {
    AddReading(services, routes);

    Operation create = GraphOperation(services, "POST", "/api/graphs", "postV1Create new graph",
                                      "Create new graph", CreateGraph);
    create.body = WholeBody(ObjectOf(CreateGraphDto()));
    create.response = ObjectOf(GraphModelDto());
    routes.Add(std::move(create));

    Operation update =
        GraphOperation(services, "PUT", "/api/graphs/{graph_id}", "putV1Update graph version",
                       "Update graph version", UpdateGraph);
    update.body = WholeBody(ObjectOf(GraphDto()));
    update.response = ObjectOf(GraphModelDto());
    routes.Add(std::move(update));

    Operation activate = GraphOperation(services, "PUT", "/api/graphs/{graph_id}/versions/active",
                                        "putV1Set active graph version", "Set active graph version",
                                        SetActiveVersion);
    activate.body = WholeBody(ObjectOf(SetGraphActiveVersionDto()));
    routes.Add(std::move(activate));

    Operation settings =
        GraphOperation(services, "PATCH", "/api/graphs/{graph_id}/settings",
                       "patchV1Update graph settings", "Update graph settings", UpdateSettings);
    settings.description = "Update graph settings for the user's library agent.";
    settings.body = WholeBody(ObjectOf(GraphSettingsDto()));
    settings.response = ObjectOf(GraphSettingsDto());
    routes.Add(std::move(settings));

    Operation remove =
        GraphOperation(services, "DELETE", "/api/graphs/{graph_id}",
                       "deleteV1Delete graph permanently", "Delete graph permanently", DeleteGraph);
    remove.response = ObjectOf(DeleteGraphResponseDto());
    routes.Add(std::move(remove));
}

}  // namespace yard::rest
