#include "host/storage/sql/journal_writer.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <array>

#include "base/json.h"
#include "host/model/execution_json.h"
#include "host/model/sanitize.h"
#include "host/storage/sql/execution_rows.h"
#include "host/storage/sql/sqlite_dialect.h"

namespace yard::storage::sql {
namespace {

using model::ExecutionStatus;

const Statement kInsertRun{"journal.insert_run", R"(
    INSERT INTO "AgentGraphExecution" ("id", "createdAt", "startedAt", "endedAt",
        "executionStatus", "agentGraphId", "agentGraphVersion", "agentPresetId", "inputs",
        "credentialInputs", "nodesInputMasks", "userId", "stats", "parentGraphExecutionId",
        "executionContext", "nodesToSkip", "compiledMasks")
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
        (SELECT "id" FROM "AgentGraphExecution" WHERE "id" = $14), $15, $16, $17))"};
const Statement kInsertNode{"journal.insert_node", R"(
    INSERT INTO "AgentNodeExecution" ("id", "agentGraphExecutionId", "agentNodeId", "blockId",
        "executionStatus", "executionData", "addedTime", "queuedTime", "startedTime", "endedTime",
        "stats")
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11))"};
const Statement kInsertInput{"journal.insert_input", R"(
    INSERT INTO "AgentNodeExecutionInputOutput" ("name", "data", "time", "referencedByInputExecId")
    VALUES ($1, $2, $3, $4))"};
const Statement kInsertOutput{"journal.insert_output", R"(
    INSERT INTO "AgentNodeExecutionInputOutput" ("name", "data", "time", "referencedByOutputExecId")
    VALUES ($1, $2, $3, $4))"};

constexpr const char* kUpdateRun = R"(
    UPDATE "AgentGraphExecution" SET "executionStatus" = $1,
        "startedAt" = COALESCE($2, "startedAt"), "endedAt" = COALESCE($3, "endedAt"),
        "stats" = COALESCE($4, "stats"), "updatedAt" = $5
    WHERE "id" = $6 AND "executionStatus" IN ({}))";
constexpr const char* kUpdateNode = R"(
    UPDATE "AgentNodeExecution" SET "executionStatus" = $1,
        "queuedTime" = COALESCE($2, "queuedTime"), "startedTime" = COALESCE($3, "startedTime"),
        "endedTime" = COALESCE($4, "endedTime"), "stats" = COALESCE($5, "stats"),
        "executionData" = COALESCE($6, "executionData")
    WHERE "id" = $7 AND "executionStatus" IN ({}))";

// One statement for each status to become; the legal sources are part of its text.
class UpdatesByTarget {
public:
    UpdatesByTarget(const char* name, const char* format) {
        for (ExecutionStatus target : kEveryStatus) {
            const std::string sources = AllowedSources(target);
            if (sources.empty()) continue;
            updates_[Index(target)] = std::make_unique<Statement>(
                Statement{name, fmt::format(fmt::runtime(format), sources)});
        }
    }

    // Null for a status that is never entered by a change.
    const Statement* For(ExecutionStatus target) const { return updates_[Index(target)].get(); }

private:
    static size_t Index(ExecutionStatus status) { return static_cast<size_t>(status); }

    std::array<std::unique_ptr<Statement>, std::size(kEveryStatus)> updates_;
};

const UpdatesByTarget& RunUpdates() {
    static const UpdatesByTarget updates("journal.update_run", kUpdateRun);
    return updates;
}

const UpdatesByTarget& NodeUpdates() {
    static const UpdatesByTarget updates("journal.update_node", kUpdateNode);
    return updates;
}

std::optional<Timestamp> When(bool condition, Timestamp at) {
    return condition ? std::optional(at) : std::nullopt;
}

// The end of a node is its result; a terminated one has none.
bool EndsNode(ExecutionStatus status) {
    return status == ExecutionStatus::kCompleted || status == ExecutionStatus::kFailed;
}

Value StatsValue(const std::optional<model::GraphExecutionStats>& stats) {
    return stats ? model::EncodeStoredStats(*stats) : Value();
}

}  // namespace

