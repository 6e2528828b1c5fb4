#include "host/engine/node_call.h"

#include "host/engine/run.h"

namespace yard::engine {

NodeCall::NodeCall(std::shared_ptr<Run> run, QueuedNode queued_node, const CompiledNode& node_,
                   NodeCallLimits limits)
    : node(node_),
      queued(std::move(queued_node)),
      outputs(std::move(queued.recorded_outputs)),
      run_(std::move(run)),
      rules_(*node.block, limits.outputs_max),
      emits_pending_max_(limits.emits_pending_max) {
    for (const auto& [pin, values] : outputs) recorded_.emplace_back(pin, values.size());
}

bool NodeCall::OnEmit(std::string_view pin, Value value) {
    if (!HasRoom()) return false;
    switch (rules_.OnOutput(pin, value)) {
        case BlockCallRules::Verdict::kForward:
            pending_.fetch_add(1);
            run_->Post(Run::Emitted{shared_from_this(), std::string(pin), std::move(value)});
            break;
        case BlockCallRules::Verdict::kBroken: run_->Post(Run::Broken{shared_from_this()}); break;
        case BlockCallRules::Verdict::kIgnore: break;
    }
    return true;
}

void NodeCall::OnDone(BlockOutcome outcome) {
    run_->Post(Run::Finished{shared_from_this(), rules_.Conclude(std::move(outcome))});
}

bool NodeCall::HasRoom() {
    if (pending_.load() < emits_pending_max_) return true;
    waiting_.store(true);
    // The run may have caught up in between and not seen the mark: then nobody would call Drain.
    // Whoever takes the mark back decides.
    if (pending_.load() > emits_pending_max_ / 2) return false;
    return waiting_.exchange(false);
}

void NodeCall::MakeRoom() {
    const size_t left = pending_.fetch_sub(1) - 1;
    if (left <= emits_pending_max_ / 2 && waiting_.load() && waiting_.exchange(false)) {
        task->Drain();
    }
}

bool NodeCall::TakeRecorded(std::string_view pin) {
    for (auto& [name, left] : recorded_) {
        if (name != pin || left == 0) continue;
        --left;
        return true;
    }
    return false;
}

model::NodeExecution NodeCall::Snapshot(const GraphExecutionId& run_id) const {
    model::NodeExecution snapshot;
    snapshot.id = queued.id;
    snapshot.graph_execution_id = run_id;
    snapshot.node_id = node.node->id;
    snapshot.block_id = node.node->block_id;
    snapshot.status = status;
    snapshot.input_data = queued.data;
    snapshot.has_execution_data = true;
    snapshot.output_data = outputs;
    snapshot.added_at = queued.added_at;
    snapshot.queued_at = queued.queued_at;
    snapshot.started_at = started_at;
    snapshot.ended_at = ended_at;
    snapshot.stats = stats;
    return snapshot;
}

}  // namespace yard::engine
