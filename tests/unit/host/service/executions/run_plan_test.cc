#include "host/service/executions/run_plan.h"

#include "tests/unit/host/service/host_fixture.h"

namespace yard::service {
namespace {

using model::Json;

class RunPlanTest : public HostTest {
protected:
    Result<RunPlan> Plan(model::Graph graph, const char* inputs = R"({"n":1})") {
        RunInputs run;
        run.inputs = Json(inputs);
        return PlanRun(UserId("alice"), graph, run, catalog_, credentials_);
    }
};

TEST_F(RunPlanTest, InputNodesStartWithTheirValues) {
    Result<RunPlan> plan = Plan(AddingGraph(), R"({"n":5,"unknown":1})");
    ASSERT_TRUE(plan.ok()) << plan.error().message;
    ASSERT_EQ(plan.value().starts.size(), 1u);
    EXPECT_EQ(plan.value().starts[0].node_id.text(), "in");
    EXPECT_EQ(plan.value().starts[0].input["value"].AsInt(), 5);
}

TEST_F(RunPlanTest, AGraphWithoutNodesCannotStart) {
    Result<RunPlan> plan = Plan(model::Graph());
    ASSERT_FALSE(plan.ok());
    EXPECT_EQ(plan.error().kind, ErrorKind::kInvalid);
    EXPECT_TRUE(plan.error().message.starts_with("No starting nodes found for the graph"));
}

TEST_F(RunPlanTest, MissingInputsAreReportedPerNode) {
    model::Graph graph = AddingGraph();
    graph.nodes.push_back(model::MakeNode("lonely", model::kCalculator));
    Result<RunPlan> plan = Plan(graph);
    ASSERT_FALSE(plan.ok());
    Value detail = Json(plan.error().detail_json);
    EXPECT_EQ(detail["type"].StringOr(""), "validation_error");
    EXPECT_TRUE(detail["node_errors"]["lonely"].Has("a"));
}

TEST_F(RunPlanTest, ALoopWithoutAStartCannotRun) {
    model::Graph graph;
    graph.nodes = {model::MakeNode("x", model::kCalculator, R"({"operation":"Add","b":1})"),
                   model::MakeNode("y", model::kCalculator, R"({"operation":"Add","b":1})")};
    graph.links = {model::MakeLink("x", "result", "y", "a"),
                   model::MakeLink("y", "result", "x", "a")};
    Result<RunPlan> plan = Plan(graph);
    ASSERT_FALSE(plan.ok());
    EXPECT_TRUE(plan.error().message.starts_with("No starting nodes")) << plan.error().message;
}

TEST_F(RunPlanTest, TheServersCredentialsAreInTheMasks) {
    credentials::Credential openai;
    openai.id = CredentialsId("system-openai");
    openai.provider = "openai";
    credentials_.SetDefault(openai);
    model::Graph graph;
    graph.nodes = {model::MakeNode("llm", kLlmBlock, R"({"prompt":"hi"})")};
    Result<RunPlan> plan = Plan(graph);
    ASSERT_TRUE(plan.ok()) << plan.error().message;
    EXPECT_EQ(plan.value().compiled_masks["llm"]["credentials"]["id"].StringOr(""),
              "system-openai");
    EXPECT_EQ(plan.value().starts[0].input["credentials"]["provider"].StringOr(""), "openai");
}

}  // namespace
}  // namespace yard::service
