#include "host/engine/waiting_inputs.h"

namespace yard::engine {

size_t WaitingInputs::OldestLacking(size_t pin) {
    size_t& filled = filled_[pin];
    while (filled < executions_.size() && executions_[filled].Find(pin) != nullptr) ++filled;
    return filled;
}

void WaitingInputs::Fill(size_t index, size_t pin, Value value) {
    executions_[index].inputs.emplace_back(pin, std::move(value));
}

void WaitingInputs::Add(WaitingExecution execution) { executions_.push_back(std::move(execution)); }

WaitingExecution WaitingInputs::Take(size_t index) {
    WaitingExecution taken = std::move(executions_[index]);
    executions_.erase(executions_.begin() + static_cast<std::ptrdiff_t>(index));
    for (size_t& filled : filled_) {
        if (filled > index) --filled;
    }
    return taken;
}

}  // namespace yard::engine
