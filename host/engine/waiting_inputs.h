// The executions of one node that still lack inputs.

#pragma once

#include <cstddef>
#include <deque>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/value.h"

namespace yard::engine {

struct WaitingExecution {
    NodeExecutionId id;
    Timestamp added_at;
    std::vector<std::pair<size_t, Value>> inputs;  // Pin index and value, in order of arrival.

    const Value* Find(size_t pin) const {
        for (const auto& [index, value] : inputs) {
            if (index == pin) return &value;
        }
        return nullptr;
    }
};

// Oldest first. A delivery on a pin goes to the oldest execution that lacks it, so the executions
// that have a pin are always the oldest ones: one number per pin says where the next value goes.
// Not thread-safe.
class WaitingInputs {
public:
    explicit WaitingInputs(size_t pins) : filled_(pins, 0) {}

    size_t size() const { return executions_.size(); }
    const WaitingExecution& at(size_t index) const { return executions_[index]; }

    // size() if every execution has the pin.
    size_t OldestLacking(size_t pin);
    void Fill(size_t index, size_t pin, Value value);
    void Add(WaitingExecution execution);
    WaitingExecution Take(size_t index);

private:
    std::deque<WaitingExecution> executions_;
    std::vector<size_t> filled_;  // Per pin: that many of the oldest executions have it.
};

}  // namespace yard::engine
