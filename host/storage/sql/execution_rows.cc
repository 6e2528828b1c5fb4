#include "host/storage/sql/execution_rows.h"

#include <fmt/format.h>

#include "host/model/execution_json.h"

namespace yard::storage::sql {
namespace {

using model::ExecutionStatus;

Result<ExecutionStatus> StatusFrom(const std::string& text, const std::string& id) {
    const std::optional<ExecutionStatus> status = model::ParseExecutionStatus(text);
    if (!status) return Internal(fmt::format("Execution #{} has the status '{}'.", id, text));
    return *status;
}

template <typename Tag>
std::optional<Id<Tag>> OptionalId(std::optional<std::string> text) {
    if (!text) return std::nullopt;
    return Id<Tag>(std::move(*text));
}

Value OptionalIdValue(const std::optional<GraphExecutionId>& id) {
    return id ? Value::String(id->text()) : Value();
}

std::optional<GraphExecutionId> IdFrom(View json) {
    if (!json.IsString()) return std::nullopt;
    return GraphExecutionId(std::string(json.AsString()));
}

}  // namespace

Result<model::GraphExecution> GraphExecutionFrom(Rows& rows, size_t row) {
    model::GraphExecution execution;
    execution.id = GraphExecutionId(rows.Text(row, 0));
    execution.user_id = UserId(rows.Text(row, 1));
    execution.graph_id = GraphId(rows.Text(row, 2));
    execution.graph_version = static_cast<int>(rows.Int(row, 3));
    execution.status = TRY(StatusFrom(rows.Text(row, 4), execution.id.text()));
    execution.inputs = rows.Json(row, 5);
    execution.credential_inputs = rows.Json(row, 6);
    execution.nodes_input_masks = rows.Json(row, 7);
    execution.preset_id = rows.OptionalText(row, 8);
    execution.parent_id = OptionalId<GraphExecutionTag>(rows.OptionalText(row, 9));
    if (!rows.IsNull(row, 10)) execution.stats = model::DecodeStoredStats(rows.Json(row, 10));
    execution.created_at = rows.Time(row, 11);
    execution.started_at = rows.OptionalTime(row, 12);
    execution.ended_at = rows.OptionalTime(row, 13);
    execution.is_shared = rows.Bool(row, 14);
    execution.share_token = rows.OptionalText(row, 15);
    return execution;
}

Result<model::NodeExecution> NodeExecutionFrom(Rows& rows, size_t row) {
    model::NodeExecution node;
    node.id = NodeExecutionId(rows.Text(row, 1));
    node.graph_execution_id = GraphExecutionId(rows.Text(row, 2));
    node.node_id = NodeId(rows.Text(row, 3));
    node.block_id = BlockId(rows.Text(row, 4));
    node.status = TRY(StatusFrom(rows.Text(row, 5), node.id.text()));
    node.has_execution_data = !rows.IsNull(row, 6);
    if (node.has_execution_data) node.input_data = rows.Json(row, 6);
    node.added_at = rows.Time(row, 7);
    node.queued_at = rows.OptionalTime(row, 8);
    node.started_at = rows.OptionalTime(row, 9);
    node.ended_at = rows.OptionalTime(row, 10);
    node.stats = rows.Json(row, 11);
    return node;
}

void ApplyClearedData(model::NodeExecution& node) {
    if (const View cleared = node.stats["cleared_inputs"]; !cleared.empty()) {
        ValueBuilder builder;
        builder.BeginObject();
        for (auto [name, messages] : cleared.members()) {
            const size_t count = messages.size();
            builder.Member(name, count == 0 ? "" : messages.At(count - 1).StringOr(""));
        }
        node.input_data = builder.EndObject().Take();
    }
    if (const View cleared = node.stats["cleared_outputs"]; !cleared.empty()) {
        node.output_data.clear();
        for (auto [name, messages] : cleared.members()) {
            std::vector<Value> values;
            for (View message : messages.items()) values.push_back(node.stats.Share(message));
            node.output_data.emplace_back(name, std::move(values));
        }
    }
}

Value EncodeContext(const model::ExecutionContext& context) {
    return Value::Object(
        {{"human_in_the_loop_safe_mode", Value::Bool(context.human_in_the_loop_safe_mode)},
         {"sensitive_action_safe_mode", Value::Bool(context.sensitive_action_safe_mode)},
         {"user_timezone", Value::String(context.user_timezone)},
         {"root_execution_id", OptionalIdValue(context.root_execution_id)},
         {"parent_execution_id", OptionalIdValue(context.parent_execution_id)}});
}

model::ExecutionContext DecodeContext(View json) {
    model::ExecutionContext context;
    context.human_in_the_loop_safe_mode =
        json["human_in_the_loop_safe_mode"].BoolOr(context.human_in_the_loop_safe_mode);
    context.sensitive_action_safe_mode =
        json["sensitive_action_safe_mode"].BoolOr(context.sensitive_action_safe_mode);
    context.user_timezone = json["user_timezone"].StringOr(context.user_timezone);
    context.root_execution_id = IdFrom(json["root_execution_id"]);
    context.parent_execution_id = IdFrom(json["parent_execution_id"]);
    return context;
}

Value EncodeNodeIds(const std::vector<NodeId>& ids) {
    ValueBuilder builder;
    builder.BeginArray();
    for (const NodeId& id : ids) builder.String(id.text());
    return builder.EndArray().Take();
}

std::vector<NodeId> DecodeNodeIds(View json) {
    std::vector<NodeId> ids;
    for (View item : json.items()) ids.emplace_back(std::string(item.StringOr("")));
    return ids;
}

std::string AllowedSources(ExecutionStatus target) {
    std::string sources;
    for (ExecutionStatus from : kEveryStatus) {
        if (!model::MayBecome(from, target)) continue;
        sources += fmt::format("{}'{}'", sources.empty() ? "" : ", ", model::ToString(from));
    }
    return sources;
}

}  // namespace yard::storage::sql
