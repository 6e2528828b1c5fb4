#include "host/engine/router.h"

#include <optional>
#include <string>

#include "base/log.h"
#include "base/uuid.h"
#include "host/model/dynamic_pins.h"

namespace yard::engine {

using model::ExecutionStatus;

Router::Router(const CompiledGraph& graph, Value masks, const model::GraphExecution& run,
               RunRecorder& recorder)
    : graph_(graph),
      masks_(std::move(masks)),
      run_(run),
      recorder_(recorder),
      sinks_(graph.nodes().size()) {
    if (masks_->empty()) return;
    for (size_t i = 0; i < sinks_.size(); ++i) {
        sinks_[i].mask = masks_[graph.nodes()[i].node->id.text()];
    }
}

QueuedNode Router::Queue(size_t node, Value data, Timestamp now) {
    ++executions_;
    return Enqueue(node, {NodeExecutionId(NewOrderedUuid()), now, {}}, std::move(data), true, now);
}

void Router::Route(size_t source, std::string_view pin, const Value& value, Timestamp now,
                   std::deque<QueuedNode>& ready) {
    for (const CompiledLink& link : graph_.nodes()[source].links) {
        auto selected = model::SelectOutput(pin, value, link.link->source_name,
                                            {link.link->sink_id, link.link->sink_name});
        if (!selected) {
            LogWarning("engine", "an output could not follow a link",
                       {{"execution", run_.id.text()},
                        {"link", link.link->id},
                        {"reason", selected.error().message}});
            continue;
        }
        if (selected.value()) Deliver(link, *selected.value(), now, ready);
    }
}

void Router::Deliver(const CompiledLink& link, const Value& value, Timestamp now,
                     std::deque<QueuedNode>& ready) {
    Sink& sink = sinks_[link.sink];
    const size_t oldest = sink.waiting ? sink.waiting->OldestLacking(link.sink_pin) : 0;
    if (sink.waiting && oldest < sink.waiting->size()) {
        FillWaiting(link, oldest, value, now, ready);
        return;
    }
    ++executions_;
    WaitingExecution fresh{NodeExecutionId(NewOrderedUuid()), now, {{link.sink_pin, value}}};
    if (std::optional<Value> data = Complete(link.sink, fresh)) {
        ready.push_back(Enqueue(link.sink, fresh, std::move(*data), true, now));
        if (link.link->is_static) CatchUp(link.sink, now, ready);
        return;
    }
    const CompiledNode& node = graph_.nodes()[link.sink];
    recorder_.Record(
        storage::NodeAdded{fresh.id, run_.id, node.node->id, node.node->block_id, now});
    recorder_.Record(storage::NodeInputAdded{fresh.id, node.pins[link.sink_pin].name, value, now});
    if (recorder_.watched()) TellWaiting(link.sink, fresh);
    if (!sink.waiting) sink.waiting = std::make_unique<WaitingInputs>(node.pins.size());
    sink.waiting->Add(std::move(fresh));
}

void Router::FillWaiting(const CompiledLink& link, size_t index, const Value& value, Timestamp now,
                         std::deque<QueuedNode>& ready) {
    WaitingInputs& waiting = *sinks_[link.sink].waiting;
    waiting.Fill(index, link.sink_pin, value);
    std::optional<Value> data = Complete(link.sink, waiting.at(index));
    if (!data) {
        recorder_.Record(storage::NodeInputAdded{
            waiting.at(index).id, graph_.nodes()[link.sink].pins[link.sink_pin].name, value, now});
        if (recorder_.watched()) TellWaiting(link.sink, waiting.at(index));
        return;
    }
    ready.push_back(Enqueue(link.sink, waiting.Take(index), std::move(*data), false, now));
    if (link.link->is_static) CatchUp(link.sink, now, ready);
}

// A static value has arrived: it may be all that other executions of the sink were waiting for.
void Router::CatchUp(size_t node, Timestamp now, std::deque<QueuedNode>& ready) {
    if (!sinks_[node].waiting) return;
    WaitingInputs& waiting = *sinks_[node].waiting;
    for (size_t index = waiting.size(); index-- > 0;) {
        std::optional<Value> data = Complete(node, waiting.at(index));
        if (!data) continue;
        ready.push_back(Enqueue(node, waiting.Take(index), std::move(*data), false, now));
    }
}

bool Router::HasAllPins(size_t node, const WaitingExecution& waiting) const {
    const Sink& sink = sinks_[node];
    const std::vector<CompiledPin>& pins = graph_.nodes()[node].pins;
    for (size_t pin = 0; pin < pins.size(); ++pin) {
        if (!pins[pin].required || waiting.Find(pin) != nullptr) continue;
        if (pins[pin].is_static && sink.has_latest) continue;
        if (!sink.mask.Has(pins[pin].name)) return false;
    }
    return true;
}

std::optional<Value> Router::Complete(size_t node, const WaitingExecution& waiting) const {
    const CompiledNode& target = graph_.nodes()[node];
    const Sink& sink = sinks_[node];
    if (!target.plan || !HasAllPins(node, waiting)) return std::nullopt;
    ValueBuilder builder;
    builder.BeginObject();
    for (const auto& [pin, value] : waiting.inputs) builder.Member(target.pins[pin].name, value);
    if (target.has_static_pins && sink.has_latest) {
        for (size_t pin = 0; pin < target.pins.size(); ++pin) {
            if (!target.pins[pin].is_static || waiting.Find(pin) != nullptr) continue;
            // Null when the latest execution had none: that counts as a value.
            builder.Member(target.pins[pin].name, sink.latest[target.pins[pin].name]);
        }
    }
    Value data = builder.EndObject().Take();
    if (!sink.mask.empty()) data = model::Overlay(data, sink.mask);
    Result<Value> prepared = target.plan->Prepare(data);
    if (prepared) return std::move(prepared).value();
    LogDebug("engine", "an execution of a node stays incomplete",
             {{"execution", run_.id.text()},
              {"node", target.node->id.text()},
              {"reason", prepared.error().message}});
    return std::nullopt;
}

QueuedNode Router::Enqueue(size_t node, const WaitingExecution& waiting, Value data, bool is_new,
                           Timestamp now) {
    const model::Node& target = *graph_.nodes()[node].node;
    recorder_.Record(
        storage::NodeQueued{waiting.id, run_.id, target.id, target.block_id, data, now, is_new});
    if (recorder_.watched()) {
        model::NodeExecution event;
        event.id = waiting.id;
        event.graph_execution_id = run_.id;
        event.node_id = target.id;
        event.block_id = target.block_id;
        event.status = ExecutionStatus::kQueued;
        event.input_data = data;
        event.has_execution_data = true;
        event.added_at = waiting.added_at;
        event.queued_at = now;
        recorder_.Tell(std::move(event));
    }
    Remember(node, data);
    return {node, waiting.id, std::move(data), waiting.added_at, now, {}, 0};
}

void Router::Remember(size_t node, Value data) {
    if (!graph_.nodes()[node].has_static_pins) return;  // Nobody would ask.
    sinks_[node].latest = std::move(data);
    sinks_[node].has_latest = true;
}

void Router::TellWaiting(size_t node, const WaitingExecution& waiting) {
    const CompiledNode& target = graph_.nodes()[node];
    ValueBuilder inputs;
    inputs.BeginObject();
    for (const auto& [pin, value] : waiting.inputs) inputs.Member(target.pins[pin].name, value);
    model::NodeExecution event;
    event.id = waiting.id;
    event.graph_execution_id = run_.id;
    event.node_id = target.node->id;
    event.block_id = target.node->block_id;
    event.input_data = inputs.EndObject().Take();
    event.added_at = waiting.added_at;
    recorder_.Tell(std::move(event));
}

void Router::RestoreWaiting(size_t node, const model::NodeExecution& stored) {
    ++executions_;
    const std::vector<CompiledPin>& pins = graph_.nodes()[node].pins;
    WaitingExecution waiting{stored.id, stored.added_at, {}};
    for (auto [name, value] : stored.input_data->members()) {
        for (size_t pin = 0; pin < pins.size(); ++pin) {
            if (pins[pin].name != name) continue;
            waiting.inputs.emplace_back(pin, stored.input_data.Share(value));
        }
    }
    Sink& sink = sinks_[node];
    if (!sink.waiting) sink.waiting = std::make_unique<WaitingInputs>(pins.size());
    sink.waiting->Add(std::move(waiting));
}

}  // namespace yard::engine
