#include "host/service/executions/sub_run_starter.h"

#include <utility>

namespace yard::service {

Result<GraphExecutionId> SubRunStarter::Start(plugin::SubRunRequest request) {
    const engine::BlockCall& parent = *request.parent;
    if (parent.graph_execution_id.empty()) {
        return Invalid("A block that is executed alone cannot run another graph.");
    }
    RunSubmission submission;
    submission.user = parent.user_id;
    submission.graph_id = request.graph_id;
    submission.version = request.graph_version;
    submission.run.inputs = std::move(request.inputs);
    submission.run.nodes_input_masks = std::move(request.nodes_input_masks);
    submission.context = parent.context;
    submission.context->parent_execution_id = parent.graph_execution_id;
    submission.observer = std::move(request.observer);
    return executions_.Start(std::move(submission), [] {});
}

void SubRunStarter::Stop(const GraphExecutionId& id) {
    engine_.Stop(id, [] {});
}

}  // namespace yard::service
