#pragma once

#include <vector>

#include "host/storage/graph_store.h"
#include "host/storage/sql/session.h"

namespace yard::storage::sql {

class SqlGraphStore final : public GraphStore {
public:
    explicit SqlGraphStore(Session& session) : session_(session) {}

    Result<Ok> Insert(const std::vector<model::Graph>& graphs) override;
    Result<std::optional<model::Graph>> Find(const GraphId& id, std::optional<int> version,
                                             const std::optional<UserId>& owner) override;
    Result<bool> Exists(const GraphId& id, int version, const UserId& owner) override;
    Result<std::vector<model::Graph>> Versions(const GraphId& id, const UserId& owner,
                                               size_t limit) override;
    Result<std::vector<model::Graph>> ListActive(const UserId& owner, size_t limit) override;
    Result<int> HighestVersion(const GraphId& id, const UserId& owner) override;
    Result<bool> SetActive(const GraphId& id, int version, const UserId& owner) override;
    Result<int> Delete(const GraphId& id, const UserId& owner) override;

    // Every statement this store runs.
    static std::vector<const Statement*> Statements();

private:
    Result<Ok> InsertOne(const model::Graph& graph);
    Result<Ok> LoadParts(model::Graph& graph);
    Result<std::vector<model::Graph>> Load(const Statement& statement, Parameters parameters);

    Session& session_;
};

}  // namespace yard::storage::sql
