#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "base/value.h"
#include "host/credentials/credential_store.h"
#include "host/engine/credit_ledger.h"
#include "host/engine/deadline_timer.h"
#include "host/engine/engine.h"
#include "host/engine/run_observer.h"
#include "host/model/block_type.h"
#include "host/model/execution.h"
#include "host/model/graph.h"
#include "host/service/executions/run_plan.h"
#include "host/storage/database.h"
#include "host/storage/execution_store.h"

namespace yard::service {

// A request to run a graph.
struct RunSubmission {
    UserId user;
    GraphId graph_id;
    std::optional<int> version;  // Absent: the highest.
    RunInputs run;
    std::optional<std::string> preset_id;
    // Set for a sub-agent: what it inherits from the run that starts it. Its parent_execution_id
    // is that run. Such runs need no library entry and no balance of their own.
    std::optional<model::ExecutionContext> context;
    std::shared_ptr<engine::RunObserver> observer;  // May be null.
};

// Runs of graphs: who may start, see, stop and share them. Thread-safe; calls block on the
// database.
class ExecutionService {
public:
    struct Parts {
        storage::Database& database;
        const model::BlockCatalog& catalog;
        const credentials::CredentialStore& credentials;
        engine::Engine& engine;
        engine::CreditLedger& credits;
        const Clock& clock;
        std::chrono::milliseconds stop_timeout{15000};
    };
    // All parts must outlive the service, and the engine must be shut down before it goes.
    explicit ExecutionService(Parts parts);
    ~ExecutionService();

    // `done` is called once: with the QUEUED execution when it is durable (on a thread of the
    // journal, which it must not block), or with the error before Submit returns. Errors:
    // kInsufficientBalance, kNotAllowed, and kInvalid for a graph that is missing or cannot run.
    using Submitted = std::function<void(Result<model::GraphExecution>)>;
    void Submit(RunSubmission submission, Submitted done);
    // The same for callers that go on before the run is durable; `accepted` is called then.
    Result<GraphExecutionId> Start(RunSubmission submission, std::function<void()> accepted);

    // Stops the run and the runs it started. `done` is called once, possibly before Stop returns:
    // with the execution as it was before, when its end is durable; with nothing if there is
    // nothing to stop; with kTimeout if it goes on.
    using Stopped = std::function<void(Result<std::optional<model::GraphExecution>>)>;
    void Stop(const UserId& user, const GraphId& graph, const GraphExecutionId& id, Stopped done);

    // The newest 250.
    Result<std::vector<model::GraphExecution>> List(const UserId& user);
    struct Page {
        std::vector<model::GraphExecution> executions;
        int64_t total = 0;
    };
    // `page` from 1.
    Result<Page> ListOfGraph(const UserId& user, const GraphId& graph, int64_t page,
                             int64_t page_size);
    struct Details {
        model::GraphExecution execution;
        std::vector<model::NodeExecution> nodes;  // At most 1000, in the order they were queued.
    };
    Result<Details> Get(const UserId& user, const GraphId& graph, const GraphExecutionId& id);
    // False if the user has no such execution.
    Result<bool> Delete(const UserId& user, const GraphExecutionId& id);

    // A fresh token; an earlier one is void. kNotFound if the user has no such execution.
    Result<std::string> Share(const UserId& user, const GraphExecutionId& id);
    Result<Ok> Unshare(const UserId& user, const GraphExecutionId& id);
    struct Shared {
        Details details;
        std::string graph_name;  // Empty if the graph is gone.
        std::optional<std::string> graph_description;
    };
    Result<Shared> FindShared(const std::string& token);

    // Goes on with every run an earlier process left unfinished; their number. Sub-agents' runs end
    // instead: the node that started one starts it anew. Call once, before anything is submitted.
    Result<size_t> Recover();

private:
    struct Loaded {
        model::Graph graph;
        model::ExecutionContext context;
    };

    Result<Ok> CheckBalance(const UserId& user);
    Result<Loaded> Load(const RunSubmission& submission, const GraphExecutionId& id);
    Result<engine::RunRequest> Prepare(RunSubmission& submission);
    Result<std::vector<GraphExecutionId>> UnfinishedChildren(const GraphExecutionId& id);
    void StopRun(const GraphExecutionId& id, std::function<void()> stopped);
    void End(const GraphExecutionId& id, model::ExecutionStatus status, std::string error,
             std::function<void()> ended);
    Result<Ok> ResumeRun(const GraphExecutionId& id);
    Result<Details> LoadDetails(storage::Stores& stores, model::GraphExecution execution);

    Parts parts_;
    engine::DeadlineTimer timer_;
};

}  // namespace yard::service
