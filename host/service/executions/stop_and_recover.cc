// The members of ExecutionService that end runs and take them over from an earlier process.

#include <atomic>
#include <deque>

#include "base/log.h"
#include "host/service/executions/execution_service.h"
#include "host/service/graphs/sub_graphs.h"
#include "host/storage/execution_journal.h"
#include "host/storage/graph_store.h"

namespace yard::service {
namespace {

using model::ExecutionStatus;

constexpr size_t kChildrenMax = 10'000;

const std::vector<ExecutionStatus> kUnfinished = {
    ExecutionStatus::kIncomplete, ExecutionStatus::kQueued, ExecutionStatus::kRunning};

bool IsUnfinished(ExecutionStatus status) {
    return status == ExecutionStatus::kIncomplete || status == ExecutionStatus::kQueued ||
           status == ExecutionStatus::kRunning;
}

std::string SecondsText(std::chrono::milliseconds time) {
    int64_t tenths = time.count() / 100;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

}  // namespace

void ExecutionService::Stop(const UserId& user, const GraphId& graph, const GraphExecutionId& id,
                            Stopped done) {
    std::optional<model::GraphExecution> before;
    Result<Ok> read = parts_.database.Read([&](storage::Stores& stores) -> Result<Ok> {
        before = TRY(stores.executions.Find(id));
        return Ok{};
    });
    if (!read) return done(std::move(read).error());
    if (!before || before->user_id != user || before->graph_id != graph ||
        !IsUnfinished(before->status)) {
        return done(std::optional<model::GraphExecution>());
    }
    Result<std::vector<GraphExecutionId>> children = UnfinishedChildren(id);
    if (!children) return done(std::move(children).error());
    for (const GraphExecutionId& child : children.value()) StopRun(child, [] {});

    // Whoever comes first answers: the end of the run or the time limit.
    auto answered = std::make_shared<std::atomic<bool>>(false);
    timer_.After(parts_.stop_timeout, [=, timeout = parts_.stop_timeout] {
        if (answered->exchange(true)) return;
        done(Error{ErrorKind::kTimeout,
                   "Graph execution #" + id.text() + " will need to take longer than " +
                       SecondsText(timeout) +
                       " seconds to stop. You can check the status of the execution in the UI or "
                       "try again later.",
                   {}});
    });
    StopRun(id, [=] {
        if (!answered->exchange(true)) done(before);
    });
}

Result<std::vector<GraphExecutionId>> ExecutionService::UnfinishedChildren(
    const GraphExecutionId& id) {
    std::vector<GraphExecutionId> children;
    TRY(parts_.database.Read([&](storage::Stores& stores) -> Result<Ok> {
        std::deque<GraphExecutionId> parents = {id};
        while (!parents.empty() && children.size() < kChildrenMax) {
            storage::ExecutionFilter filter;
            filter.parent_id = parents.front();
            filter.statuses = kUnfinished;
            filter.limit = kChildrenMax;
            parents.pop_front();
            for (const model::GraphExecution& child : TRY(stores.executions.List(filter))) {
                children.push_back(child.id);
                parents.push_back(child.id);
            }
        }
        return Ok{};
    }));
    return children;
}

void ExecutionService::StopRun(const GraphExecutionId& id, std::function<void()> stopped) {
    if (parts_.engine.Stop(id, stopped)) return;
    // Not in the engine: nothing advances it any more. If it ended a moment ago, the record is
    // without effect.
    End(id, ExecutionStatus::kTerminated, "", std::move(stopped));
}

void ExecutionService::End(const GraphExecutionId& id, ExecutionStatus status, std::string error,
                           std::function<void()> ended) {
    storage::RunStatusChanged change;
    change.id = id;
    change.status = status;
    change.at = parts_.clock.Now();
    if (!error.empty()) {
        change.stats.emplace();
        change.stats->error = std::move(error);
    }
    storage::ExecutionJournal& journal = parts_.database.journal();
    std::vector<storage::JournalRecord> records;
    records.emplace_back(std::move(change));
    journal.OnDurable(journal.Append(std::move(records)), std::move(ended));
}

Result<size_t> ExecutionService::Recover() {
    std::vector<GraphExecutionId> ids;
    TRY(parts_.database.Read([&](storage::Stores& stores) -> Result<Ok> {
        ids = TRY(stores.executions.Unfinished());
        return Ok{};
    }));
    for (const GraphExecutionId& id : ids) TRY(ResumeRun(id));
    return ids.size();
}

Result<Ok> ExecutionService::ResumeRun(const GraphExecutionId& id) {
    std::optional<storage::StoredRun> run;
    std::optional<model::Graph> graph;
    TRY(parts_.database.Read([&](storage::Stores& stores) -> Result<Ok> {
        run = TRY(stores.executions.LoadRun(id));
        if (!run) return Ok{};
        const model::GraphExecution& execution = run->execution;
        graph = TRY(stores.graphs.Find(execution.graph_id, execution.graph_version, std::nullopt));
        return graph ? AttachSubGraphs(*graph, stores.graphs) : Result<Ok>(Ok{});
    }));
    if (!run) return Ok{};
    if (run->execution.parent_id) {
        End(id, ExecutionStatus::kTerminated, "", [] {});
        return Ok{};
    }
    if (!graph) {
        End(id, ExecutionStatus::kFailed, "The graph of this execution no longer exists.", [] {});
        return Ok{};
    }
    Result<Ok> resumed = parts_.engine.Resume(
        std::move(*run), std::make_shared<const model::Graph>(std::move(*graph)));
    if (resumed) return Ok{};
    LogError("executions", "an unfinished run cannot be resumed and ends as failed",
             {{"execution", id.text()}, {"error", resumed.error().message}});
    End(id, ExecutionStatus::kFailed, resumed.error().message, [] {});
    return Ok{};
}

}  // namespace yard::service