// One statement being filled, parameter by parameter in order. Texts are borrowed until Step.
class JournalWriter::Row {
public:
    explicit Row(sqlite3_stmt* statement)
        : statement_(statement),
          json_(static_cast<size_t>(sqlite3_bind_parameter_count(statement))) {}
    Row(const Row&) = delete;
    Row& operator=(const Row&) = delete;
    ~Row() { sqlite3_finalize(statement_); }

    Row& Text(std::string_view text) {
        sqlite3_bind_text64(statement_, ++at_, text.data(), text.size(), SQLITE_STATIC,
                            SQLITE_UTF8);
        return *this;
    }
    Row& OptionalText(const std::optional<std::string>& text) {
        return text ? Text(*text) : Null();
    }
    Row& Status(ExecutionStatus status) { return Text(model::ToString(status)); }
    Row& Int(int64_t value) {
        sqlite3_bind_int64(statement_, ++at_, value);
        return *this;
    }
    Row& Time(std::optional<Timestamp> time) { return time ? Int(time->ms) : Null(); }
    Row& Null() {
        sqlite3_bind_null(statement_, ++at_);
        return *this;
    }
    Row& Json(const Value& value) {
        if (value->IsNull()) return Null();
        std::string& text = json_[static_cast<size_t>(at_)];
        text.clear();
        AppendJson(model::SafeJson(value), text);
        return Text(text);
    }

    int Step() {
        at_ = 0;
        return sqlite3_step(statement_);
    }
    void Reset() {
        sqlite3_reset(statement_);
        for (std::string& text : json_) {
            if (text.capacity() > kKeptCapacity) std::string().swap(text);
        }
    }

private:
    static constexpr size_t kKeptCapacity = 1u << 20;  // Bytes kept for the next row.

    sqlite3_stmt* statement_;
    std::vector<std::string> json_;
    int at_ = 0;
};

JournalWriter::JournalWriter(Session& session) : session_(session) {}
JournalWriter::~JournalWriter() = default;

std::vector<const Statement*> JournalWriter::Statements() {
    std::vector<const Statement*> statements = {&kInsertRun, &kInsertNode, &kInsertInput,
                                                &kInsertOutput};
    for (const UpdatesByTarget* updates : {&RunUpdates(), &NodeUpdates()}) {
        for (ExecutionStatus target : kEveryStatus) {
            if (updates->For(target)) statements.push_back(updates->For(target));
        }
    }
    return statements;
}

Result<int> JournalWriter::Write(const JournalGroup& group) {
    left_out_ = 0;
    Transaction transaction = TRY(Transaction::BeginWrite(session_));
    TRY(WriteRows(group));
    TRY(transaction.Commit());
    return left_out_;
}

// Parents before what refers to them; within a kind, the order of the records.
Result<Ok> JournalWriter::WriteRows(const JournalGroup& group) {
    for (const JournalGroup::NewRun& run : group.new_runs()) TRY(WriteRun(run));
    for (const JournalGroup::NewNode& node : group.new_nodes()) TRY(WriteNode(node));
    for (const JournalGroup::Change& change : group.changes()) {
        TRY(std::visit([this](const auto& kind) { return WriteChange(kind); }, change));
    }
    for (const NodeOutputAdded& output : group.outputs()) TRY(WriteOutput(output));
    return Ok{};
}

Result<Ok> JournalWriter::WriteRun(const JournalGroup::NewRun& run) {
    Row& row = *TRY(RowFor(kInsertRun));
    const model::GraphExecution& execution = run.created.execution;
    row.Text(execution.id.text())
        .Time(execution.created_at)
        .Time(run.started_at)
        .Time(run.ended_at)
        .Status(run.status)
        .Text(execution.graph_id.text())
        .Int(execution.graph_version)
        .OptionalText(execution.preset_id)
        .Json(execution.inputs)
        .Json(execution.credential_inputs)
        .Json(execution.nodes_input_masks)
        .Text(execution.user_id.text())
        .Json(StatsValue(run.stats));
    if (execution.parent_id) {
        row.Text(execution.parent_id->text());
    } else {
        row.Null();
    }
    row.Json(EncodeContext(run.created.context))
        .Json(EncodeNodeIds(run.created.nodes_to_skip))
        .Json(run.created.compiled_masks);
    return Finish(row);
}

