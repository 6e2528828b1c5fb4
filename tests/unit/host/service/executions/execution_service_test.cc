#include "host/service/executions/execution_service.h"

#include "tests/unit/host/service/host_fixture.h"

namespace yard::service {
namespace {

using model::ExecutionStatus;

class ExecutionServiceTest : public HostTest {
protected:
    ExecutionServiceTest() {
        AddUser("alice", "a@example.com");
        graph_ = graphs_.Create(alice_, AddingGraph()).value();
    }
    model::GraphExecution Started() {
        auto run = Submit(Submission("alice", graph_));
        EXPECT_TRUE(run.ok()) << (run ? "" : run.error().message);
        return run ? run.value() : model::GraphExecution();
    }

    const UserId alice_{"alice"};
    const UserId bob_{"bob"};
    model::Graph graph_;
};

TEST_F(ExecutionServiceTest, SubmitAnswersWithTheQueuedRunOnceItIsStored) {
    model::GraphExecution run = Started();
    EXPECT_EQ(run.status, ExecutionStatus::kQueued);
    ASSERT_EQ(engine_.submitted().size(), 1u);
    EXPECT_EQ(engine_.submitted()[0].starts.size(), 1u);
    EXPECT_EQ(engine_.submitted()[0].context.root_execution_id, run.id);
    auto stored = executions_->Get(alice_, graph_.id, run.id);
    ASSERT_TRUE(stored.ok()) << stored.error().message;
    EXPECT_EQ(stored.value().execution.inputs["n"].AsInt(), 1);
}

TEST_F(ExecutionServiceTest, TheUsersTimezoneReachesTheRun) {
    ASSERT_TRUE(users_.SetTimezone(alice_, "Asia/Tokyo").ok());
    Started();
    EXPECT_EQ(engine_.submitted()[0].context.user_timezone, "Asia/Tokyo");
}

TEST_F(ExecutionServiceTest, WithoutCreditsNothingRuns) {
    ledger_.balance = 0;
    auto run = Submit(Submission("alice", graph_));
    ASSERT_FALSE(run.ok());
    EXPECT_EQ(run.error().kind, ErrorKind::kInsufficientBalance);
    EXPECT_TRUE(engine_.submitted().empty());
}

TEST_F(ExecutionServiceTest, AMissingGraphIsInvalid) {
    RunSubmission submission = Submission("alice", graph_);
    submission.version = 7;
    auto run = Submit(submission);
    ASSERT_FALSE(run.ok());
    EXPECT_EQ(run.error().kind, ErrorKind::kInvalid);
    EXPECT_EQ(run.error().message, "Graph #" + graph_.id.text() + " not found.");
}

TEST_F(ExecutionServiceTest, AnotherUsersGraphIsNotAllowed) {
    auto run = Submit(Submission("bob", graph_));
    ASSERT_FALSE(run.ok());
    EXPECT_EQ(run.error().kind, ErrorKind::kNotAllowed);
}

TEST_F(ExecutionServiceTest, AGraphOutsideTheLibraryRunsOnlyAsASubAgent) {
    ASSERT_TRUE(database_
                    ->Write([&](storage::Stores& stores) -> Result<Ok> {
                        TRY(stores.library.DeleteByGraph(alice_, graph_.id));
                        return Ok{};
                    })
                    .ok());
    auto run = Submit(Submission("alice", graph_));
    ASSERT_FALSE(run.ok());
    EXPECT_EQ(run.error().message, "Graph #" + graph_.id.text() + " is not in your library");
    RunSubmission sub_run = Submission("alice", graph_);
    sub_run.context.emplace();
    sub_run.context->parent_execution_id = GraphExecutionId("parent");
    EXPECT_TRUE(Submit(sub_run).ok());
}

TEST_F(ExecutionServiceTest, ARefusalOfTheEngineIsTheAnswer) {
    engine_.RefuseWith(Unavailable("The disk is full."));
    auto run = Submit(Submission("alice", graph_));
    ASSERT_FALSE(run.ok());
    EXPECT_EQ(run.error().kind, ErrorKind::kUnavailable);
}

TEST_F(ExecutionServiceTest, ListsAndPagesShowOnlyTheUsersRuns) {
    for (int i = 0; i < 3; ++i) {
        clock_.Advance(std::chrono::seconds(1));
        Started();
    }
    EXPECT_EQ(executions_->List(alice_).value().size(), 3u);
    EXPECT_TRUE(executions_->List(bob_).value().empty());
    auto page = executions_->ListOfGraph(alice_, graph_.id, 2, 2);
    ASSERT_TRUE(page.ok());
    EXPECT_EQ(page.value().total, 3);
    EXPECT_EQ(page.value().executions.size(), 1u);
    auto far = executions_->ListOfGraph(alice_, graph_.id, int64_t{1} << 62, 100);
    ASSERT_TRUE(far.ok());
    EXPECT_TRUE(far.value().executions.empty());
}

TEST_F(ExecutionServiceTest, GetHidesForeignRunsAndWrongGraphs) {
    model::GraphExecution run = Started();
    EXPECT_EQ(executions_->Get(bob_, graph_.id, run.id).error().kind, ErrorKind::kNotFound);
    EXPECT_EQ(executions_->Get(alice_, GraphId("other"), run.id).error().kind,
              ErrorKind::kNotFound);
}

TEST_F(ExecutionServiceTest, DeletedRunsAreGoneForTheirUserOnly) {
    model::GraphExecution run = Started();
    EXPECT_FALSE(executions_->Delete(bob_, run.id).value());
    EXPECT_TRUE(executions_->Delete(alice_, run.id).value());
    EXPECT_FALSE(executions_->Get(alice_, graph_.id, run.id).ok());
}

TEST_F(ExecutionServiceTest, ANewShareVoidsTheOldToken) {
    model::GraphExecution run = Started();
    EXPECT_EQ(executions_->Share(bob_, run.id).error().kind, ErrorKind::kNotFound);
    std::string first = executions_->Share(alice_, run.id).value();
    std::string second = executions_->Share(alice_, run.id).value();
    EXPECT_FALSE(executions_->FindShared(first).ok());
    auto shared = executions_->FindShared(second);
    ASSERT_TRUE(shared.ok()) << shared.error().message;
    EXPECT_EQ(shared.value().graph_name, "Add one");
    EXPECT_FALSE(executions_->Unshare(bob_, run.id).ok());
    ASSERT_TRUE(executions_->Unshare(alice_, run.id).ok());
    EXPECT_FALSE(executions_->FindShared(second).ok());
}

}  // namespace
}  // namespace yard::service
