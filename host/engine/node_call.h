// One execution of a node, from its dispatch until its end is recorded.

#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/engine/block_execution.h"
#include "host/engine/block_runtime.h"
#include "host/engine/compiled_graph.h"
#include "host/engine/router.h"
#include "host/model/execution.h"

namespace yard::engine {

class Run;

struct NodeCallLimits {
    size_t outputs_max;
    size_t emits_pending_max;
};

// Shared by the run and by the runtime, until OnDone has returned.
class NodeCall final : public BlockCallSink, public std::enable_shared_from_this<NodeCall> {
public:
    NodeCall(std::shared_ptr<Run> run, QueuedNode queued, const CompiledNode& node,
             NodeCallLimits limits);

    // From the runtime's threads; one at a time.
    bool OnEmit(std::string_view pin, Value value) override;
    void OnDone(BlockOutcome outcome) override;

    // Everything below belongs to whoever advances the run.

    BlockOutcome Conclude(BlockOutcome reported) const { return rules_.Conclude(reported); }
    // One output was dealt with: a block that waits for room goes on.
    void MakeRoom();
    // Whether an earlier process recorded and delivered this output. Consumes it.
    bool TakeRecorded(std::string_view pin);
    model::NodeExecution Snapshot(const GraphExecutionId& run_id) const;

    struct HeldOutput {
        std::string pin;
        Value value;
    };
    using Queue = std::list<std::shared_ptr<NodeCall>>;

    const CompiledNode& node;
    QueuedNode queued;
    std::shared_ptr<BlockTask> task;  // Shared with the runtime. Null before the start.
    model::ExecutionStatus status = model::ExecutionStatus::kQueued;
    std::optional<Timestamp> started_at;
    std::optional<Timestamp> ended_at;
    int64_t started_ns = 0;
    int64_t input_size = 0;
    int64_t output_size = 0;
    BlockOutputs outputs;  // Recorded ones.
    Value stats;

    size_t slot = 0;        // In the run's list of calls in flight.
    Queue::iterator place;  // Among the calls of its node, if the node has links.
    // What came while an earlier execution of the node was not finished.
    std::vector<HeldOutput> held;
    std::optional<BlockOutcome> held_outcome;

private:
    bool HasRoom();

    const std::shared_ptr<Run> run_;  // Shared with the engine; calls may outlive their run.
    BlockCallRules rules_;
    const size_t emits_pending_max_;
    std::atomic<size_t> pending_{0};    // Outputs taken and not dealt with.
    std::atomic<bool> waiting_{false};  // The block was refused and needs a Drain.
    std::vector<std::pair<std::string, size_t>> recorded_;  // Left per pin.
};

}  // namespace yard::engine
