#include "host/engine/engine.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "base/log.h"
#include "host/engine/admission.h"
#include "host/engine/charging.h"
#include "host/engine/compiled_graph.h"
#include "host/engine/deadline_timer.h"
#include "host/engine/run.h"
#include "host/storage/execution_journal.h"
#include "host/storage/execution_store.h"

namespace yard::engine {
namespace {

constexpr size_t kCompiledGraphsMax = 256;

class RunEngine final : public Engine, private RunHost {
public:
    RunEngine(Parts parts, EngineOptions options)
        : options_(options),
          environment_{parts, options,
                       std::make_shared<Charging>(parts.credits, options.cost_count_threshold,
                                                  options.cost_per_threshold),
                       timer_, *this},
          graphs_(kCompiledGraphsMax),
          admission_({options.runs_max, options.runs_per_user_and_graph_max}) {}

    ~RunEngine() override { Shutdown(std::chrono::milliseconds(0)); }

    Result<Ok> Submit(RunRequest request, std::function<void()> accepted) override;
    Result<Ok> Resume(storage::StoredRun run, std::shared_ptr<const model::Graph> graph) override;
    bool Stop(const GraphExecutionId& id, std::function<void()> stopped) override;
    size_t active_runs() const override;
    size_t abandoned_calls() const override { return abandoned_calls_.load(); }
    void Shutdown(std::chrono::milliseconds grace) override;

private:
    struct Entry {
        std::shared_ptr<Run> run;  // Null while the run is being set up.
        bool is_sub_run = false;
    };
    using Runs = std::unordered_map<GraphExecutionId, Entry>;

    void OnRunEnded(const GraphExecutionId& id) override;
    void OnRunGone(const GraphExecutionId& id) override;
    void OnCallAbandoned() override { abandoned_calls_.fetch_add(1); }

    // Keeps a place for a run; its depth.
    Result<size_t> Reserve(const GraphExecutionId& id, const model::ExecutionContext& context);
    void Enter(const model::GraphExecution& execution, std::shared_ptr<Run> run);
    void AdmitWaiting();
    std::vector<std::shared_ptr<Run>> AllRuns() const;

    const EngineOptions options_;
    DeadlineTimer timer_;
    RunEnvironment environment_;
    CompiledGraphCache graphs_;
    std::atomic<size_t> abandoned_calls_{0};

