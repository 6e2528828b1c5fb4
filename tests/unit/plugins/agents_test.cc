#include <gmock/gmock.h>

#include "tests/unit/plugins/plugin_fixture.h"

namespace yard {
namespace {

using engine::BlockResult;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FakeChildRuns final : public plugin::SubRunStarter {
public:
    Result<GraphExecutionId> Start(plugin::SubRunRequest request) override {
        if (refusal) return *refusal;
        started = std::move(request);
        return GraphExecutionId("child-run");
    }
    void Stop(const GraphExecutionId& id) override { stopped.push_back(id.text()); }

    std::optional<Error> refusal;
    plugin::SubRunRequest started;
    std::vector<std::string> stopped;
};

class AgentExecutorTest : public testing::PluginTest {
protected:
    AgentExecutorTest() { runtime_->SetSubRunStarter(&children); }

    static std::string Input(const std::string& more = "") {
        return R"({"user_id":"user","graph_id":"g1","graph_version":4,"inputs":{"a":1},)"
               R"("input_schema":{},"output_schema":{})" +
               more + "}";
    }
    FakeChildRuns children;
};

TEST_F(AgentExecutorTest, StartsTheChildWithItsInputsAndMasks) {
    Start("AgentExecutorBlock", Input(R"(,"nodes_input_masks":{"n":{"x":2}})"));
    EXPECT_EQ(children.started.graph_id.text(), "g1");
    EXPECT_EQ(children.started.graph_version, 4);
    EXPECT_EQ(WriteJson(children.started.inputs), R"({"a":1})");
    EXPECT_EQ(WriteJson(children.started.nodes_input_masks), R"({"n":{"x":2}})");
    children.started.observer->OnEnd(model::ExecutionStatus::kCompleted, {});
    EXPECT_EQ(sink_->Wait().result, BlockResult::kCompleted);
}

TEST_F(AgentExecutorTest, ChildOutputsLeaveUnderTheirNamesAsTheyArrive) {
    Start("AgentExecutorBlock", Input());
    children.started.observer->OnOutput("answer", Value::Int(42));
    sink_->WaitForEmits(1);
    EXPECT_FALSE(sink_->is_done());
    children.started.observer->OnOutput("second", Value::String("x"));
    children.started.observer->OnEnd(model::ExecutionStatus::kCompleted, {});
    EXPECT_EQ(sink_->Wait().result, BlockResult::kCompleted);
    EXPECT_THAT(sink_->emitted(), ElementsAre("answer=42", "second=\"x\""));
}

TEST_F(AgentExecutorTest, CostAndStepsOfTheChildAreReported) {
    Start("AgentExecutorBlock", Input());
    model::GraphExecutionStats stats;
    stats.cost = 7;
    stats.node_count = 3;
    children.started.observer->OnEnd(model::ExecutionStatus::kCompleted, stats);
    const auto outcome = sink_->Wait();
    EXPECT_EQ(outcome.stats["extra_cost"].AsDouble(), 7);
    EXPECT_EQ(outcome.stats["extra_steps"].AsDouble(), 3);
}

TEST_F(AgentExecutorTest, FailedChildDoesNotFailTheParent) {
    for (const auto status :
         {model::ExecutionStatus::kFailed, model::ExecutionStatus::kTerminated}) {
        Start("AgentExecutorBlock", Input());
        children.started.observer->OnOutput("partial", Value::Bool(true));
        model::GraphExecutionStats stats;
        stats.error = "a node broke";
        children.started.observer->OnEnd(status, stats);
        EXPECT_EQ(sink_->Wait().result, BlockResult::kCompleted);
        EXPECT_THAT(sink_->emitted(), ElementsAre("partial=true"));
    }
}

TEST_F(AgentExecutorTest, ChildThatCannotBeStartedFailsTheParent) {
    children.refusal = NotFound("Graph #g1 not found.");
    const auto outcome = Run("AgentExecutorBlock", Input());
    EXPECT_EQ(outcome.result, BlockResult::kFailed);
    EXPECT_EQ(outcome.error, "the graph g1 could not be started");
    EXPECT_THAT(sink_->emitted(), IsEmpty());
}

TEST_F(AgentExecutorTest, CancellingStopsTheChild) {
    Start("AgentExecutorBlock", Input())->Cancel();
    EXPECT_EQ(sink_->Wait().result, BlockResult::kCancelled);
    EXPECT_THAT(children.stopped, ElementsAre("child-run"));
}

TEST_F(AgentExecutorTest, NegativeVersionIsRefused) {
    const auto outcome =
        Run("AgentExecutorBlock",
            R"({"user_id":"u","graph_id":"g","graph_version":-1,"inputs":{},"input_schema":{},)"
            R"("output_schema":{}})");
    EXPECT_EQ(outcome.result, BlockResult::kFailed);
}

}  // namespace
}  // namespace yard
