// One execution of a graph: a state machine with a mailbox. Whatever happens to it is an event;
// whichever worker has its turn handles the events one by one. What a block does while it is being
// started by the run itself takes no detour through the mailbox.

#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "host/engine/charging.h"
#include "host/engine/compiled_graph.h"
#include "host/engine/deadline_timer.h"
#include "host/engine/engine.h"
#include "host/engine/node_call.h"
#include "host/engine/router.h"
#include "host/engine/run_recorder.h"
#include "host/engine/worker_pool.h"
#include "host/storage/execution_journal.h"
#include "host/storage/execution_store.h"

namespace yard::engine {

// What a run tells the engine. Called from workers.
class RunHost {
public:
    virtual ~RunHost() = default;
    // The run advances no more; another may take its turn.
    virtual void OnRunEnded(const GraphExecutionId& id) = 0;
    // And nobody waits for it any more: its end is durable, or it is parked.
    virtual void OnRunGone(const GraphExecutionId& id) = 0;
    virtual void OnCallAbandoned() = 0;
};

// What every run of an engine uses; outlives them.
struct RunEnvironment {
    Engine::Parts parts;
    EngineOptions options;
    std::shared_ptr<Charging> charging;  // Shared with charges in progress.
    DeadlineTimer& timer;
    RunHost& host;
};

// Held by the engine until it is gone, by the pool while it has a turn, by its calls until they
// return.
class Run final : public std::enable_shared_from_this<Run> {
public:
    struct Setup {
        model::GraphExecution execution;
        model::ExecutionContext context;
        Value compiled_masks;
        std::vector<NodeId> nodes_to_skip;
        std::shared_ptr<RunObserver> observer;
        size_t depth = 0;  // Of nesting: 0 for a run without a parent.
    };

    Run(RunEnvironment& environment, std::shared_ptr<const CompiledGraph> graph, Setup setup);

    // Before anything is posted, one of the two. Create records the run and returns the position of
    // the record; Restore takes over what an earlier process recorded.
    storage::ExecutionJournal::Position Create(const std::vector<RunRequest::Start>& starts);
    void Restore(const std::vector<model::NodeExecution>& node_executions);

    struct Admitted {};
    struct BalanceKnown {
        Result<int64_t> balance;
    };
    struct Charged {
        std::shared_ptr<NodeCall> call;
        Result<int64_t> taken;
    };
    struct Emitted {
        std::shared_ptr<NodeCall> call;
        std::string pin;
        Value value;
    };
    struct Broken {  // The call must not go on.
        std::shared_ptr<NodeCall> call;
    };
    struct Finished {
        std::shared_ptr<NodeCall> call;
        BlockOutcome outcome;
    };
    struct StopRequested {
        std::function<void()> stopped;
    };
    struct GraceOver {};             // For calls that were cancelled.
    struct DrainRequested {};        // Begin nothing new, park when nothing is in flight.
    struct ParkRequested {           // Park now.
        bool even_if_ended = false;  // Do not wait until the end is durable.
    };
    struct Durable {
        storage::ExecutionJournal::Position position;
    };
    using Event = std::variant<Admitted, BalanceKnown, Charged, Emitted, Broken, Finished,
                               StopRequested, GraceOver, DrainRequested, ParkRequested, Durable>;

    // Thread-safe. False, and ignored, once the run is gone.
    bool Post(Event event);

    size_t depth() const { return setup_.depth; }

private:
    enum class Phase {
        kWaiting,   // For its turn.
        kChecking,  // The balance.
        kRunning,
        kEnding,  // As failed or terminated, once nothing is in flight.
        kEnded,   // Waits until that is durable.
        kGone,
    };

    void TakeTurn();
    bool TakeStep();
    void FetchMail();
    void Schedule();
    void YieldTurn();
    void Flush();

    void Handle(Admitted event);
    void Handle(BalanceKnown event);
    void Handle(Charged event);
    void Handle(Emitted event);
    void Handle(Broken event);
    void Handle(Finished event);
    void Handle(StopRequested event);
    void Handle(GraceOver event);
    void Handle(DrainRequested event);
    void Handle(ParkRequested event);
    void Handle(Durable event);

    // Dispatch (run_dispatch.cc).
    bool CanDispatch() const;
    void Dispatch();
    void DispatchWithoutCall(QueuedNode queued, const CompiledNode& node);
    void Charge(const std::shared_ptr<NodeCall>& call, Charging::Price price);
    void Begin(const std::shared_ptr<NodeCall>& call);
    Result<Value> MakeBlockInput(const NodeCall& call) const;
    void AddInFlight(const std::shared_ptr<NodeCall>& call);
    void RemoveInFlight(NodeCall& call);
    void Deliver(NodeCall& call, std::string_view pin, const Value& value);
    void Conclude(const std::shared_ptr<NodeCall>& call, BlockOutcome outcome);
    void RecordEnd(NodeCall& call, model::ExecutionStatus status, BlockOutcome outcome);
    void TellObserver(const NodeCall& call);
    void LetNextDeliver(size_t node);
    bool IsFirst(const NodeCall& call) const;

    void Fail(std::string error);
    void BeginEnd(model::ExecutionStatus status, std::string error);
    void EndIfIdle();
    void End(model::ExecutionStatus status);
    void AbandonCalls();
    void Park();
    void Leave();
    void TellRun();
    double Walltime() const;

    RunEnvironment& environment_;
    const std::shared_ptr<const CompiledGraph> graph_;  // Shared with the cache.
    const Setup setup_;                                 // Its `execution` is where it began.

    // Belongs to whoever has the turn.
    model::GraphExecution execution_;
    RunRecorder recorder_;
    Router router_;
    Phase phase_ = Phase::kWaiting;
    bool draining_ = false;
    std::vector<bool> skipped_;  // Per node.
    std::deque<Event> events_;
    std::deque<QueuedNode> ready_;
    std::vector<std::shared_ptr<NodeCall>> in_flight_;
    std::vector<NodeCall::Queue> calls_;  // Per node, in order of dispatch.
    model::GraphExecutionStats stats_;
    double walltime_before_s_ = 0;  // Of earlier processes.
    int64_t started_ns_ = 0;
    model::ExecutionStatus final_status_ = model::ExecutionStatus::kCompleted;
    std::vector<std::function<void()>> stopped_;
    storage::ExecutionJournal::Position end_position_ = 0;

    std::mutex mutex_;  // Guards what follows.
    std::vector<Event> mailbox_;
    bool scheduled_ = false;
    bool closed_ = false;
    std::atomic<bool> has_mail_{false};
};

}  // namespace yard::engine
