#include "host/storage/sql/journal.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/unit/host/storage/sql/temporary_database.h"

namespace yard::storage::sql {
namespace {

using model::ExecutionStatus;

TEST(JournalTest, ARunOfOneGroupIsStoredInItsLastState) {
    TemporaryDatabase database;
    database.Append({ExampleRun("run"), ExampleNode("a", "run"),
                     RunBecomes("run", ExecutionStatus::kRunning, {6001}),
                     NodeBecomes("a", ExecutionStatus::kRunning, {6002}),
                     Output("a", "out", Value::Int(1)), Output("a", "out", Value::Int(2)),
                     Output("a", "other", Value()),
                     NodeBecomes("a", ExecutionStatus::kCompleted, {6003},
                                 Value::Object({{"walltime", Value::Double(0.5)}})),
                     RunBecomes("run", ExecutionStatus::kCompleted, {6004})});

    const StoredRun run = database.LoadRun("run");
    EXPECT_EQ(run.execution.status, ExecutionStatus::kCompleted);
    EXPECT_EQ(run.execution.started_at, Timestamp{6001});
    EXPECT_EQ(run.execution.ended_at, Timestamp{6004});
    EXPECT_EQ(run.execution.inputs["topic"].AsString(), "birds");
    ASSERT_EQ(run.node_executions.size(), 1u);
    const model::NodeExecution& node = run.node_executions[0];
    EXPECT_EQ(node.status, ExecutionStatus::kCompleted);
    EXPECT_EQ(node.block_id, kBlock);
    EXPECT_TRUE(node.has_execution_data);
    EXPECT_EQ(node.input_data["text"].AsString(), "hello");
    EXPECT_EQ(node.queued_at, Timestamp{6000});
    EXPECT_EQ(node.started_at, Timestamp{6002});
    EXPECT_EQ(node.ended_at, Timestamp{6003});
    EXPECT_EQ(node.stats["walltime"].AsDouble(), 0.5);
    ASSERT_EQ(node.output_data.size(), 2u);
    EXPECT_EQ(node.output_data[0].first, "out");
    ASSERT_EQ(node.output_data[0].second.size(), 2u);
    EXPECT_EQ(node.output_data[0].second[1]->AsInt(), 2);
    EXPECT_TRUE(node.output_data[1].second.at(0)->IsNull());
}

}  // namespace
}  // namespace yard::storage::sql
