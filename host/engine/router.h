// Carries outputs to the nodes that wait for them, and tells which executions have become complete.

#pragma once

#include <deque>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/value.h"
#include "host/engine/compiled_graph.h"
#include "host/engine/run_recorder.h"
#include "host/engine/waiting_inputs.h"
#include "host/model/execution.h"

namespace yard::engine {

// An execution whose inputs are complete.
struct QueuedNode {
    size_t node = 0;  // Index in the compiled graph.
    NodeExecutionId id;
    Value data;
    Timestamp added_at;
    Timestamp queued_at;
    // Of a resumed execution: what an earlier process recorded of it.
    std::vector<std::pair<std::string, std::vector<Value>>> recorded_outputs;
    int64_t retry_count = 0;
};

// The waiting inputs of one run. Used by whoever advances the run; not thread-safe.
class Router {
public:
    // `masks`: {node id: {input: value}} or null. The references must outlive the router.
    Router(const CompiledGraph& graph, Value masks, const model::GraphExecution& run,
           RunRecorder& recorder);

    // A new execution with resolved data: the start of a run.
    QueuedNode Queue(size_t node, Value data, Timestamp now);

    // Follows the links of `source` for one output, in graph order. Executions that became complete
    // are appended to `ready`.
    void Route(size_t source, std::string_view pin, const Value& value, Timestamp now,
               std::deque<QueuedNode>& ready);

    // Puts back what an earlier process left.
    void RestoreWaiting(size_t node, const model::NodeExecution& stored);
    void RestoreLatest(size_t node, Value data) { Remember(node, std::move(data)); }
    void CountRestored() { ++executions_; }

    // Node executions of the run so far.
    size_t executions() const { return executions_; }

private:
    struct Sink {
        std::unique_ptr<WaitingInputs> waiting;  // Made when first needed.
        Value latest;                            // Data of the latest execution that was queued.
        bool has_latest = false;
        View mask;  // Of this node, inside masks_.
    };

    void Deliver(const CompiledLink& link, const Value& value, Timestamp now,
                 std::deque<QueuedNode>& ready);
    void FillWaiting(const CompiledLink& link, size_t index, const Value& value, Timestamp now,
                     std::deque<QueuedNode>& ready);
    void CatchUp(size_t node, Timestamp now, std::deque<QueuedNode>& ready);
    bool HasAllPins(size_t node, const WaitingExecution& waiting) const;
    // The resolved data if the inputs are complete and right.
    std::optional<Value> Complete(size_t node, const WaitingExecution& waiting) const;
    QueuedNode Enqueue(size_t node, const WaitingExecution& waiting, Value data, bool is_new,
                       Timestamp now);
    void Remember(size_t node, Value data);
    void TellWaiting(size_t node, const WaitingExecution& waiting);

    const CompiledGraph& graph_;
    const Value masks_;
    const model::GraphExecution& run_;
    RunRecorder& recorder_;
    std::vector<Sink> sinks_;
    size_t executions_ = 0;
};

}  // namespace yard::engine
