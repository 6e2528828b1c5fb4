#include "host/storage/sql/execution_store.h"

#include <fmt/format.h>

#include <unordered_map>

#include "host/storage/sql/execution_rows.h"

namespace yard::storage::sql {
namespace {

constexpr size_t kLoadPageSize = 1000;

const std::string kSelect = std::string("SELECT ") + kGraphExecutionColumns +
                            R"( FROM "AgentGraphExecution" e WHERE e."isDeleted" = 0 )";

const Statement kFind{"execution.find", kSelect + R"(AND e."id" = $1)", kGraphExecutionColumnTypes};
const Statement kFindShared{"execution.find_shared",
                            kSelect + R"(AND e."shareToken" = $1 AND e."isShared" = 1)",
                            kGraphExecutionColumnTypes};
const Statement kRunExtras{"execution.run_extras", R"(
    SELECT "executionContext", "nodesToSkip", "compiledMasks" FROM "AgentGraphExecution"
    WHERE "id" = $1)",
                           "ttt"};
const Statement kUnfinished{"execution.unfinished", R"(
    SELECT "id" FROM "AgentGraphExecution"
    WHERE "executionStatus" IN ('INCOMPLETE', 'QUEUED', 'RUNNING') AND "isDeleted" = 0
    ORDER BY "createdAt", "seq")",
                            "t"};
const Statement kSoftDelete{
    "execution.soft_delete",
    R"(UPDATE "AgentGraphExecution" SET "isDeleted" = 1 WHERE "id" = $1 AND "userId" = $2)"};
const Statement kSetShare{"execution.set_share", R"(
    UPDATE "AgentGraphExecution"
    SET "isShared" = $1, "shareToken" = $2, "sharedAt" = $3, "updatedAt" = $4
    WHERE "id" = $5 AND "userId" = $6 AND "isDeleted" = 0)"};

// The conditions of a filter and their parameters.
struct Conditions {
    std::string sql;
    Parameters parameters;

    void Add(const char* condition, Cell parameter) {
        parameters.push_back(std::move(parameter));
        sql += fmt::format(" AND {} ${}", condition, parameters.size());
    }
};

Conditions ConditionsOf(const ExecutionFilter& filter) {
    Conditions conditions;
    if (filter.user_id) conditions.Add(R"(e."userId" =)", ToCell(*filter.user_id));
    if (filter.graph_id) conditions.Add(R"(e."agentGraphId" =)", ToCell(*filter.graph_id));
    if (filter.parent_id) {
        conditions.Add(R"(e."parentGraphExecutionId" =)", ToCell(*filter.parent_id));
    }
    if (filter.created_from) conditions.Add(R"(e."createdAt" >=)", ToCell(*filter.created_from));
    if (filter.created_to) conditions.Add(R"(e."createdAt" <=)", ToCell(*filter.created_to));
    if (!filter.statuses.empty()) {
        std::string names;
        for (model::ExecutionStatus status : filter.statuses) {
            names += fmt::format("{}'{}'", names.empty() ? "" : ", ", model::ToString(status));
        }
        conditions.sql += fmt::format(R"( AND e."executionStatus" IN ({}))", names);
    }
    return conditions;
}

}  // namespace

// Some node executions of a run with what they took and gave. `rows` comes in the order of the
// result; inputs and outputs in the order they were made.
struct SqlExecutionStore::PageStatements {
    PageStatements(const char* name, const std::string& page, const char* order)
        : rows{name,
               std::string("SELECT ") + kNodeExecutionColumns + " FROM (" + page + ") n " + order,
               kNodeExecutionColumnTypes},
          // Resolved inputs are in the row itself, where there are any.
          inputs{name, R"(SELECT n."id", io."name", io."data" FROM ()" + page + R"() n
                 JOIN "AgentNodeExecutionInputOutput" io ON io."referencedByInputExecId" = n."id"
                 WHERE n."executionData" IS NULL OR n."executionData" = '{}' ORDER BY io."id")",
                 "ttt"},
          outputs{name, R"(SELECT n."id", io."name", io."data" FROM ()" + page + R"() n
                  JOIN "AgentNodeExecutionInputOutput" io ON io."referencedByOutputExecId" = n."id"
                  ORDER BY io."id")",
                  "ttt"} {}

    Statement rows;
    Statement inputs;
    Statement outputs;
};