    mutable std::mutex mutex_;  // Guards what follows. Never held while a run is called.
    std::condition_variable run_gone_;
    Runs runs_;
    Admission admission_;
    size_t sub_runs_ = 0;
    bool shutting_down_ = false;
};

Result<size_t> RunEngine::Reserve(const GraphExecutionId& id,
                                  const model::ExecutionContext& context) {
    std::lock_guard lock(mutex_);
    if (shutting_down_) return Unavailable("The server is shutting down; try again later.");
    if (runs_.contains(id)) {
        return Error{ErrorKind::kConflict, "Execution " + id.text() + " is already here.", {}};
    }
    const bool is_sub_run = context.parent_execution_id.has_value();
    size_t depth = 0;
    if (is_sub_run) {
        const auto parent = runs_.find(*context.parent_execution_id);
        if (parent != runs_.end() && parent->second.run) depth = parent->second.run->depth() + 1;
        if (depth > options_.sub_run_depth_max) {
            return Invalid("Agents may call agents to a depth of " +
                           std::to_string(options_.sub_run_depth_max) +
                           "; check for an agent that calls itself.");
        }
        if (sub_runs_ >= options_.sub_runs_max) {
            return Unavailable("The limit of " + std::to_string(options_.sub_runs_max) +
                               " running sub-agents is reached; try again later.");
        }
        ++sub_runs_;
    } else if (admission_.waiting() >= options_.runs_waiting_max) {
        return Unavailable("The limit of " + std::to_string(options_.runs_waiting_max) +
                           " waiting executions is reached; try again later.");
    }
    runs_.emplace(id, Entry{nullptr, is_sub_run});
    return depth;
}

void RunEngine::Enter(const model::GraphExecution& execution, std::shared_ptr<Run> run) {
    bool is_sub_run = false;
    bool drain = false;
    {
        std::lock_guard lock(mutex_);
        Entry& entry = runs_.find(execution.id)->second;
        entry.run = run;
        is_sub_run = entry.is_sub_run;
        drain = shutting_down_;
        if (!is_sub_run) admission_.Add(execution.id, execution.user_id, execution.graph_id);
    }
    if (drain) run->Post(Run::DrainRequested{});
    if (is_sub_run) {
        run->Post(Run::Admitted{});
    } else {
        AdmitWaiting();
    }
}

void RunEngine::AdmitWaiting() {
    while (true) {
        std::shared_ptr<Run> run;
        {
            std::lock_guard lock(mutex_);
            const auto next = admission_.TakeNext();
            if (!next) return;
            run = runs_.find(*next)->second.run;
        }
        run->Post(Run::Admitted{});
    }
}

Result<Ok> RunEngine::Submit(RunRequest request, std::function<void()> accepted) {
    TRY(environment_.parts.journal.Health());
    auto graph = graphs_.Get(std::move(request.graph), environment_.parts.catalog);
    for (const RunRequest::Start& start : request.starts) {
        if (graph->IndexOf(start.node_id)) continue;
        return Invalid("The graph has no node " + start.node_id.text() + " to start with.");
    }
    const size_t depth = TRY(Reserve(request.execution.id, request.context));
    auto run = std::make_shared<Run>(
        environment_, std::move(graph),
        Run::Setup{request.execution, std::move(request.context), std::move(request.compiled_masks),
                   std::move(request.nodes_to_skip), std::move(request.observer), depth});
    const auto position = run->Create(request.starts);
    Enter(request.execution, std::move(run));
    environment_.parts.journal.OnDurable(position, std::move(accepted));
    return Ok{};
}

Result<Ok> RunEngine::Resume(storage::StoredRun stored, std::shared_ptr<const model::Graph> graph) {
    const model::ExecutionStatus status = stored.execution.status;
    if (status == model::ExecutionStatus::kCompleted || status == model::ExecutionStatus::kFailed) {
        return Error{ErrorKind::kConflict,
                     "Execution " + stored.execution.id.text() + " has ended and cannot go on.",
                     {}};
    }
    TRY(environment_.parts.journal.Health());
    auto compiled = graphs_.Get(std::move(graph), environment_.parts.catalog);
    const size_t depth = TRY(Reserve(stored.execution.id, stored.context));
    auto run = std::make_shared<Run>(
        environment_, std::move(compiled),
        Run::Setup{stored.execution, std::move(stored.context), std::move(stored.compiled_masks),
                   std::move(stored.nodes_to_skip), nullptr, depth});
    run->Restore(stored.node_executions);
    Enter(stored.execution, std::move(run));
    return Ok{};
}

bool RunEngine::Stop(const GraphExecutionId& id, std::function<void()> stopped) {
    std::shared_ptr<Run> run;
    {
        std::lock_guard lock(mutex_);
        const auto found = runs_.find(id);
        if (found == runs_.end() || !found->second.run) return false;
        run = found->second.run;
    }
    return run->Post(Run::StopRequested{std::move(stopped)});
}

size_t RunEngine::active_runs() const {
    std::lock_guard lock(mutex_);
    return runs_.size();
}

void RunEngine::OnRunEnded(const GraphExecutionId& id) {
    {
        std::lock_guard lock(mutex_);
        admission_.Remove(id);
        if (shutting_down_) return;
    }
    AdmitWaiting();
}

void RunEngine::OnRunGone(const GraphExecutionId& id) {
    std::lock_guard lock(mutex_);
    admission_.Remove(id);
    const auto found = runs_.find(id);
    if (found->second.is_sub_run) --sub_runs_;
    runs_.erase(found);  // The caller still holds the run.
    if (runs_.empty()) run_gone_.notify_all();
}

std::vector<std::shared_ptr<Run>> RunEngine::AllRuns() const {
    std::lock_guard lock(mutex_);
    std::vector<std::shared_ptr<Run>> runs;
    for (const auto& [id, entry] : runs_) {
        if (entry.run) runs.push_back(entry.run);
    }
    return runs;
}

void RunEngine::Shutdown(std::chrono::milliseconds grace) {
    {
        std::lock_guard lock(mutex_);
        shutting_down_ = true;
    }
    const auto wait = [this](std::chrono::milliseconds time) {
        std::unique_lock lock(mutex_);
        return run_gone_.wait_for(lock, time, [this] { return runs_.empty(); });
    };
    for (const auto& run : AllRuns()) run->Post(Run::DrainRequested{});
    if (wait(grace)) return;
    for (const auto& run : AllRuns()) run->Post(Run::ParkRequested{});
    // Ends that are being committed get some time. After that only a worker that is still inside a
    // step, or blocked by a full journal, can hold a run here; it has to come back.
    std::chrono::milliseconds time = options_.cancel_grace;
    while (!wait(time)) {
        for (const auto& run : AllRuns()) run->Post(Run::ParkRequested{true});
        time = std::chrono::milliseconds(100);
    }
}

}  // namespace

std::unique_ptr<Engine> Engine::Make(Parts parts, EngineOptions options) {
    return std::make_unique<RunEngine>(parts, options);
}

}  // namespace yard::engine
