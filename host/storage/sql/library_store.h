#pragma once

#include <vector>

#include "host/storage/library_store.h"
#include "host/storage/sql/session.h"

namespace yard::storage::sql {

class SqlLibraryStore final : public LibraryStore {
public:
    explicit SqlLibraryStore(Session& session) : session_(session) {}

    Result<Ok> Insert(const LibraryAgent& agent) override;
    Result<std::optional<LibraryAgent>> FindByGraph(const UserId& user, const GraphId& graph,
                                                    bool include_hidden) override;
    Result<Ok> Update(const LibraryAgent& agent) override;
    Result<int> DeleteByGraph(const UserId& user, const GraphId& graph) override;

    // Every statement this store runs.
    static std::vector<const Statement*> Statements();

private:
    Session& session_;
};

}  // namespace yard::storage::sql
