#pragma once

#include <vector>

#include "host/storage/execution_store.h"
#include "host/storage/sql/session.h"

namespace yard::storage::sql {

class SqlExecutionStore final : public ExecutionStore {
public:
    explicit SqlExecutionStore(Session& session) : session_(session) {}

    Result<std::optional<model::GraphExecution>> Find(const GraphExecutionId& id) override;
    Result<std::vector<model::GraphExecution>> List(const ExecutionFilter& filter) override;
    Result<int64_t> Count(const ExecutionFilter& filter) override;
    Result<std::vector<model::NodeExecution>> NodeExecutions(const GraphExecutionId& id,
                                                             size_t limit) override;
    Result<bool> SoftDelete(const GraphExecutionId& id, const UserId& user) override;
    Result<bool> SetShare(const GraphExecutionId& id, const UserId& user,
                          const std::optional<std::string>& token, Timestamp now) override;
    Result<std::optional<model::GraphExecution>> FindShared(const std::string& token) override;
    Result<std::vector<GraphExecutionId>> Unfinished() override;
    Result<std::optional<StoredRun>> LoadRun(const GraphExecutionId& id) override;

    // Every statement this store runs, but those of List and Count, which depend on the filter.
    static std::vector<const Statement*> Statements();

private:
    struct PageStatements;
    struct Page;
    static const PageStatements kNewest;
    static const PageStatements kNext;

    Result<Page> LoadPage(const PageStatements& statements, const Parameters& parameters);
    Result<std::vector<model::GraphExecution>> Executions(Rows rows);

    Session& session_;
};

}  // namespace yard::storage::sql
