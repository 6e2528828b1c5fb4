#include "host/service/executions/sub_run_starter.h"

#include "tests/unit/host/service/host_fixture.h"

namespace yard::service {
namespace {

class SubRunStarterTest : public HostTest {
protected:
    SubRunStarterTest() {
        AddUser("alice", "a@example.com");
        graph_ = graphs_.Create(UserId("alice"), AddingGraph()).value();
        parent_.user_id = UserId("alice");
        parent_.graph_execution_id = GraphExecutionId("parent");
        parent_.context.root_execution_id = GraphExecutionId("root");
        parent_.context.user_timezone = "Asia/Tokyo";
    }
    plugin::SubRunRequest Request() {
        plugin::SubRunRequest request;
        request.parent = &parent_;
        request.graph_id = graph_.id;
        request.graph_version = 1;
        request.inputs = model::Json(R"({"n":2})");
        return request;
    }

    model::Graph graph_;
    engine::BlockCall parent_;
    SubRunStarter starter_{*executions_, engine_};
};

TEST_F(SubRunStarterTest, TheChildInheritsTheParentsContext) {
    Result<GraphExecutionId> id = starter_.Start(Request());
    ASSERT_TRUE(id.ok()) << id.error().message;
    ASSERT_EQ(engine_.submitted().size(), 1u);
    engine::RunRequest run = engine_.submitted()[0];
    EXPECT_EQ(run.execution.id, id.value());
    EXPECT_EQ(run.execution.parent_id, GraphExecutionId("parent"));
    EXPECT_EQ(run.context.root_execution_id, GraphExecutionId("root"));
    EXPECT_EQ(run.context.user_timezone, "Asia/Tokyo");
}

TEST_F(SubRunStarterTest, WrongGraphsAndForeignOnesAreTheCallersError) {
    plugin::SubRunRequest request = Request();
    request.graph_version = 5;
    EXPECT_EQ(starter_.Start(request).error().kind, ErrorKind::kInvalid);
    parent_.user_id = UserId("bob");
    EXPECT_EQ(starter_.Start(Request()).error().kind, ErrorKind::kNotAllowed);
}

TEST_F(SubRunStarterTest, ABlockRunAloneStartsNothing) {
    parent_.graph_execution_id = GraphExecutionId();
    EXPECT_FALSE(starter_.Start(Request()).ok());
    EXPECT_TRUE(engine_.submitted().empty());
}

TEST_F(SubRunStarterTest, StopAsksTheEngineAndIgnoresStrangers) {
    GraphExecutionId id = starter_.Start(Request()).value();
    starter_.Stop(GraphExecutionId("unknown"));
    starter_.Stop(id);
    EXPECT_EQ(engine_.stopped(), std::vector<std::string>{id.text()});
}

}  // namespace
}  // namespace yard::service
