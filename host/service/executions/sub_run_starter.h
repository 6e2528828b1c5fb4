#pragma once

#include "host/engine/engine.h"
#include "host/plugin/sub_run.h"
#include "host/service/executions/execution_service.h"

namespace yard::service {

// Starts the runs of sub-agents: for the parent's user, inheriting the parent's context. Start
// reads the graph from the database on the calling worker, a matter of microseconds to few
// milliseconds, so that a wrong graph or input is the calling block's own error. Thread-safe.
class SubRunStarter final : public plugin::SubRunStarter {
public:
    // Both must outlive this.
    SubRunStarter(ExecutionService& executions, engine::Engine& engine)
        : executions_(executions), engine_(engine) {}

    Result<GraphExecutionId> Start(plugin::SubRunRequest request) override;
    void Stop(const GraphExecutionId& id) override;

private:
    ExecutionService& executions_;
    engine::Engine& engine_;
};

}  // namespace yard::service
