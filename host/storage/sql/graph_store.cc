#include "host/storage/sql/graph_store.h"

namespace yard::storage::sql {
namespace {

const std::string kSelect =
    R"(SELECT g."id", g."version", g."createdAt", g."name", g."description", g."instructions",
              g."recommendedScheduleCron", g."isActive", g."userId", g."forkedFromId",
              g."forkedFromVersion"
       FROM "AgentGraph" g )";
constexpr const char* kGraphColumns = "tiittttitti";

// The original of a fork may be of another server or gone: then there is nothing to refer to.
const Statement kInsertGraph{"graph.insert", R"(
    INSERT INTO "AgentGraph" ("id", "version", "createdAt", "name", "description", "instructions",
        "recommendedScheduleCron", "isActive", "userId", "forkedFromId", "forkedFromVersion")
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9,
        (SELECT "id" FROM "AgentGraph" WHERE "id" = $10 AND "version" = $11),
        (SELECT "version" FROM "AgentGraph" WHERE "id" = $10 AND "version" = $11)))"};
const Statement kInsertNode{"graph.insert_node", R"(
    INSERT INTO "AgentNode" ("id", "agentBlockId", "agentGraphId", "agentGraphVersion",
        "constantInput", "metadata", "webhookId", "position")
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8))"};
const Statement kInsertLink{"graph.insert_link", R"(
    INSERT INTO "AgentNodeLink" ("id", "agentNodeSourceId", "sourceName", "agentNodeSinkId",
        "sinkName", "isStatic", "position")
    VALUES ($1, $2, $3, $4, $5, $6, $7))"};

const Statement kFind{"graph.find",
                      kSelect + R"(WHERE g."id" = $1 ORDER BY g."version" DESC LIMIT 1)",
                      kGraphColumns};
const Statement kFindVersion{"graph.find_version",
                             kSelect + R"(WHERE g."id" = $1 AND g."version" = $2)", kGraphColumns};
const Statement kFindOwned{
    "graph.find_owned",
    kSelect + R"(WHERE g."id" = $1 AND g."userId" = $2 ORDER BY g."version" DESC LIMIT 1)",
    kGraphColumns};
const Statement kFindOwnedVersion{
    "graph.find_owned_version",
    kSelect + R"(WHERE g."id" = $1 AND g."version" = $2 AND g."userId" = $3)", kGraphColumns};
const Statement kExists{
    "graph.exists",
    R"(SELECT 1 FROM "AgentGraph" WHERE "id" = $1 AND "version" = $2 AND "userId" = $3)", "i"};
const Statement kVersions{
    "graph.versions",
    kSelect + R"(WHERE g."id" = $1 AND g."userId" = $2 ORDER BY g."version" DESC LIMIT $3)",
    kGraphColumns};
const Statement kListActive{"graph.list_active", kSelect + R"(
    WHERE g."userId" = $1 AND g."isActive" = 1 AND g."version" =
        (SELECT max(h."version") FROM "AgentGraph" h
         WHERE h."id" = g."id" AND h."userId" = g."userId" AND h."isActive" = 1)
    ORDER BY g."version" DESC, g."createdAt" DESC, g."id" LIMIT $2)",
                            kGraphColumns};
const Statement kNodes{"graph.nodes", R"(
    SELECT "id", "agentBlockId", "constantInput", "metadata", "webhookId" FROM "AgentNode"
    WHERE "agentGraphId" = $1 AND "agentGraphVersion" = $2 ORDER BY "position")",
                       "ttttt"};
// A link belongs to the graph of its source.
const Statement kLinks{"graph.links", R"(
    SELECT l."id", l."agentNodeSourceId", l."sourceName", l."agentNodeSinkId", l."sinkName",
        l."isStatic"
    FROM "AgentNodeLink" l JOIN "AgentNode" n ON n."id" = l."agentNodeSourceId"
    WHERE n."agentGraphId" = $1 AND n."agentGraphVersion" = $2 ORDER BY l."position")",
                       "ttttti"};
const Statement kHighestVersion{
    "graph.highest_version",
    R"(SELECT max("version") FROM "AgentGraph" WHERE "id" = $1 AND "userId" = $2)", "i"};
const Statement kActivate{
    "graph.activate",
    R"(UPDATE "AgentGraph" SET "isActive" = 1 WHERE "id" = $1 AND "userId" = $2 AND "version" = $3)"};
const Statement kDeactivateOthers{"graph.deactivate_others", R"(
    UPDATE "AgentGraph" SET "isActive" = 0
    WHERE "id" = $1 AND "userId" = $2 AND "version" <> $3 AND "isActive" <> 0)"};
const Statement kDelete{"graph.delete",
                        R"(DELETE FROM "AgentGraph" WHERE "id" = $1 AND "userId" = $2)"};

model::Graph GraphFrom(Rows& rows, size_t row) {
    model::Graph graph;
    graph.id = GraphId(rows.Text(row, 0));
    graph.version = static_cast<int>(rows.Int(row, 1));
    graph.created_at = rows.Time(row, 2);
    graph.name = rows.Text(row, 3);
    graph.description = rows.Text(row, 4);
    graph.instructions = rows.OptionalText(row, 5);
    graph.recommended_schedule_cron = rows.OptionalText(row, 6);
    graph.is_active = rows.Bool(row, 7);
    graph.user_id = UserId(rows.Text(row, 8));
    if (!rows.IsNull(row, 9)) {
        graph.forked_from_id = GraphId(rows.Text(row, 9));
        graph.forked_from_version = static_cast<int>(rows.Int(row, 10));
    }
    return graph;
}

