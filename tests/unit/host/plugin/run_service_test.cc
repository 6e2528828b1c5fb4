#include <gmock/gmock.h>

#include "tests/unit/host/plugin/runtime_fixture.h"

namespace yard {
namespace {

using engine::BlockResult;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FakeSubRuns final : public plugin::SubRunStarter {
public:
    Result<GraphExecutionId> Start(plugin::SubRunRequest request) override {
        if (refusal) return *refusal;
        parent_node = request.parent->node_id;
        started = std::move(request);
        return GraphExecutionId("child-run");
    }
    void Stop(const GraphExecutionId& id) override { stopped.push_back(id.text()); }

    std::optional<Error> refusal;
    plugin::SubRunRequest started;
    NodeId parent_node;
    std::vector<std::string> stopped;
};

class RunServiceTest : public testing::RuntimeTest {
protected:
    static constexpr int kRunsGraph = 22;
    RunServiceTest() { runtime_->SetSubRunStarter(&sub_runs); }

    FakeSubRuns sub_runs;
    std::shared_ptr<testing::RecordingSink> sink = std::make_shared<testing::RecordingSink>();
};

TEST_F(RunServiceTest, OutputsAndEndOfTheChildReachTheBlock) {
    Start(kRunsGraph, sink, R"({"a":1})");
    EXPECT_EQ(sub_runs.started.graph_id.text(), "child");
    EXPECT_EQ(sub_runs.started.graph_version, 3);
    EXPECT_EQ(WriteJson(sub_runs.started.inputs), R"({"a":1})");
    EXPECT_EQ(sub_runs.parent_node.text(), "node");
    sub_runs.started.observer->OnOutput("answer", Value::Int(42));
    sub_runs.started.observer->OnEnd(model::ExecutionStatus::kFailed, {});
    EXPECT_EQ(sink->Wait().result, BlockResult::kCompleted);
    EXPECT_THAT(sink->emitted(), ElementsAre("out=\"answer\"", "out=\"FAILED\""));
    EXPECT_THAT(sub_runs.stopped, IsEmpty());
}

TEST_F(RunServiceTest, CancellingTheParentStopsTheChild) {
    const auto task = Start(kRunsGraph, sink);
    task->Cancel();
    EXPECT_EQ(sink->Wait().result, BlockResult::kCancelled);
    EXPECT_THAT(sub_runs.stopped, ElementsAre("child-run"));
}

TEST_F(RunServiceTest, RefusedChildFailsTheBlockWithTheReason) {
    sub_runs.refusal = NotFound("Graph #child not found.");
    const auto outcome = Run(kRunsGraph);
    EXPECT_EQ(outcome.result, BlockResult::kFailed);
    EXPECT_EQ(outcome.error, "Graph #child not found.");
    EXPECT_THAT(sub_runs.stopped, IsEmpty());
}

TEST_F(RunServiceTest, WithoutAStarterTheServiceSaysSo) {
    runtime_->SetSubRunStarter(nullptr);
    EXPECT_EQ(Run(kRunsGraph).result, BlockResult::kFailed);
}

}  // namespace
}  // namespace yard