const SqlExecutionStore::PageStatements SqlExecutionStore::kNewest(
    "execution.newest_nodes",
    R"(SELECT * FROM "AgentNodeExecution" WHERE "agentGraphExecutionId" = $1
       ORDER BY "queuedTime" IS NULL DESC, "queuedTime" DESC, "addedTime" DESC, "seq" DESC
       LIMIT $2)",
    R"(ORDER BY n."queuedTime" IS NULL, COALESCE(n."queuedTime", n."addedTime"), n."seq")");

const SqlExecutionStore::PageStatements SqlExecutionStore::kNext(
    "execution.next_nodes",
    R"(SELECT * FROM "AgentNodeExecution" WHERE "agentGraphExecutionId" = $1 AND "seq" > $2
       ORDER BY "seq" LIMIT $3)",
    R"(ORDER BY n."seq")");

struct SqlExecutionStore::Page {
    std::vector<model::NodeExecution> nodes;
    int64_t last_seq = 0;
};

std::vector<const Statement*> SqlExecutionStore::Statements() {
    return {&kFind,           &kFindShared, &kRunExtras,   &kUnfinished,
            &kSoftDelete,     &kSetShare,   &kNewest.rows, &kNewest.inputs,
            &kNewest.outputs, &kNext.rows,  &kNext.inputs, &kNext.outputs};
}

Result<SqlExecutionStore::Page> SqlExecutionStore::LoadPage(const PageStatements& statements,
                                                            const Parameters& parameters) {
    Page page;
    std::unordered_map<std::string, size_t> index;
    Rows rows = TRY(session_.Query(statements.rows, parameters));
    for (size_t row = 0; row < rows.size(); ++row) {
        page.nodes.push_back(TRY(NodeExecutionFrom(rows, row)));
        page.last_seq = rows.Int(row, kNodeExecutionSeqColumn);
        index.emplace(page.nodes.back().id.text(), row);
    }

    std::map<size_t, std::map<std::string, Value>> arrived;  // A later value of a name wins.
    Rows inputs = TRY(session_.Query(statements.inputs, parameters));
    for (size_t row = 0; row < inputs.size(); ++row) {
        arrived[index.at(inputs.Text(row, 0))][inputs.Text(row, 1)] = inputs.Json(row, 2);
    }
    for (const auto& [at, values] : arrived) {
        ValueBuilder builder;
        builder.BeginObject();
        for (const auto& [name, value] : values) builder.Member(name, value);
        page.nodes[at].input_data = builder.EndObject().Take();
    }

    Rows outputs = TRY(session_.Query(statements.outputs, parameters));
    for (size_t row = 0; row < outputs.size(); ++row) {
        auto& pins = page.nodes[index.at(outputs.Text(row, 0))].output_data;
        std::string name = outputs.Text(row, 1);
        auto pin = std::find_if(pins.begin(), pins.end(),
                                [&](const auto& entry) { return entry.first == name; });
        if (pin == pins.end()) pin = pins.insert(pins.end(), {std::move(name), {}});
        pin->second.push_back(outputs.Json(row, 2));
    }
    for (model::NodeExecution& node : page.nodes) ApplyClearedData(node);
    return page;
}

Result<std::vector<model::GraphExecution>> SqlExecutionStore::Executions(Rows rows) {
    std::vector<model::GraphExecution> executions;
    for (size_t row = 0; row < rows.size(); ++row) {
        executions.push_back(TRY(GraphExecutionFrom(rows, row)));
    }
    return executions;
}

Result<std::optional<model::GraphExecution>> SqlExecutionStore::Find(const GraphExecutionId& id) {
    Rows rows = TRY(session_.Query(kFind, {ToCell(id)}));
    if (rows.empty()) return std::optional<model::GraphExecution>();
    return std::optional(TRY(GraphExecutionFrom(rows, 0)));
}

