// blk.run/1: a block runs another graph as a child of its own run.

#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "host/plugin/block_runtime.h"
#include "host/plugin/call.h"
#include "host/plugin/services.h"

namespace yard::plugin {
namespace {

Value StatisticsOf(model::ExecutionStatus status, const model::GraphExecutionStats& stats) {
    ValueBuilder builder;
    builder.BeginObject()
        .Member("status", std::string(model::ToString(status)))
        .Member("cost", stats.cost)
        .Member("node_count", stats.node_count)
        .Member("node_error_count", stats.node_error_count)
        .Member("walltime", stats.walltime_s)
        .Member("cputime", stats.cputime_s);
    if (stats.error) builder.Member("error", *stats.error);
    return builder.EndObject().Take();
}

// Shared by the engine until the run ends.
class ChildObserver final : public engine::RunObserver {
public:
    ChildObserver(std::shared_ptr<Call> call, blk_op op) : call_(std::move(call)), op_(op) {}

    void OnOutput(const std::string& name, const Value& value) override {
        CallEvent event{.kind = BLK_EV_RUN_OUTPUT, .op = op_, .status = BLK_OK};
        event.bytes = name;
        event.data = value;
        call_->Post(std::move(event));
    }
    // How the run ended is in its statistics: a failed child is no failure of the operation.
    void OnEnd(model::ExecutionStatus status, const model::GraphExecutionStats& stats) override {
        CallEvent event{.kind = BLK_EV_END, .op = op_, .status = BLK_OK};
        event.data = StatisticsOf(status, stats);
        call_->Post(std::move(event));
    }

private:
    const std::shared_ptr<Call> call_;
    const blk_op op_;
};

blk_status StatusOf(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::kNotFound: return BLK_E_NOT_FOUND;
        case ErrorKind::kNotAllowed: return BLK_E_DENIED;
        case ErrorKind::kUnavailable: return BLK_E_IO;
        case ErrorKind::kInternal: return BLK_E_INTERNAL;
        default: return BLK_E_INVALID;
    }
}

Result<SubRunRequest> ReadRequest(const Call& call, const blk_run_request& raw) {
    SubRunRequest request;
    request.parent = &call.request();
    if (raw.graph_id.ptr == nullptr || raw.graph_version < 0 ||
        raw.graph_version > std::numeric_limits<int>::max()) {
        return Invalid("the graph to run is not named");
    }
    request.graph_id = GraphId(std::string(raw.graph_id.ptr, raw.graph_id.len));
    request.graph_version = static_cast<int>(raw.graph_version);
    request.inputs = TRY(ImportTape(raw.inputs));
    if (!request.inputs->IsObject()) return Invalid("the inputs of a graph must be an object");
    if (raw.nodes_input_masks.count > 0) {
        request.nodes_input_masks = TRY(ImportTape(raw.nodes_input_masks));
    }
    return request;
}

Result<SubRunRequest> Prepare(const Call& call, const blk_run_request* raw) {
    if (!BLK_HAS(raw, nodes_input_masks)) return Invalid("the request's table is too short");
    return ReadRequest(call, *raw);
}

blk_status StartRun(blk_call* raw_call, const blk_run_request* raw, blk_op* op) noexcept {
    Call* call = Call::Of(raw_call);
    if (op == nullptr) return BLK_E_INVALID;
    if (!call->IsActive()) return BLK_E_CANCELLED;
    SubRunStarter* starter = call->runtime().sub_runs();
    if (starter == nullptr) return BLK_E_UNSUPPORTED;
    auto request = Prepare(*call, raw);
    if (!request) {
        call->SetError(request.error().message);
        return StatusOf(request.error().kind);
    }
    *op = call->OpenOperation(CallOperation::Kind::kRun);
    if (*op == 0) return BLK_E_NOMEM;
    request.value().observer = std::make_shared<ChildObserver>(call->shared_from_this(), *op);
    auto run = starter->Start(std::move(request).value());
    if (!run) {
        call->CancelOperation(std::exchange(*op, 0));
        call->SetError(run.error().message);
        return StatusOf(run.error().kind);
    }
    call->NameOperation(*op, {.kind = CallOperation::Kind::kRun, .run = std::move(run).value()});
    return BLK_OK;
}

void CancelRun(blk_call* call, blk_op op) noexcept { Call::Of(call)->CancelOperation(op); }

}  // namespace

const blk_run_api kRunService{sizeof(blk_run_api), 0, StartRun, CancelRun};

}  // namespace yard::plugin
