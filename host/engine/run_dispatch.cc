// The part of Run that begins and ends executions of nodes.

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "host/engine/json_length.h"
#include "host/engine/node_stats.h"
#include "host/engine/run.h"
#include "host/model/json_schema.h"
#include "host/model/well_known_blocks.h"

namespace yard::engine {
namespace {

using model::ExecutionStatus;

ExecutionStatus StatusOf(BlockResult result) {
    switch (result) {
        case BlockResult::kCompleted: return ExecutionStatus::kCompleted;
        case BlockResult::kFailed:
        case BlockResult::kUnexpected: return ExecutionStatus::kFailed;
        case BlockResult::kCancelled: return ExecutionStatus::kTerminated;
    }
    return ExecutionStatus::kFailed;
}

double Seconds(int64_t ns) { return static_cast<double>(ns) / 1e9; }

}  // namespace

storage::ExecutionJournal::Position Run::Create(const std::vector<RunRequest::Start>& starts) {
    const Timestamp now = environment_.parts.clock.Now();
    execution_.status = ExecutionStatus::kQueued;
    recorder_.Record(storage::RunCreated{execution_, setup_.context, setup_.nodes_to_skip,
                                         setup_.compiled_masks});
    for (const RunRequest::Start& start : starts) {
        const auto node = graph_->IndexOf(start.node_id);
        const model::BlockType* block = graph_->nodes()[*node].block;
        if (block != nullptr && block->kind == model::BlockKind::kNote) continue;
        ready_.push_back(router_.Queue(*node, start.input, now));
    }
    recorder_.Flush();
    return recorder_.last_position();
}

void Run::Restore(const std::vector<model::NodeExecution>& node_executions) {
    std::vector<Timestamp> latest(graph_->nodes().size());
    const bool has_totals = execution_.stats.has_value();
    if (has_totals) {
        stats_ = *execution_.stats;
        stats_.error.reset();
        walltime_before_s_ = stats_.walltime_s;
    }
    for (const model::NodeExecution& stored : node_executions) {
        const auto node = graph_->IndexOf(stored.node_id);
        if (!node) continue;  // Not of this version of the graph: nothing can reach it.
        if (stored.status == ExecutionStatus::kIncomplete) {
            router_.RestoreWaiting(*node, stored);
            continue;
        }
        router_.CountRestored();
        const Timestamp queued_at = stored.queued_at.value_or(stored.added_at);
        if (queued_at >= latest[*node]) {
            latest[*node] = queued_at;
            router_.RestoreLatest(*node, stored.input_data);
        }
        if (stored.status == ExecutionStatus::kCompleted ||
            stored.status == ExecutionStatus::kFailed) {
            const bool failed = stored.status == ExecutionStatus::kFailed;
            if (!has_totals) AddToTotals(stored.stats, failed, stats_);
            continue;
        }
        const int64_t begun_before =
            stored.started_at ? stored.stats["retry_count"].IntOr(0) + 1 : 0;
        ready_.push_back({*node, stored.id, stored.input_data, stored.added_at, queued_at,
                          stored.output_data, begun_before});
    }
    std::stable_sort(ready_.begin(), ready_.end(), [](const QueuedNode& a, const QueuedNode& b) {
        return a.queued_at < b.queued_at;
    });
}

bool Run::CanDispatch() const {
    return phase_ == Phase::kRunning && !draining_ && !ready_.empty() &&
           in_flight_.size() < environment_.options.node_executions_in_flight_max;
}

void Run::Dispatch() {
    QueuedNode queued = std::move(ready_.front());
    ready_.pop_front();
    const CompiledNode& node = graph_->nodes()[queued.node];
    if (skipped_[queued.node] || node.block == nullptr) {
        DispatchWithoutCall(std::move(queued), node);
        return;
    }
    auto call = std::make_shared<NodeCall>(
        shared_from_this(), std::move(queued), node,
        NodeCallLimits{environment_.options.outputs_per_node_execution_max,
                       environment_.options.emits_pending_max});
    AddInFlight(call);
    if (!environment_.charging->is_free()) {
        Charging::Price price =
            environment_.charging->PriceNext(execution_.user_id, *node.block, call->queued.data);
        if (price.total() > 0) {
            Charge(call, std::move(price));
            return;
        }
    }
    Begin(call);
}

// A node that is skipped ends at once, without outputs; one of an unknown block fails.
void Run::DispatchWithoutCall(QueuedNode queued, const CompiledNode& node) {
    const Timestamp now = environment_.parts.clock.Now();
    recorder_.Record(
        storage::NodeStatusChanged{queued.id, ExecutionStatus::kRunning, now, Value()});
    Value stats;
    ExecutionStatus status = ExecutionStatus::kCompleted;
    if (node.block == nullptr) {
        status = ExecutionStatus::kFailed;
        NodeUsage usage;
        usage.error = "Block for " + node.node->block_id.text() + " not found.";
        const Value error = Value::String(*usage.error);
        stats = EncodeNodeStats(usage);
        AddToTotals(stats, true, stats_);
        recorder_.Record(storage::NodeOutputAdded{queued.id, "error", error, now});
        router_.Route(queued.node, "error", error, now, ready_);
    }
    recorder_.Record(storage::NodeStatusChanged{queued.id, status, now, stats});
    if (!recorder_.watched() || node.block == nullptr) return;
    NodeCall call(shared_from_this(), std::move(queued), node, {});
    call.status = status;
    call.started_at = call.ended_at = now;
    recorder_.Tell(call.Snapshot(execution_.id));
}

void Run::Charge(const std::shared_ptr<NodeCall>& call, Charging::Price price) {
    auto take = [self = shared_from_this(), charging = environment_.charging, call,
                 price = std::move(price)] {
        const Charging::Item item{self->setup_.execution, *call->node.block, call->node.node->id,
                                  call->queued.id};
        self->Post(Charged{call, charging->Take(item, price)});
    };
    WorkerPool* pool = environment_.parts.blocking;
    // A full pool slows this run down instead of letting work pile up.
    if (pool == nullptr || !pool->Post(take)) take();
}

void Run::Handle(Charged event) {
    if (phase_ >= Phase::kEnded) return;
    NodeCall& call = *event.call;
    if (event.taken) {
        stats_.cost += event.taken.value();
        if (phase_ == Phase::kRunning) {
            Begin(event.call);
        } else {
            RecordEnd(call, ExecutionStatus::kTerminated, {});
            RemoveInFlight(call);
        }
        return;
    }
    std::string error = event.taken.error().message;
    const Timestamp now = environment_.parts.clock.Now();
    const Value text = Value::String(error);
    recorder_.Record(storage::NodeOutputAdded{call.queued.id, "error", text, now});
    AddOutput(call.outputs, "error", text);
    RecordEnd(call, ExecutionStatus::kFailed, {BlockResult::kFailed, error, Value(), 0});
    RemoveInFlight(call);
    Fail(std::move(error));
}

void Run::Begin(const std::shared_ptr<NodeCall>& call) {
    const Clock& clock = environment_.parts.clock;
    call->status = ExecutionStatus::kRunning;
    call->started_at = clock.Now();
    call->started_ns = clock.MonotonicNs();
    recorder_.Record(
        storage::NodeStatusChanged{call->queued.id, call->status, *call->started_at, Value()});
    if (recorder_.watched()) recorder_.Tell(call->Snapshot(execution_.id));
    Result<Value> input = MakeBlockInput(*call);
    if (!input) {
        Post(Finished{call, call->Conclude({BlockResult::kFailed, input.error().message, {}, 0})});
        return;
    }
    call->input_size = JsonLength(input.value());
    BlockCall request;
    request.block = call->node.block;
    request.input = std::move(input).value();
    request.user_id = execution_.user_id;
    request.graph_id = execution_.graph_id;
    request.graph_version = execution_.graph_version;
    request.graph_execution_id = execution_.id;
    request.node_id = call->node.node->id;
    request.node_execution_id = call->queued.id;
    request.context = setup_.context;
    request.nodes_input_masks = setup_.compiled_masks;
    call->task = environment_.parts.runtime.Start(std::move(request), call);
}

Result<Value> Run::MakeBlockInput(const NodeCall& call) const {
    const model::BlockType& block = *call.node.block;
    std::string unavailable = BlockUnavailableText(block);
    if (!unavailable.empty()) return Unavailable(std::move(unavailable));
    if (block.id.text() != model::kAgentExecutorBlock) return call.queued.data;
    // The data of a sub-agent node is what the sub-agent gets; the block's own input is around it.
    ValueBuilder own;
    own.BeginObject()
        .Member("inputs", call.queued.data)
        .Member("user_id", execution_.user_id.text());
    if (!setup_.compiled_masks->empty()) own.Member("nodes_input_masks", setup_.compiled_masks);
    Value input = model::Overlay(call.node.node->input_default, own.EndObject().Take());
    if (block.input_validator == nullptr) return input;
    const auto fault = block.input_validator->ValidateIgnoringNulls(input);
    if (fault) return Invalid("Unable to execute block with invalid input data: " + *fault);
    return input;
}

void Run::AddInFlight(const std::shared_ptr<NodeCall>& call) {
    call->slot = in_flight_.size();
    in_flight_.push_back(call);
    if (call->node.links.empty()) return;
    NodeCall::Queue& queue = calls_[call->queued.node];
    call->place = queue.insert(queue.end(), call);
}

void Run::RemoveInFlight(NodeCall& call) {
    const std::shared_ptr<NodeCall> keep = in_flight_[call.slot];
    in_flight_[call.slot] = std::move(in_flight_.back());
    in_flight_[call.slot]->slot = call.slot;
    in_flight_.pop_back();
    call.task = nullptr;
    if (call.node.links.empty()) return;
    const bool was_first = IsFirst(call);
    calls_[call.queued.node].erase(call.place);
    if (was_first) LetNextDeliver(call.queued.node);
}

// Outputs of a node travel in the order in which its executions were dispatched. Where they travel
// nowhere, nobody has to wait.
bool Run::IsFirst(const NodeCall& call) const {
    return call.node.links.empty() || calls_[call.queued.node].front().get() == &call;
}

void Run::LetNextDeliver(size_t node) {
    if (calls_[node].empty()) return;
    const std::shared_ptr<NodeCall>& next = calls_[node].front();
    // In front of what came later.
    if (next->held_outcome) events_.push_front(Finished{next, std::move(*next->held_outcome)});
    next->held_outcome.reset();
    for (auto output = next->held.rbegin(); output != next->held.rend(); ++output) {
        events_.push_front(Emitted{next, std::move(output->pin), std::move(output->value)});
    }
    next->held.clear();
}

void Run::Handle(Emitted event) {
    if (phase_ != Phase::kRunning) return;
    NodeCall& call = *event.call;
    if (!IsFirst(call)) {
        call.held.push_back({std::move(event.pin), std::move(event.value)});
        return;
    }
    call.output_size += JsonLength(event.value);
    if (!call.TakeRecorded(event.pin)) Deliver(call, event.pin, event.value);
    call.MakeRoom();
}

void Run::Deliver(NodeCall& call, std::string_view pin, const Value& value) {
    const Timestamp now = environment_.parts.clock.Now();
    recorder_.Record(storage::NodeOutputAdded{call.queued.id, std::string(pin), value, now});
    AddOutput(call.outputs, pin, value);
    if (recorder_.watched()) recorder_.Tell(call.Snapshot(execution_.id));
    router_.Route(call.queued.node, pin, value, now, ready_);
    const size_t executions_max = environment_.options.node_executions_per_run_max;
    if (router_.executions() <= executions_max) return;
    Fail("The run was stopped after " + std::to_string(executions_max) +
         " node executions, the limit for one run. Check the graph for a loop that never ends.");
}

void Run::Handle(Broken event) {
    if (event.call->task != nullptr) event.call->task->Cancel();
}

void Run::Handle(Finished event) {
    if (phase_ >= Phase::kEnded) return;
    if (event.call->status != ExecutionStatus::kRunning) return;  // Abandoned.
    if (phase_ == Phase::kEnding) {
        RecordEnd(*event.call, ExecutionStatus::kTerminated, std::move(event.outcome));
        RemoveInFlight(*event.call);
    } else if (!IsFirst(*event.call)) {
        event.call->held_outcome = std::move(event.outcome);
    } else {
        Conclude(event.call, std::move(event.outcome));
    }
}

void Run::Conclude(const std::shared_ptr<NodeCall>& call, BlockOutcome outcome) {
    const ExecutionStatus status = StatusOf(outcome.result);
    if (status == ExecutionStatus::kFailed && !call->TakeRecorded("error")) {
        Deliver(*call, "error", Value::String(outcome.error));
    }
    RecordEnd(*call, status, std::move(outcome));
    TellObserver(*call);
    RemoveInFlight(*call);
    TellRun();
}

void Run::RecordEnd(NodeCall& call, ExecutionStatus status, BlockOutcome outcome) {
    const Clock& clock = environment_.parts.clock;
    NodeUsage usage;
    const bool failed = status == ExecutionStatus::kFailed;
    if (failed) usage.error = outcome.error;
    if (call.started_ns != 0) usage.walltime_s = Seconds(clock.MonotonicNs() - call.started_ns);
    usage.cputime_s = outcome.cpu_s;
    usage.input_size = call.input_size;
    usage.output_size = call.output_size;
    usage.retry_count = call.queued.retry_count;
    usage.reported = std::move(outcome.stats);
    call.status = status;
    call.stats = EncodeNodeStats(usage);
    call.ended_at = clock.Now();
    AddToTotals(call.stats, failed, stats_);
    recorder_.Record(
        storage::NodeStatusChanged{call.queued.id, status, *call.ended_at, call.stats});
    if (recorder_.watched()) recorder_.Tell(call.Snapshot(execution_.id));
}

void Run::TellObserver(const NodeCall& call) {
    if (setup_.observer == nullptr || call.node.block->kind != model::BlockKind::kOutput) return;
    const View name = call.queued.data["name"];
    if (!name.IsString()) return;
    for (const auto& [pin, values] : call.outputs) {
        if (pin != "output") continue;
        for (const Value& value : values) {
            setup_.observer->OnOutput(std::string(name.AsString()), value);
        }
    }
}

}  // namespace yard::engine