Result<std::vector<model::GraphExecution>> SqlExecutionStore::List(const ExecutionFilter& filter) {
    Conditions conditions = ConditionsOf(filter);
    const size_t count = conditions.parameters.size();
    const Statement statement{"execution.list",
                              fmt::format(R"({}{} ORDER BY e."createdAt" DESC, e."seq" DESC
                                             LIMIT ${} OFFSET ${})",
                                          kSelect, conditions.sql, count + 1, count + 2),
                              kGraphExecutionColumnTypes};
    conditions.parameters.push_back(ToCell(filter.limit));
    conditions.parameters.push_back(ToCell(filter.offset));
    return Executions(TRY(session_.QueryOnce(statement, std::move(conditions.parameters))));
}

Result<int64_t> SqlExecutionStore::Count(const ExecutionFilter& filter) {
    Conditions conditions = ConditionsOf(filter);
    const Statement statement{
        "execution.count",
        R"(SELECT count(*) FROM "AgentGraphExecution" e WHERE e."isDeleted" = 0)" + conditions.sql,
        "i"};
    return TRY(session_.QueryOnce(statement, std::move(conditions.parameters))).Int(0, 0);
}

Result<std::vector<model::NodeExecution>> SqlExecutionStore::NodeExecutions(
    const GraphExecutionId& id, size_t limit) {
    if (!TRY(Find(id))) return std::vector<model::NodeExecution>();
    return TRY(LoadPage(kNewest, {ToCell(id), ToCell(limit)})).nodes;
}

Result<bool> SqlExecutionStore::SoftDelete(const GraphExecutionId& id, const UserId& user) {
    return TRY(session_.Execute(kSoftDelete, {ToCell(id), ToCell(user)})) != 0;
}

Result<bool> SqlExecutionStore::SetShare(const GraphExecutionId& id, const UserId& user,
                                         const std::optional<std::string>& token, Timestamp now) {
    const Cell shared_at = token ? ToCell(now) : Cell{};
    return TRY(session_.Execute(kSetShare, {ToCell(token.has_value()), ToCell(token), shared_at,
                                            ToCell(now), ToCell(id), ToCell(user)})) != 0;
}

Result<std::optional<model::GraphExecution>> SqlExecutionStore::FindShared(
    const std::string& token) {
    Rows rows = TRY(session_.Query(kFindShared, {ToCell(token)}));
    if (rows.empty()) return std::optional<model::GraphExecution>();
    return std::optional(TRY(GraphExecutionFrom(rows, 0)));
}

Result<std::vector<GraphExecutionId>> SqlExecutionStore::Unfinished() {
    Rows rows = TRY(session_.Query(kUnfinished, {}));
    std::vector<GraphExecutionId> ids;
    for (size_t row = 0; row < rows.size(); ++row) ids.emplace_back(rows.Text(row, 0));
    return ids;
}

Result<std::optional<StoredRun>> SqlExecutionStore::LoadRun(const GraphExecutionId& id) {
    std::optional<model::GraphExecution> execution = TRY(Find(id));
    if (!execution) return std::optional<StoredRun>();
    StoredRun run;
    run.execution = std::move(*execution);
    Rows extras = TRY(session_.Query(kRunExtras, {ToCell(id)}));
    run.context = DecodeContext(extras.Json(0, 0));
    run.nodes_to_skip = DecodeNodeIds(extras.Json(0, 1));
    run.compiled_masks = extras.Json(0, 2);

    int64_t after = 0;
    for (;;) {
        Page page = TRY(LoadPage(kNext, {ToCell(id), after, ToCell(kLoadPageSize)}));
        if (page.nodes.empty()) return std::optional(std::move(run));
        after = page.last_seq;
        run.node_executions.insert(run.node_executions.end(),
                                   std::make_move_iterator(page.nodes.begin()),
                                   std::make_move_iterator(page.nodes.end()));
    }
}

}  // namespace yard::storage::sql
