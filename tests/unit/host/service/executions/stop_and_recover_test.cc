#include <future>

#include "host/service/executions/execution_service.h"
#include "tests/unit/host/service/host_fixture.h"

namespace yard::service {
namespace {

using model::ExecutionStatus;
using StopAnswer = Result<std::optional<model::GraphExecution>>;

class StopAndRecoverTest : public HostTest {
protected:
    StopAndRecoverTest() {
        AddUser("alice", "a@example.com");
        graph_ = graphs_.Create(alice_, AddingGraph()).value();
    }
    model::GraphExecution Started(std::optional<GraphExecutionId> parent = std::nullopt) {
        RunSubmission submission = Submission("alice", graph_);
        if (parent) {
            submission.context.emplace();
            submission.context->parent_execution_id = parent;
        }
        auto run = Submit(submission);
        EXPECT_TRUE(run.ok()) << (run ? "" : run.error().message);
        return run.value();
    }
    StopAnswer Stop(const GraphExecutionId& id, const std::string& user = "alice") {
        std::promise<StopAnswer> answer;
        executions_->Stop(UserId(user), graph_.id, id,
                          [&](StopAnswer stopped) { answer.set_value(std::move(stopped)); });
        return answer.get_future().get();
    }
    ExecutionStatus StatusOf(const GraphExecutionId& id) {
        database_->journal().Flush();
        return executions_->Get(alice_, graph_.id, id).value().execution.status;
    }

    const UserId alice_{"alice"};
    model::Graph graph_;
};

TEST_F(StopAndRecoverTest, StopAnswersWithTheRunAsItWas) {
    model::GraphExecution run = Started();
    StopAnswer stopped = Stop(run.id);
    ASSERT_TRUE(stopped.ok()) << stopped.error().message;
    ASSERT_TRUE(stopped.value());
    EXPECT_EQ(stopped.value()->status, ExecutionStatus::kQueued);
    EXPECT_EQ(StatusOf(run.id), ExecutionStatus::kTerminated);
}

TEST_F(StopAndRecoverTest, NothingIsStoppedForStrangersUnknownAndFinishedRuns) {
    model::GraphExecution run = Started();
    EXPECT_FALSE(Stop(run.id, "bob").value());
    EXPECT_FALSE(Stop(GraphExecutionId("unknown")).value());
    EXPECT_EQ(StatusOf(run.id), ExecutionStatus::kQueued);
    ASSERT_TRUE(Stop(run.id).value());
    EXPECT_FALSE(Stop(run.id).value());
}

TEST_F(StopAndRecoverTest, StopReachesTheRunsOfSubAgents) {
    model::GraphExecution run = Started();
    model::GraphExecution child = Started(run.id);
    model::GraphExecution grandchild = Started(child.id);
    ASSERT_TRUE(Stop(run.id).ok());
    EXPECT_EQ(StatusOf(child.id), ExecutionStatus::kTerminated);
    EXPECT_EQ(StatusOf(grandchild.id), ExecutionStatus::kTerminated);
}

TEST_F(StopAndRecoverTest, ARunThatGoesOnIsATimeout) {
    model::GraphExecution run = Started();
    engine_.HangOnStop();
    StopAnswer stopped = Stop(run.id);
    ASSERT_FALSE(stopped.ok());
    EXPECT_EQ(stopped.error().kind, ErrorKind::kTimeout);
    EXPECT_NE(stopped.error().message.find("will need to take longer than 0.0 seconds to stop"),
              std::string::npos);
}

TEST_F(StopAndRecoverTest, ARunTheEngineLostIsEndedInTheJournal) {
    model::GraphExecution run = Started();
    engine_.Forget(run.id);
    ASSERT_TRUE(Stop(run.id).ok());
    EXPECT_EQ(StatusOf(run.id), ExecutionStatus::kTerminated);
}

TEST_F(StopAndRecoverTest, RecoverResumesRunsAndEndsThoseOfSubAgents) {
    model::GraphExecution run = Started();
    model::GraphExecution child = Started(run.id);
    Result<size_t> recovered = executions_->Recover();
    ASSERT_TRUE(recovered.ok()) << recovered.error().message;
    EXPECT_EQ(recovered.value(), 2u);
    EXPECT_EQ(engine_.resumed(), std::vector<std::string>{run.id.text()});
    EXPECT_EQ(StatusOf(child.id), ExecutionStatus::kTerminated);
}

TEST_F(StopAndRecoverTest, ARunThatCannotBeResumedFails) {
    model::GraphExecution run = Started();
    engine_.RefuseWith(Invalid("The block is gone."));
    ASSERT_TRUE(executions_->Recover().ok());
    EXPECT_EQ(StatusOf(run.id), ExecutionStatus::kFailed);
}

}  // namespace
}  // namespace yard::service
