#include "host/service/graphs/graph_service.h"

#include "base/uuid.h"
#include "host/model/graph_ids.h"
#include "host/model/graph_validation.h"
#include "host/service/graphs/sub_graphs.h"
#include "host/storage/graph_store.h"
#include "host/storage/library_store.h"

namespace yard::service {
namespace {

constexpr size_t kListMax = 250;
constexpr size_t kVersionsMax = 50;

Error GraphNotFound(const GraphId& id) { return NotFound("Graph #" + id.text() + " not found."); }

Error VersionNotFound(const GraphId& id, int version) {
    return NotFound("Graph #" + id.text() + " v" + std::to_string(version) + " not found");
}

// The graph and its sub-graphs as rows: all owned by `user`, made at `now`.
std::vector<model::Graph> Flatten(const model::Graph& graph, const UserId& user, Timestamp now) {
    std::vector<model::Graph> rows = {graph};
    rows.insert(rows.end(), graph.sub_graphs.begin(), graph.sub_graphs.end());
    for (model::Graph& row : rows) {
        row.sub_graphs.clear();
        row.user_id = user;
        row.created_at = now;
    }
    return rows;
}

// Clients submit the links of another version, or of another graph, with their ids.
void RenewLinkIds(model::Graph& graph) {
    for (model::Link& link : graph.links) link.id = NewUuid();
    for (model::Graph& sub_graph : graph.sub_graphs) RenewLinkIds(sub_graph);
}

storage::LibraryAgent NewLibraryAgent(const UserId& user, const model::Graph& graph) {
    storage::LibraryAgent agent;
    agent.id = NewUuid();
    agent.user_id = user;
    agent.graph_id = graph.id;
    agent.graph_version = graph.version;
    return agent;
}

// Points the user's library entry at the version that is active now; makes one if there is none, so
// that an active graph can always be run.
Result<Ok> FollowActiveVersion(storage::LibraryStore& library, const UserId& user,
                               const model::Graph& graph) {
    auto entry = TRY(library.FindByGraph(user, graph.id, true));
    if (!entry) return library.Insert(NewLibraryAgent(user, graph));
    entry->graph_version = graph.version;
    return library.Update(*entry);
}

}  // namespace

GraphService::GraphService(storage::Database& database, const model::BlockCatalog& catalog,
                           const credentials::CredentialStore& credentials, const Clock& clock)
    : database_(database), catalog_(catalog), credentials_(credentials), clock_(clock) {}

Result<std::vector<model::Graph>> GraphService::List(const UserId& user) {
    std::vector<model::Graph> graphs;
    TRY(database_.Read([&](storage::Stores& stores) -> Result<Ok> {
        graphs = TRY(stores.graphs.ListActive(user, kListMax));
        return Ok{};
    }));
    return graphs;
}

Result<model::Graph> GraphService::Get(const UserId& user, const GraphId& id,
                                       std::optional<int> version, Form form) {
    model::Graph graph;
    TRY(database_.Read([&](storage::Stores& stores) -> Result<Ok> {
        auto found = TRY(stores.graphs.Find(id, version, user));
        if (!found) return GraphNotFound(id);
        graph = std::move(*found);
        return AttachSubGraphs(graph, stores.graphs);
    }));
    if (form == Form::kForExport) model::StripForExport(graph, catalog_);
    return graph;
}

Result<std::vector<model::Graph>> GraphService::Versions(const UserId& user, const GraphId& id) {
    std::vector<model::Graph> versions;
    TRY(database_.Read([&](storage::Stores& stores) -> Result<Ok> {
        versions = TRY(stores.graphs.Versions(id, user, kVersionsMax));
        return Ok{};
    }));
    if (versions.empty()) return GraphNotFound(id);
    return versions;
}

Result<model::Graph> GraphService::Create(const UserId& user, model::Graph graph,
                                          model::GraphOrigin origin) {
    model::ReassignIds(graph, user, model::GraphIds::kReassign);
    RenewLinkIds(graph);
    TRY(model::ValidateForSave(graph, catalog_, origin));
    TRY(CheckCredentials(user, graph));
    graph.user_id = user;
    graph.created_at = clock_.Now();
    std::vector<model::Graph> rows = Flatten(graph, user, graph.created_at);
    TRY(database_.Write([&](storage::Stores& stores) -> Result<Ok> {
        TRY(stores.graphs.Insert(rows));
        for (const model::Graph& row : rows) {
            TRY(stores.library.Insert(NewLibraryAgent(user, row)));
        }
        return Ok{};
    }));
    return graph;
}

Result<model::Graph> GraphService::Update(const UserId& user, const GraphId& id,
                                          model::Graph graph) {
    int latest = 0;
    TRY(database_.Read([&](storage::Stores& stores) -> Result<Ok> {
        latest = TRY(stores.graphs.HighestVersion(id, user));
        return Ok{};
    }));
    if (latest == 0) return NotFound("Graph #" + id.text() + " not found");
    model::ReassignIds(graph, user, model::GraphIds::kKeep);
    RenewLinkIds(graph);
    TRY(model::ValidateForSave(graph, catalog_));
    if (graph.is_active) TRY(CheckCredentials(user, graph));
    graph.sub_graphs.clear();
    graph.user_id = user;
    graph.created_at = clock_.Now();
    TRY(database_.Write([&](storage::Stores& stores) -> Result<Ok> {
        graph.version = TRY(stores.graphs.HighestVersion(id, user)) + 1;
        TRY(stores.graphs.Insert({graph}));
        if (!graph.is_active) return Ok{};
        TRY(stores.graphs.SetActive(id, graph.version, user));
        return FollowActiveVersion(stores.library, user, graph);
    }));
    return Get(user, id, graph.version);
}

Result<Ok> GraphService::SetActiveVersion(const UserId& user, const GraphId& id, int version) {
    model::Graph graph;
    TRY(database_.Read([&](storage::Stores& stores) -> Result<Ok> {
        auto found = TRY(stores.graphs.Find(id, version, user));
        if (!found) return VersionNotFound(id, version);
        graph = std::move(*found);
        return Ok{};
    }));
    TRY(CheckCredentials(user, graph));
    return database_.Write([&](storage::Stores& stores) -> Result<Ok> {
        if (!TRY(stores.graphs.SetActive(id, version, user))) return VersionNotFound(id, version);
        return FollowActiveVersion(stores.library, user, graph);
    });
}

Result<model::GraphSettings> GraphService::UpdateSettings(const UserId& user, const GraphId& id,
                                                          const SettingsChange& change) {
    model::GraphSettings settings;
    TRY(database_.Write([&](storage::Stores& stores) -> Result<Ok> {
        auto entry = TRY(stores.library.FindByGraph(user, id, true));
        if (!entry || entry->is_deleted) {
            return NotFound("Graph #" + id.text() + " not found in user's library");
        }
        model::GraphSettings& stored = entry->settings;
        stored.human_in_the_loop_safe_mode =
            change.human_in_the_loop_safe_mode.value_or(stored.human_in_the_loop_safe_mode);
        stored.sensitive_action_safe_mode =
            change.sensitive_action_safe_mode.value_or(stored.sensitive_action_safe_mode);
        settings = stored;
        return stores.library.Update(*entry);
    }));
    return settings;
}

Result<int> GraphService::Delete(const UserId& user, const GraphId& id) {
    int count = 0;
    TRY(database_.Write([&](storage::Stores& stores) -> Result<Ok> {
        if (TRY(stores.graphs.HighestVersion(id, user)) == 0) return Ok{};
        TRY(stores.library.DeleteByGraph(user, id));
        count = TRY(stores.graphs.Delete(id, user));
        return Ok{};
    }));
    return count;
}

Result<Ok> GraphService::CheckCredentials(const UserId& user, const model::Graph& graph) {
    for (const model::Node& node : graph.nodes) {
        const model::BlockType* block = catalog_.Find(node.block_id);
        if (block == nullptr) continue;
        for (const model::CredentialsField& field : block->credentials) {
            if (field.automatic()) continue;
            std::string id(node.input_default[field.name]["id"].StringOr(""));
            if (id.empty()) continue;
            auto found = credentials_.Find(user, CredentialsId(id));
            if (found) continue;
            if (found.error().kind != ErrorKind::kNotFound) return found.error();
            return Invalid("Node #" + node.id.text() + " input '" + field.name +
                           "' updated with non-existent credentials #" + id);
        }
    }
    return Ok{};
}

}  // namespace yard::service
