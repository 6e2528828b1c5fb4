#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "base/value.h"
#include "host/model/execution.h"
#include "host/model/graph.h"

namespace yard::model {
class BlockCatalog;
}
namespace yard::storage {
class ExecutionJournal;
struct StoredRun;
}  // namespace yard::storage

namespace yard::engine {

class BlockRuntime;
class CreditLedger;
class EventSink;
class RunObserver;
class WorkerPool;

struct EngineOptions {
    size_t runs_max = 1000;  // Runs being advanced at once; more wait as QUEUED.
    size_t runs_per_user_and_graph_max = 25;
    size_t node_executions_per_run_max = 1'000'000;
    size_t node_executions_in_flight_max = 1000;  // Per run.
    size_t emits_pending_max = 1000;  // Per node execution, before the block is told to wait.
    size_t outputs_per_node_execution_max = 1'000'000;
    // Sub-agent runs do not wait for a turn (their parents hold one while they wait for them), so
    // they have limits of their own; beyond them they are refused.
    size_t sub_runs_max = 10'000;
    size_t sub_run_depth_max = 100;
    size_t runs_waiting_max = 100'000;   // More are refused.
    size_t records_per_append = 512;     // Journal records after which a step of a run hands over.
    int64_t cost_count_threshold = 100;  // One surcharge per that many node executions of a user.
    int64_t cost_per_threshold = 1;
    std::chrono::milliseconds cancel_grace{
        5000};  // Then a block that holds a thread is reported as stuck.
};

// A run the service has accepted: validated, with its starting inputs prepared.
struct RunRequest {
    model::GraphExecution execution;
    std::shared_ptr<const model::Graph> graph;
    model::ExecutionContext context;
    Value compiled_masks;  // Object: node id -> input name -> value; credentials included.
    std::vector<NodeId> nodes_to_skip;
    struct Start {
        NodeId node_id;
        Value input;  // Resolved.
    };
    std::vector<Start> starts;
    std::shared_ptr<RunObserver> observer;  // May be null. Shared with whoever waits for the run.
};

// Advances runs. docs/executions.md describes the rules. Thread-safe.
//
// Lifecycle: Make, Resume what the last process left, Submit...; Stop parks what still runs: it
// stays RUNNING in the database and the next process resumes it.
class Engine {
public:
    struct Parts {
        BlockRuntime& runtime;
        const model::BlockCatalog& catalog;
        storage::ExecutionJournal& journal;
        CreditLedger& credits;
        const Clock& clock;
        WorkerPool& workers;
        EventSink* events = nullptr;  // Optional.
        // Where charging may block; without it, it blocks a worker. Optional.
        WorkerPool* blocking = nullptr;
    };
    static std::unique_ptr<Engine> Make(Parts parts, EngineOptions options);

    virtual ~Engine() = default;

    // Records the run (status QUEUED) and starts it when its turn comes. `accepted` is called once,
    // when the record is durable: only then may the run be acknowledged. kUnavailable while the
    // journal cannot commit.
    virtual Result<Ok> Submit(RunRequest request, std::function<void()> accepted) = 0;

    // Goes on with a run of an earlier process, or one that was paused for review.
    virtual Result<Ok> Resume(storage::StoredRun run,
                              std::shared_ptr<const model::Graph> graph) = 0;

    // Asks the run to stop; false if it is not here. `stopped` is called once its end (TERMINATED,
    // or whatever it reached first) is durable.
    virtual bool Stop(const GraphExecutionId& id, std::function<void()> stopped) = 0;

    // Runs that are here, waiting ones included.
    virtual size_t active_runs() const = 0;
    // Calls that did not return within `cancel_grace` after they were cancelled.
    virtual size_t abandoned_calls() const = 0;

    // Begins nothing new, lets blocks in flight finish for `grace`, then cancels and parks them. No
    // call may follow. Before the parts are stopped or destroyed.
    virtual void Shutdown(std::chrono::milliseconds grace) = 0;
};

}  // namespace yard::engine