Result<Ok> JournalWriter::WriteNode(const JournalGroup::NewNode& node) {
    Row& row = *TRY(RowFor(kInsertNode));
    row.Text(node.id.text())
        .Text(node.run_id.text())
        .Text(node.node_id.text())
        .Text(node.block_id.text())
        .Status(node.status)
        .Json(node.data)
        .Time(node.added_at)
        .Time(node.queued_at)
        .Time(node.started_at)
        .Time(node.ended_at)
        .Json(node.stats);
    TRY(Finish(row));
    // What arrived is part of the data once the node is queued.
    if (node.status != ExecutionStatus::kIncomplete) return Ok{};
    for (const NodeInputAdded& input : node.inputs) TRY(WriteChange(input));
    return Ok{};
}

Result<Ok> JournalWriter::WriteOutput(const NodeOutputAdded& output) {
    Row& row = *TRY(RowFor(kInsertOutput));
    row.Text(output.name).Json(output.value).Time(output.at).Text(output.id.text());
    return Finish(row);
}

Result<Ok> JournalWriter::WriteChange(const NodeInputAdded& change) {
    Row& row = *TRY(RowFor(kInsertInput));
    row.Text(change.name).Json(change.value).Time(change.at).Text(change.id.text());
    return Finish(row);
}

Result<Ok> JournalWriter::WriteChange(const RunStatusChanged& change) {
    const Statement* update = RunUpdates().For(change.status);
    if (!update) return Ok{};
    Row& row = *TRY(RowFor(*update));
    row.Status(change.status)
        .Time(When(change.status == ExecutionStatus::kRunning, change.at))
        .Time(When(model::IsFinal(change.status), change.at))
        .Json(StatsValue(change.stats))
        .Time(change.at)
        .Text(change.id.text());
    return Finish(row);
}

Result<Ok> JournalWriter::WriteChange(const NodeQueued& change) {
    Row& row = *TRY(RowFor(*NodeUpdates().For(ExecutionStatus::kQueued)));
    row.Status(ExecutionStatus::kQueued)
        .Time(change.at)
        .Null()
        .Null()
        .Null()
        .Json(change.data)
        .Text(change.id.text());
    return Finish(row);
}

Result<Ok> JournalWriter::WriteChange(const NodeStatusChanged& change) {
    const Statement* update = NodeUpdates().For(change.status);
    if (!update) return Ok{};
    Row& row = *TRY(RowFor(*update));
    row.Status(change.status)
        .Time(When(change.status == ExecutionStatus::kQueued, change.at))
        .Time(When(change.status == ExecutionStatus::kRunning, change.at))
        .Time(When(EndsNode(change.status), change.at))
        .Json(change.stats)
        .Null()
        .Text(change.id.text());
    return Finish(row);
}

Result<JournalWriter::Row*> JournalWriter::RowFor(const Statement& statement) {
    std::unique_ptr<Row>& row = rows_[&statement];
    if (!row) {
        sqlite3_stmt* compiled = nullptr;
        const int code = sqlite3_prepare_v3(session_.handle(), statement.sql.c_str(), -1,
                                            SQLITE_PREPARE_PERSISTENT, &compiled, nullptr);
        if (code != SQLITE_OK) {
            return DescribeFault(session_.handle(), session_.path(), statement.name);
        }
        row = std::make_unique<Row>(compiled);
    }
    return row.get();
}

Result<Ok> JournalWriter::Finish(Row& row) {
    Result<Ok> result = Ok{};
    if (row.Step() != SQLITE_DONE) {
        if (IsConstraintFault(session_.handle())) {
            ++left_out_;
        } else {
            result = DescribeFault(session_.handle(), session_.path(), "journal");
        }
    }
    row.Reset();
    return result;
}

}  // namespace yard::storage::sql