model::Node NodeFrom(Rows& rows, size_t row) {
    model::Node node;
    node.id = NodeId(rows.Text(row, 0));
    node.block_id = BlockId(rows.Text(row, 1));
    node.input_default = rows.Json(row, 2);
    node.metadata = rows.Json(row, 3);
    node.webhook_id = rows.OptionalText(row, 4);
    return node;
}

model::Link LinkFrom(Rows& rows, size_t row) {
    return {.id = rows.Text(row, 0),
            .source_id = NodeId(rows.Text(row, 1)),
            .sink_id = NodeId(rows.Text(row, 3)),
            .source_name = rows.Text(row, 2),
            .sink_name = rows.Text(row, 4),
            .is_static = rows.Bool(row, 5)};
}

}  // namespace

std::vector<const Statement*> SqlGraphStore::Statements() {
    return {&kInsertGraph,
            &kInsertNode,
            &kInsertLink,
            &kFind,
            &kFindVersion,
            &kFindOwned,
            &kFindOwnedVersion,
            &kExists,
            &kVersions,
            &kListActive,
            &kNodes,
            &kLinks,
            &kHighestVersion,
            &kActivate,
            &kDeactivateOthers,
            &kDelete};
}

Result<Ok> SqlGraphStore::Insert(const std::vector<model::Graph>& graphs) {
    for (const model::Graph& graph : graphs) TRY(InsertOne(graph));
    return Ok{};
}

Result<Ok> SqlGraphStore::InsertOne(const model::Graph& graph) {
    TRY(session_.Execute(
        kInsertGraph,
        {ToCell(graph.id), ToCell(graph.version), ToCell(graph.created_at), ToCell(graph.name),
         ToCell(graph.description), ToCell(graph.instructions),
         ToCell(graph.recommended_schedule_cron), ToCell(graph.is_active), ToCell(graph.user_id),
         ToCell(graph.forked_from_id), ToCell(graph.forked_from_version)}));
    int position = 0;
    for (const model::Node& node : graph.nodes) {
        TRY(session_.Execute(
            kInsertNode, {ToCell(node.id), ToCell(node.block_id), ToCell(graph.id),
                          ToCell(graph.version), ObjectCell(node.input_default),
                          ObjectCell(node.metadata), ToCell(node.webhook_id), ToCell(position++)}));
    }
    position = 0;
    for (const model::Link& link : graph.links) {
        TRY(session_.Execute(kInsertLink,
                             {ToCell(link.id), ToCell(link.source_id), ToCell(link.source_name),
                              ToCell(link.sink_id), ToCell(link.sink_name), ToCell(link.is_static),
                              ToCell(position++)}));
    }
    return Ok{};
}

Result<Ok> SqlGraphStore::LoadParts(model::Graph& graph) {
    const Parameters key = {ToCell(graph.id), ToCell(graph.version)};
    Rows nodes = TRY(session_.Query(kNodes, key));
    for (size_t row = 0; row < nodes.size(); ++row) graph.nodes.push_back(NodeFrom(nodes, row));
    Rows links = TRY(session_.Query(kLinks, key));
    for (size_t row = 0; row < links.size(); ++row) graph.links.push_back(LinkFrom(links, row));
    return Ok{};
}

Result<std::vector<model::Graph>> SqlGraphStore::Load(const Statement& statement,
                                                      Parameters parameters) {
    Rows rows = TRY(session_.Query(statement, std::move(parameters)));
    std::vector<model::Graph> graphs;
    for (size_t row = 0; row < rows.size(); ++row) {
        graphs.push_back(GraphFrom(rows, row));
        TRY(LoadParts(graphs.back()));
    }
    return graphs;
}

Result<std::optional<model::Graph>> SqlGraphStore::Find(const GraphId& id,
                                                        std::optional<int> version,
                                                        const std::optional<UserId>& owner) {
    Parameters parameters = {ToCell(id)};
    if (version) parameters.push_back(ToCell(*version));
    if (owner) parameters.push_back(ToCell(*owner));
    const Statement& statement =
        version ? (owner ? kFindOwnedVersion : kFindVersion) : (owner ? kFindOwned : kFind);
    std::vector<model::Graph> graphs = TRY(Load(statement, std::move(parameters)));
    if (graphs.empty()) return std::optional<model::Graph>();
    return std::optional(std::move(graphs.front()));
}

Result<bool> SqlGraphStore::Exists(const GraphId& id, int version, const UserId& owner) {
    const Rows rows = TRY(session_.Query(kExists, {ToCell(id), ToCell(version), ToCell(owner)}));
    return !rows.empty();
}

Result<std::vector<model::Graph>> SqlGraphStore::Versions(const GraphId& id, const UserId& owner,
                                                          size_t limit) {
    return Load(kVersions, {ToCell(id), ToCell(owner), ToCell(limit)});
}

Result<std::vector<model::Graph>> SqlGraphStore::ListActive(const UserId& owner, size_t limit) {
    return Load(kListActive, {ToCell(owner), ToCell(limit)});
}

Result<int> SqlGraphStore::HighestVersion(const GraphId& id, const UserId& owner) {
    const Rows rows = TRY(session_.Query(kHighestVersion, {ToCell(id), ToCell(owner)}));
    return static_cast<int>(rows.Int(0, 0));
}

Result<bool> SqlGraphStore::SetActive(const GraphId& id, int version, const UserId& owner) {
    const Parameters key = {ToCell(id), ToCell(owner), ToCell(version)};
    if (TRY(session_.Execute(kActivate, key)) == 0) return false;
    TRY(session_.Execute(kDeactivateOthers, key));
    return true;
}

Result<int> SqlGraphStore::Delete(const GraphId& id, const UserId& owner) {
    return static_cast<int>(TRY(session_.Execute(kDelete, {ToCell(id), ToCell(owner)})));
}

}  // namespace yard::storage::sql
