#include "host/storage/sql/library_store.h"

namespace yard::storage::sql {
namespace {

const Statement kInsert{"library.insert", R"(
    INSERT INTO "LibraryAgent" ("id", "createdAt", "updatedAt", "userId", "agentGraphId",
        "agentGraphVersion", "useGraphIsActiveVersion", "isCreatedByUser", "isArchived",
        "isDeleted", "settings")
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11))"};
const Statement kFind{"library.find_by_graph", R"(
    SELECT "id", "agentGraphVersion", "useGraphIsActiveVersion", "isCreatedByUser", "isArchived",
        "isDeleted", "settings"
    FROM "LibraryAgent"
    WHERE "userId" = $1 AND "agentGraphId" = $2
        AND ($3 = 1 OR ("isDeleted" = 0 AND "isArchived" = 0))
    ORDER BY "createdAt", "id" LIMIT 1)",
                      "tiiiiit"};
const Statement kUpdate{"library.update", R"(
    UPDATE "LibraryAgent" SET "updatedAt" = $1, "agentGraphVersion" = $2,
        "useGraphIsActiveVersion" = $3, "isCreatedByUser" = $4, "isArchived" = $5,
        "isDeleted" = $6, "settings" = $7
    WHERE "id" = $8)"};
const Statement kDelete{
    "library.delete_by_graph",
    R"(DELETE FROM "LibraryAgent" WHERE "userId" = $1 AND "agentGraphId" = $2)"};

// Member names as in the platform's GraphSettings.
constexpr const char* kHumanInTheLoop = "human_in_the_loop_safe_mode";
constexpr const char* kSensitiveAction = "sensitive_action_safe_mode";

Value EncodeSettings(const model::GraphSettings& settings) {
    return Value::Object({{kHumanInTheLoop, Value::Bool(settings.human_in_the_loop_safe_mode)},
                          {kSensitiveAction, Value::Bool(settings.sensitive_action_safe_mode)}});
}

model::GraphSettings DecodeSettings(View json) {
    const model::GraphSettings defaults;
    return {.human_in_the_loop_safe_mode =
                json[kHumanInTheLoop].BoolOr(defaults.human_in_the_loop_safe_mode),
            .sensitive_action_safe_mode =
                json[kSensitiveAction].BoolOr(defaults.sensitive_action_safe_mode)};
}

}  // namespace

std::vector<const Statement*> SqlLibraryStore::Statements() {
    return {&kInsert, &kFind, &kUpdate, &kDelete};
}

Result<Ok> SqlLibraryStore::Insert(const LibraryAgent& agent) {
    const Timestamp now = SystemClock().Now();
    TRY(session_.Execute(
        kInsert,
        {ToCell(agent.id), ToCell(now), ToCell(now), ToCell(agent.user_id), ToCell(agent.graph_id),
         ToCell(agent.graph_version), ToCell(agent.use_active_version),
         ToCell(agent.is_created_by_user), ToCell(agent.is_archived), ToCell(agent.is_deleted),
         JsonCell(EncodeSettings(agent.settings))}));
    return Ok{};
}

Result<std::optional<LibraryAgent>> SqlLibraryStore::FindByGraph(const UserId& user,
                                                                 const GraphId& graph,
                                                                 bool include_hidden) {
    Rows rows = TRY(session_.Query(kFind, {ToCell(user), ToCell(graph), ToCell(include_hidden)}));
    if (rows.empty()) return std::optional<LibraryAgent>();
    return std::optional(LibraryAgent{.id = rows.Text(0, 0),
                                      .user_id = user,
                                      .graph_id = graph,
                                      .graph_version = static_cast<int>(rows.Int(0, 1)),
                                      .use_active_version = rows.Bool(0, 2),
                                      .is_created_by_user = rows.Bool(0, 3),
                                      .is_archived = rows.Bool(0, 4),
                                      .is_deleted = rows.Bool(0, 5),
                                      .settings = DecodeSettings(rows.Json(0, 6))});
}

Result<Ok> SqlLibraryStore::Update(const LibraryAgent& agent) {
    const int64_t changed = TRY(session_.Execute(
        kUpdate,
        {ToCell(SystemClock().Now()), ToCell(agent.graph_version), ToCell(agent.use_active_version),
         ToCell(agent.is_created_by_user), ToCell(agent.is_archived), ToCell(agent.is_deleted),
         JsonCell(EncodeSettings(agent.settings)), ToCell(agent.id)}));
    if (changed == 0) return NotFound("Library agent #" + agent.id + " not found.");
    return Ok{};
}

Result<int> SqlLibraryStore::DeleteByGraph(const UserId& user, const GraphId& graph) {
    return static_cast<int>(TRY(session_.Execute(kDelete, {ToCell(user), ToCell(graph)})));
}

}  // namespace yard::storage::sql
