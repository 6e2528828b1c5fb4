#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "host/credentials/credential_store.h"
#include "host/model/block_type.h"
#include "host/model/graph.h"
#include "host/model/graph_validation.h"
#include "host/storage/database.h"

namespace yard::service {

// Graphs of users: who may see and change them, and what changes along with them. Every function is
// one transaction. Thread-safe; calls block on the database.
class GraphService {
public:
    // All must outlive the service.
    GraphService(storage::Database& database, const model::BlockCatalog& catalog,
                 const credentials::CredentialStore& credentials, const Clock& clock);

    // One entry per graph, its highest active version; at most 250. No sub-graphs.
    Result<std::vector<model::Graph>> List(const UserId& user);

    enum class Form { kComplete, kForExport };
    // Without `version` the highest one. With sub-graphs. kNotFound if the user may not read it.
    Result<model::Graph> Get(const UserId& user, const GraphId& id, std::optional<int> version,
                             Form form = Form::kComplete);
    // The newest 50. kNotFound if there are none.
    Result<std::vector<model::Graph>> Versions(const UserId& user, const GraphId& id);

    // Stores the graph and its sub-graphs under fresh ids, each with a library entry.
    Result<model::Graph> Create(const UserId& user, model::Graph graph,
                                model::GraphOrigin origin = model::GraphOrigin::kBuilder);
    // Stores `graph` as the next version of `id`. An active one becomes the only active one.
    Result<model::Graph> Update(const UserId& user, const GraphId& id, model::Graph graph);
    Result<Ok> SetActiveVersion(const UserId& user, const GraphId& id, int version);

    struct SettingsChange {
        std::optional<bool> human_in_the_loop_safe_mode;
        std::optional<bool> sensitive_action_safe_mode;
    };
    // The settings after the change. kNotFound if the graph is not in the user's library.
    Result<model::GraphSettings> UpdateSettings(const UserId& user, const GraphId& id,
                                                const SettingsChange& change);

    // Deletes all versions, their executions and the user's library entries; the number of
    // versions.
    Result<int> Delete(const UserId& user, const GraphId& id);

private:
    Result<Ok> CheckCredentials(const UserId& user, const model::Graph& graph);

    storage::Database& database_;
    const model::BlockCatalog& catalog_;
    const credentials::CredentialStore& credentials_;
    const Clock& clock_;
};

}  // namespace yard::service
