#include "api/rest/execution_dtos.h"

#include "api/rest/graph_dtos.h"

namespace yard::rest {
namespace {

Type ExecutionStatus() {
    return OneOf("AgentExecutionStatus", {"INCOMPLETE", "QUEUED", "RUNNING", "COMPLETED",
                                          "TERMINATED", "FAILED", "REVIEW"});
}

Type Outputs() { return MapOf(ListOf(Any())); }

const Dto& StatsDto() {
    static const Dto kDto = [] {
        Value zero = Value::Int(0);
        Dto dto{"Stats",
                {Optional("cost", Integer(), zero, "Execution cost (cents)"),
                 Optional("duration", Number(), zero, "Seconds from start to end of run"),
                 Optional("duration_cpu_only", Number(), zero, "CPU sec of duration"),
                 Optional("node_exec_time", Number(), zero, "Seconds of total node runtime"),
                 Optional("node_exec_time_cpu_only", Number(), zero, "CPU sec of node_exec_time"),
                 Optional("node_exec_count", Integer(), zero, "Number of node executions"),
                 Optional("node_error_count", Integer(), zero, "Number of node errors"),
                 Optional("error", Nullable(Text()), {}, "Error message if any"),
                 Optional("activity_status", Nullable(Text()), {},
                          "AI-generated summary of what the agent did"),
                 Optional("correctness_score", Nullable(Number()), {},
                          "AI-generated score (0.0-1.0) indicating how well the execution achieved "
                          "its intended purpose")}};
        dto.additional = true;
        return dto;
    }();
    return kDto;
}

std::vector<Field> MetaFields(Type inputs) {
    return {Required("id", Text()),
            Required("user_id", Text()),
            Required("graph_id", Text()),
            Required("graph_version", Integer()),
            Required("inputs", std::move(inputs)),
            Required("credential_inputs", Nullable(MapOf(ObjectOf(CredentialsMetaInputDto())))),
            Required("nodes_input_masks", Nullable(MapOf(AnyObject()))),
            Required("preset_id", Nullable(Text())),
            Required("status", ExecutionStatus()),
            Optional("started_at", Nullable(DateTime()), {},
                     "When execution started running. Null if not yet started (QUEUED)."),
            Optional("ended_at", Nullable(DateTime()), {},
                     "When execution finished. Null if not yet completed (QUEUED, RUNNING, "
                     "INCOMPLETE, REVIEW)."),
            Optional("is_shared", Boolean(), Value::Bool(false)),
            Optional("share_token", Nullable(Text())),
            Required("stats", Nullable(ObjectOf(StatsDto())))};
}

std::vector<Field> DetailFields() {
    std::vector<Field> fields = MetaFields(AnyObject());
    fields.push_back(Required("outputs", Outputs()));
    return fields;
}

const Dto& NodeExecutionResultDto() {
    static const Dto kDto{
        "NodeExecutionResult",
        {Required("user_id", Text()), Required("graph_id", Text()),
         Required("graph_version", Integer()), Required("graph_exec_id", Text()),
         Required("node_exec_id", Text()), Required("node_id", Text()),
         Required("block_id", Text()), Required("status", ExecutionStatus()),
         Required("input_data", AnyObject()), Required("output_data", Outputs()),
         Required("add_time", DateTime()), Required("queue_time", Nullable(DateTime())),
         Required("start_time", Nullable(DateTime())), Required("end_time", Nullable(DateTime()))}};
    return kDto;
}

Field Count(std::string name, std::string description, int example) {
    Field field = Required(std::move(name), Integer(), std::move(description));
    field.examples = Value::Array({Value::Int(example)});
    return field;
}

const Dto& PaginationDto() {
    static const Dto kDto{"Pagination",
                          {Count("total_items", "Total number of items.", 42),
                           Count("total_pages", "Total number of pages.", 2),
                           Count("current_page", "Current_page page number.", 1),
                           Count("page_size", "Number of items per page.", 25)}};
    return kDto;
}

}  // namespace

const Dto& ExecuteGraphBodyDto() {
    static const Dto kDto{
        "Body_postV1Execute_graph_agent",
        {Optional("inputs", AnyObject()),
         Optional("credentials_inputs", MapOf(ObjectOf(CredentialsMetaInputDto()))),
         Optional("source", Nullable(LiteralOf({"builder", "library", "onboarding"})))},
        "",
        "Body_postV1Execute graph agent"};
    return kDto;
}

const Dto& GraphExecutionMetaDto() {
    static const Dto kDto{"GraphExecutionMeta", MetaFields(Nullable(AnyObject()))};
    return kDto;
}

const Dto& GraphExecutionDto() {
    static const Dto kDto{"GraphExecution", DetailFields()};
    return kDto;
}

const Dto& GraphExecutionWithNodesDto() {
    static const Dto kDto = [] {
        Dto dto{"GraphExecutionWithNodes", DetailFields()};
        dto.fields.push_back(
            Required("node_executions", ListOf(ObjectOf(NodeExecutionResultDto()))));
        return dto;
    }();
    return kDto;
}

const Dto& GraphExecutionsPaginatedDto() {
    static const Dto kDto{"GraphExecutionsPaginated",
                          {Required("executions", ListOf(ObjectOf(GraphExecutionMetaDto()))),
                           Required("pagination", ObjectOf(PaginationDto()))},
                          "Response schema for paginated graph executions."};
    return kDto;
}

const Dto& ShareRequestDto() {
    static const Dto kDto{"ShareRequest", {}, "Optional request body for share endpoint."};
    return kDto;
}

const Dto& ShareResponseDto() {
    static const Dto kDto{"ShareResponse",
                          {Required("share_url", Text()), Required("share_token", Text())},
                          "Response from share endpoints."};
    return kDto;
}

const Dto& SharedExecutionResponseDto() {
    static const Dto kDto{
        "SharedExecutionResponse",
        {Required("id", Text()), Required("graph_name", Text()),
         Required("graph_description", Nullable(Text())), Required("status", ExecutionStatus()),
         Required("created_at", DateTime()), Required("outputs", Outputs())},
        "Public-safe response for shared executions"};
    return kDto;
}

}  // namespace yard::rest
