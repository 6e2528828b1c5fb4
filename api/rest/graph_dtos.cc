#include "api/rest/graph_dtos.h"

namespace yard::rest {
namespace {

constexpr char kProviderDescription[] =
    "Provider name for integrations. Can be any string value, including custom provider names.";

Field ReadOnly(std::string name, Type type) {
    Field field = Required(std::move(name), std::move(type));
    field.read_only = true;
    return field;
}

const Dto& LinkDto() {
    static const Dto kDto{
        "Link",
        {Optional("id", Text()), Required("source_id", Text()), Required("sink_id", Text()),
         Required("source_name", Text()), Required("sink_name", Text()),
         Optional("is_static", Boolean(), Value::Bool(false))}};
    return kDto;
}

std::vector<Field> NodeFields() {
    return {Optional("id", Text()),
            Required("block_id", Text()),
            Optional("input_default", AnyObject(), Value::EmptyObject()),
            Optional("metadata", AnyObject(), Value::EmptyObject()),
            Optional("input_links", ListOf(ObjectOf(LinkDto())), Value::EmptyArray()),
            Optional("output_links", ListOf(ObjectOf(LinkDto())), Value::EmptyArray())};
}

const Dto& NodeDto() {
    static const Dto kDto{"Node", NodeFields()};
    return kDto;
}

const Dto& WebhookDto() {
    static const Dto kDto{"Webhook",
                          {Optional("id", Text()), Required("user_id", Text()),
                           Required("provider", Text(), kProviderDescription),
                           Required("credentials_id", Text()), Required("webhook_type", Text()),
                           Required("resource", Text()), Required("events", ListOf(Text())),
                           Optional("config", AnyObject()), Required("secret", Text()),
                           Required("provider_webhook_id", Text()), ReadOnly("url", Text())}};
    return kDto;
}

const Dto& NodeModelDto() {
    static const Dto kDto = [] {
        Dto dto{"NodeModel", NodeFields()};
        dto.fields.push_back(Required("graph_id", Text()));
        dto.fields.push_back(Required("graph_version", Integer()));
        dto.fields.push_back(Optional("webhook_id", Nullable(Text())));
        dto.fields.push_back(Optional("webhook", Nullable(ObjectOf(WebhookDto()))));
        return dto;
    }();
    return kDto;
}

const Dto& GraphTriggerInfoDto() {
    static const Dto kDto{
        "GraphTriggerInfo",
        {Required("provider", Text(), kProviderDescription),
         Required("config_schema", AnyObject(), "Input schema for the trigger block"),
         Required("credentials_input_name", Nullable(Text()))}};
    return kDto;
}

enum class Nodes { kSubmitted, kModel, kNone };

std::vector<Field> BaseFields(Nodes nodes) {
    std::vector<Field> fields = {Optional("id", Text()),
                                 Optional("version", Integer(), Value::Int(1)),
                                 Optional("is_active", Boolean(), Value::Bool(true)),
                                 Required("name", Text()),
                                 Required("description", Text()),
                                 Optional("instructions", Nullable(Text())),
                                 Optional("recommended_schedule_cron", Nullable(Text()))};
    if (nodes != Nodes::kNone) {
        const Dto& node = nodes == Nodes::kModel ? NodeModelDto() : NodeDto();
        fields.push_back(Optional("nodes", ListOf(ObjectOf(node)), Value::EmptyArray()));
        fields.push_back(Optional("links", ListOf(ObjectOf(LinkDto())), Value::EmptyArray()));
    }
    fields.push_back(Optional("forked_from_id", Nullable(Text())));
    fields.push_back(Optional("forked_from_version", Nullable(Integer())));
    return fields;
}

void AddComputedFields(std::vector<Field>& fields) {
    fields.push_back(ReadOnly("input_schema", AnyObject()));
    fields.push_back(ReadOnly("output_schema", AnyObject()));
    fields.push_back(ReadOnly("has_external_trigger", Boolean()));
    fields.push_back(ReadOnly("has_human_in_the_loop", Boolean()));
    fields.push_back(ReadOnly("has_sensitive_action", Boolean()));
    fields.push_back(ReadOnly("trigger_setup_info", Nullable(ObjectOf(GraphTriggerInfoDto()))));
}

const Dto& SubmittedSubGraphDto() {
    static const Dto kDto{"BaseGraph-Input", BaseFields(Nodes::kSubmitted), "", "BaseGraph"};
    return kDto;
}

const Dto& SubGraphDto() {
    static const Dto kDto = [] {
        Dto dto{"BaseGraph-Output", BaseFields(Nodes::kSubmitted), "", "BaseGraph"};
        AddComputedFields(dto.fields);
        return dto;
    }();
    return kDto;
}

Dto AnsweredGraph(std::string name, Nodes nodes) {
    Dto dto{std::move(name), BaseFields(nodes)};
    dto.fields.push_back(
        Optional("sub_graphs", ListOf(ObjectOf(SubGraphDto())), Value::EmptyArray()));
    dto.fields.push_back(Required("user_id", Text()));
    if (nodes == Nodes::kModel) dto.fields.push_back(Required("created_at", DateTime()));
    AddComputedFields(dto.fields);
    dto.fields.push_back(ReadOnly("credentials_input_schema", AnyObject()));
    return dto;
}

}  // namespace

const Dto& CredentialsMetaInputDto() {
    static const Dto kDto = [] {
        Dto dto{
            "CredentialsMetaInput",
            {Required("id", Text()), Optional("title", Nullable(Text())),
             Required("provider", Text(), kProviderDescription),
             Required("type", LiteralOf({"api_key", "oauth2", "user_password", "host_scoped"}))}};
        dto.schema_extras = Value::Object({{"credentials_provider", Value::EmptyArray()},
                                           {"credentials_types", Value::EmptyArray()}});
        return dto;
    }();
    return kDto;
}

const Dto& GraphDto() {
    static const Dto kDto = [] {
        Dto dto{"Graph", BaseFields(Nodes::kSubmitted)};
        dto.fields.push_back(
            Optional("sub_graphs", ListOf(ObjectOf(SubmittedSubGraphDto())), Value::EmptyArray()));
        return dto;
    }();
    return kDto;
}

const Dto& CreateGraphDto() {
    static const Dto kDto{"CreateGraph",
                          {Required("graph", ObjectOf(GraphDto())),
                           Optional("source", Nullable(LiteralOf({"builder", "upload"})))}};
    return kDto;
}

const Dto& GraphModelDto() {
    static const Dto kDto = AnsweredGraph("GraphModel", Nodes::kModel);
    return kDto;
}

const Dto& GraphMetaDto() {
    static const Dto kDto = AnsweredGraph("GraphMeta", Nodes::kNone);
    return kDto;
}

const Dto& GraphSettingsDto() {
    static const Dto kDto = [] {
        Type flag = Boolean();
        flag.null_is_default = true;
        return Dto{"GraphSettings",
                   {Optional("human_in_the_loop_safe_mode", flag, Value::Bool(true)),
                    Optional("sensitive_action_safe_mode", flag, Value::Bool(false))}};
    }();
    return kDto;
}

const Dto& SetGraphActiveVersionDto() {
    static const Dto kDto{"SetGraphActiveVersion", {Required("active_graph_version", Integer())}};
    return kDto;
}

const Dto& DeleteGraphResponseDto() {
    static const Dto kDto{"DeleteGraphResponse", {Required("version_counts", Integer())}};
    return kDto;
}

}  // namespace yard::rest
