#include "host/storage/sql/execution_store.h"

#include <gtest/gtest.h>

#include "tests/unit/host/storage/sql/temporary_database.h"

namespace yard::storage::sql {
namespace {

using model::ExecutionStatus;

const UserId kStranger("user-2");

class ExecutionStoreTest : public ::testing::Test {
protected:
    void Do(const std::function<Result<Ok>(ExecutionStore&)>& work) {
        const Result<Ok> done =
            database_->Write([&](Stores& stores) { return work(stores.executions); });
        EXPECT_TRUE(done.ok()) << (done ? "" : done.error().message);
    }
    std::vector<std::string> ListIds(const ExecutionFilter& filter) {
        std::vector<std::string> ids;
        Do([&](ExecutionStore& executions) -> Result<Ok> {
            const auto listed = TRY(executions.List(filter));
            for (const model::GraphExecution& execution : listed)
                ids.push_back(execution.id.text());
            return Ok{};
        });
        return ids;
    }

    TemporaryDatabase database_;
};

using Ids = std::vector<std::string>;

TEST_F(ExecutionStoreTest, ARunComesBackAsItWasCreated) {
    database_.Append({ExampleRun("parent")});
    RunCreated run = ExampleRun("run");
    run.execution.credential_inputs = Value::Object({{"github", Value::EmptyObject()}});
    run.execution.nodes_input_masks = Value::EmptyObject();
    run.execution.preset_id = "preset";
    run.execution.parent_id = GraphExecutionId("parent");
    run.context.human_in_the_loop_safe_mode = false;
    run.context.sensitive_action_safe_mode = true;
    run.context.user_timezone = "Europe/Berlin";
    run.context.root_execution_id = GraphExecutionId("parent");
    run.context.parent_execution_id = GraphExecutionId("parent");
    run.nodes_to_skip = {kSecondNode};
    run.compiled_masks = Value::Object({{"node-1", Value::EmptyObject()}});
    database_.Append({run});

    const StoredRun stored = database_.LoadRun("run");
    EXPECT_EQ(stored.execution.user_id, kUser);
    EXPECT_EQ(stored.execution.graph_id, kGraph);
    EXPECT_TRUE(stored.execution.credential_inputs->Has("github"));
    EXPECT_TRUE(stored.execution.nodes_input_masks->IsObject());
    EXPECT_EQ(stored.execution.preset_id, "preset");
    EXPECT_EQ(stored.execution.parent_id, GraphExecutionId("parent"));
    EXPECT_EQ(stored.execution.created_at, Timestamp{5000});
    EXPECT_EQ(stored.execution.stats.has_value(), false);
    EXPECT_FALSE(stored.context.human_in_the_loop_safe_mode);
    EXPECT_TRUE(stored.context.sensitive_action_safe_mode);
    EXPECT_EQ(stored.context.user_timezone, "Europe/Berlin");
    EXPECT_EQ(stored.context.root_execution_id, GraphExecutionId("parent"));
    EXPECT_EQ(stored.context.parent_execution_id, GraphExecutionId("parent"));
    EXPECT_EQ(stored.nodes_to_skip, std::vector<NodeId>{kSecondNode});
    EXPECT_TRUE(stored.compiled_masks->Has("node-1"));
}

TEST_F(ExecutionStoreTest, ListFiltersSortsNewestFirstAndPages) {
    RunCreated child = ExampleRun("child", {3000});
    child.execution.parent_id = GraphExecutionId("old");
    database_.Append({ExampleRun("old", {1000}), ExampleRun("twin-a", {2000}),
                      ExampleRun("twin-b", {2000}), child,
                      RunBecomes("old", ExecutionStatus::kRunning)});
    EXPECT_EQ(ListIds({}), (Ids{"child", "twin-b", "twin-a", "old"}));
    ExecutionFilter running;
    running.statuses = {ExecutionStatus::kRunning, ExecutionStatus::kFailed};
    EXPECT_EQ(ListIds(running), (Ids{"old"}));
    ExecutionFilter filter;
    filter.user_id = kUser;
    filter.graph_id = kGraph;
    filter.created_from = Timestamp{1001};
    filter.created_to = Timestamp{2000};
    EXPECT_EQ(ListIds(filter), (Ids{"twin-b", "twin-a"}));
    filter.limit = 1;
    filter.offset = 1;
    EXPECT_EQ(ListIds(filter), (Ids{"twin-a"}));
    Do([&](ExecutionStore& executions) -> Result<Ok> {
        EXPECT_EQ(TRY(executions.Count(filter)), 2);
        return Ok{};
    });
    ExecutionFilter children;
    children.parent_id = GraphExecutionId("old");
    EXPECT_EQ(ListIds(children), (Ids{"child"}));
    ExecutionFilter strangers;
    strangers.user_id = kStranger;
    EXPECT_TRUE(ListIds(strangers).empty());
}

TEST_F(ExecutionStoreTest, ADeletedExecutionIsInvisibleAndCanBeDeletedAgain) {
    database_.Append({ExampleRun("run"), ExampleNode("a", "run")});
    Do([](ExecutionStore& executions) -> Result<Ok> {
        const GraphExecutionId id("run");
        EXPECT_FALSE(TRY(executions.SoftDelete(id, kStranger)));
        EXPECT_TRUE(TRY(executions.Find(id)).has_value());
        EXPECT_TRUE(TRY(executions.SetShare(id, kUser, "token", {1})));
        EXPECT_TRUE(TRY(executions.SoftDelete(id, kUser)));
        EXPECT_TRUE(TRY(executions.SoftDelete(id, kUser)));
        EXPECT_FALSE(TRY(executions.Find(id)).has_value());
        EXPECT_FALSE(TRY(executions.FindShared("token")).has_value());
        EXPECT_FALSE(TRY(executions.LoadRun(id)).has_value());
        EXPECT_TRUE(TRY(executions.NodeExecutions(id, 10)).empty());
        EXPECT_TRUE(TRY(executions.Unfinished()).empty());
        EXPECT_FALSE(TRY(executions.SetShare(id, kUser, "token", {1})));
        EXPECT_FALSE(TRY(executions.SoftDelete(GraphExecutionId("none"), kUser)));
        return Ok{};
    });
    EXPECT_TRUE(ListIds({}).empty());
}

TEST_F(ExecutionStoreTest, AShareIsFoundByItsTokenUntilItIsTakenBack) {
    database_.Append({ExampleRun("run")});
    Do([](ExecutionStore& executions) -> Result<Ok> {
        const GraphExecutionId id("run");
        EXPECT_FALSE(TRY(executions.SetShare(id, kStranger, "token", {1})));
        EXPECT_FALSE(TRY(executions.FindShared("token")).has_value());
        EXPECT_TRUE(TRY(executions.SetShare(id, kUser, "token", {1})));
        const auto shared = TRY(executions.FindShared("token"));
        EXPECT_TRUE(shared && shared->is_shared && shared->share_token == "token");
        EXPECT_TRUE(TRY(executions.SetShare(id, kUser, std::nullopt, {2})));
        EXPECT_FALSE(TRY(executions.FindShared("token")).has_value());
        return Ok{};
    });
}

TEST_F(ExecutionStoreTest, NodeExecutionsAreTheNewestInAscendingOrderUnqueuedOnesLast) {
    NodeAdded waiting{
        NodeExecutionId("waiting"), GraphExecutionId("run"), kSecondNode, kBlock, {1}};
    database_.Append({ExampleRun("run"), waiting, ExampleNode("late", "run", {300}),
                      ExampleNode("early", "run", {100}), ExampleNode("middle", "run", {200})});
    Do([](ExecutionStore& executions) -> Result<Ok> {
        const auto ids = [&](size_t limit) {
            Ids result;
            const auto nodes = executions.NodeExecutions(GraphExecutionId("run"), limit);
            for (const model::NodeExecution& node : nodes.value()) result.push_back(node.id.text());
            return result;
        };
        EXPECT_EQ(ids(10), (Ids{"early", "middle", "late", "waiting"}));
        EXPECT_EQ(ids(2), (Ids{"late", "waiting"}));
        EXPECT_EQ(ids(0), Ids{});
        return Ok{};
    });
}

TEST_F(ExecutionStoreTest, ClearedDataStandsInForWhatWasStored) {
    const Value stats = Value::Object(
        {{"cleared_inputs", Value::Object({{"text", Value::Strings({"first", "last"})}})},
         {"cleared_outputs", Value::Object({{"out", Value::Strings({"removed"})}})}});
    database_.Append({ExampleRun("run"), ExampleNode("a", "run"),
                      NodeBecomes("a", ExecutionStatus::kRunning),
                      Output("a", "out", Value::String("secret")),
                      NodeBecomes("a", ExecutionStatus::kCompleted, {7000}, stats)});
    const model::NodeExecution node = database_.LoadRun("run").node_executions.at(0);
    EXPECT_EQ(node.input_data["text"].AsString(), "last");
    ASSERT_EQ(node.output_data.size(), 1u);
    EXPECT_EQ(node.output_data[0].second.at(0)->AsString(), "removed");
}

TEST_F(ExecutionStoreTest, UnfinishedRunsComeOldestFirst) {
    database_.Append({ExampleRun("newer", {2000}), ExampleRun("older", {1000}),
                      ExampleRun("done", {500}), RunBecomes("done", ExecutionStatus::kRunning),
                      RunBecomes("done", ExecutionStatus::kCompleted),
                      RunBecomes("newer", ExecutionStatus::kRunning)});
    Do([](ExecutionStore& executions) -> Result<Ok> {
        EXPECT_EQ(
            TRY(executions.Unfinished()),
            (std::vector<GraphExecutionId>{GraphExecutionId("older"), GraphExecutionId("newer")}));
        return Ok{};
    });
}

TEST_F(ExecutionStoreTest, ARunOfManyNodeExecutionsLoadsInTheOrderTheyWereAdded) {
    std::vector<JournalRecord> records = {ExampleRun("run")};
    constexpr int kCount = 2500;
    for (int i = 0; i < kCount; ++i) {
        records.push_back(ExampleNode("n" + std::to_string(i), "run", {10'000 - i}));
        records.push_back(Output("n" + std::to_string(i), "out", Value::Int(i)));
    }
    database_.Append(std::move(records));
    const StoredRun run = database_.LoadRun("run");
    ASSERT_EQ(run.node_executions.size(), static_cast<size_t>(kCount));
    for (int i = 0; i < kCount; ++i) {
        EXPECT_EQ(run.node_executions[i].id.text(), "n" + std::to_string(i));
        EXPECT_EQ(run.node_executions[i].output_data.at(0).second.at(0)->AsInt(), i);
    }
}

}  // namespace
}  // namespace yard::storage::sql
