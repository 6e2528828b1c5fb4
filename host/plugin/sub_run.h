// How a block runs another graph: the port between the runtime and whoever starts executions.

#pragma once

#include <memory>

#include "base/id.h"
#include "base/result.h"
#include "base/value.h"
#include "host/engine/block_runtime.h"
#include "host/engine/run_observer.h"

namespace yard::plugin {

struct SubRunRequest {
    const engine::BlockCall* parent = nullptr;  // Valid during Start.
    GraphId graph_id;
    int graph_version = 0;
    Value inputs;             // Object: name of an input of the graph -> value.
    Value nodes_input_masks;  // Object, or null.
    // Called until OnEnd, possibly before Start returns.
    std::shared_ptr<engine::RunObserver> observer;
};

// Thread-safe. Called on workers: must not wait for the run.
class SubRunStarter {
public:
    virtual ~SubRunStarter() = default;
    virtual Result<GraphExecutionId> Start(SubRunRequest request) = 0;
    // Asks the run to stop; unknown and finished ones are ignored.
    virtual void Stop(const GraphExecutionId& id) = 0;
};

}  // namespace yard::plugin
