#pragma once

#include <string>

#include "base/value.h"
#include "host/model/execution.h"

namespace yard::engine {

// Watches one run: how a sub-agent's parent gets its results. Called from engine workers, one call
// at a time; must not block.
class RunObserver {
public:
    virtual ~RunObserver() = default;
    // An output node of the run finished: the name it has in the graph's output schema, and one
    // value.
    virtual void OnOutput(const std::string& name, const Value& value) = 0;
    // The run ended; durable by now.
    virtual void OnEnd(model::ExecutionStatus status, const model::GraphExecutionStats& stats) = 0;
};

// Follows every run of the server (WebSocket, SSE, notifications). Called from engine workers after
// each change; must not block. `Wants` is asked first, so that nothing is built for runs nobody
// watches.
class EventSink {
public:
    virtual ~EventSink() = default;
    virtual bool Wants(const model::GraphExecution& execution) = 0;
    virtual void OnNodeExecution(const model::GraphExecution& run,
                                 const model::NodeExecution& node) = 0;
    virtual void OnGraphExecution(const model::GraphExecution& run) = 0;
};

}  // namespace yard::engine
