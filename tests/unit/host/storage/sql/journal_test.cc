#include "host/storage/sql/journal.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <future>
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

TEST(JournalTest, WhatComesInLaterGroupsContinuesTheStoredRows) {
    TemporaryDatabase database;
    database.Append({ExampleRun("run"), ExampleNode("a", "run")});
    database.Append({RunBecomes("run", ExecutionStatus::kRunning, {6001}),
                     NodeBecomes("a", ExecutionStatus::kRunning, {6002})});
    database.Append({Output("a", "out", Value::Int(1))});
    database.Append({NodeBecomes("a", ExecutionStatus::kFailed, {6003},
                                 Value::Object({{"error", Value::String("no")}})),
                     RunBecomes("run", ExecutionStatus::kTerminated, {6004})});
    const StoredRun run = database.LoadRun("run");
    EXPECT_EQ(run.execution.status, ExecutionStatus::kTerminated);
    EXPECT_EQ(run.execution.started_at, Timestamp{6001});
    EXPECT_EQ(run.execution.ended_at, Timestamp{6004});
    const model::NodeExecution& node = run.node_executions.at(0);
    EXPECT_EQ(node.status, ExecutionStatus::kFailed);
    EXPECT_EQ(node.started_at, Timestamp{6002});
    EXPECT_EQ(node.ended_at, Timestamp{6003});
    EXPECT_EQ(node.stats["error"].AsString(), "no");
    EXPECT_EQ(node.output_data.at(0).second.at(0)->AsInt(), 1);
}

TEST(JournalTest, AnIllegalChangeOfStatusChangesNothing) {
    TemporaryDatabase database;
    database.Append({ExampleRun("run"), ExampleNode("a", "run"),
                     NodeBecomes("a", ExecutionStatus::kRunning, {6001}),
                     NodeBecomes("a", ExecutionStatus::kCompleted, {6002})});
    database.Append({NodeBecomes("a", ExecutionStatus::kRunning, {9000}),
                     NodeBecomes("a", ExecutionStatus::kFailed, {9001},
                                 Value::Object({{"error", Value::String("late")}})),
                     NodeBecomes("a", ExecutionStatus::kIncomplete, {9002}),
                     RunBecomes("run", ExecutionStatus::kCompleted, {9003}),
                     RunBecomes("run", ExecutionStatus::kIncomplete, {9004})});
    const StoredRun run = database.LoadRun("run");
    EXPECT_EQ(run.execution.status, ExecutionStatus::kQueued);
    EXPECT_EQ(run.execution.ended_at, std::nullopt);
    EXPECT_EQ(run.node_executions.at(0).status, ExecutionStatus::kCompleted);
    EXPECT_EQ(run.node_executions.at(0).started_at, Timestamp{6001});
    EXPECT_EQ(run.node_executions.at(0).ended_at, Timestamp{6002});
    EXPECT_TRUE(run.node_executions.at(0).stats->IsNull());
}

NodeAdded Waiting(const std::string& id) {
    return {NodeExecutionId(id), GraphExecutionId("run"), kSecondNode, kBlock, {5500}};
}

NodeInputAdded Arrives(const std::string& id, const std::string& name, Value value) {
    return {NodeExecutionId(id), name, std::move(value), {5600}};
}

TEST(JournalTest, AWaitingNodeKeepsTheInputsThatArrived) {
    TemporaryDatabase database;
    database.Append({ExampleRun("run"), Waiting("w"), Arrives("w", "first", Value::Int(1))});
    database.Append({Arrives("w", "second", Value::Int(2))});
    const StoredRun waiting = database.LoadRun("run");
    const model::NodeExecution& node = waiting.node_executions.at(0);
    EXPECT_EQ(node.status, ExecutionStatus::kIncomplete);
    EXPECT_FALSE(node.has_execution_data);
    EXPECT_EQ(node.input_data["first"].AsInt(), 1);
    EXPECT_EQ(node.input_data["second"].AsInt(), 2);

    NodeQueued queued = ExampleNode("w", "run");
    queued.is_new = false;
    database.Append({queued});
    const StoredRun run = database.LoadRun("run");
    EXPECT_EQ(run.node_executions.at(0).status, ExecutionStatus::kQueued);
    EXPECT_TRUE(run.node_executions.at(0).has_execution_data);
    EXPECT_EQ(run.node_executions.at(0).input_data["text"].AsString(), "hello");
    EXPECT_FALSE(run.node_executions.at(0).input_data->Has("first"));
}

TEST(JournalTest, ControlCharactersAreNotStored) {
    TemporaryDatabase database;
    database.Append({ExampleRun("run"), ExampleNode("a", "run"),
                     Output("a", "out", Value::String(std::string("a\0b\x1f\n", 5)))});
    EXPECT_EQ(
        database.LoadRun("run").node_executions.at(0).output_data.at(0).second.at(0)->AsString(),
        "ab\n");
}

TEST(JournalTest, RowsOfADeletedRunAreLeftOutAndTheRestIsKept) {
    TemporaryDatabase database;
    database.Append({ExampleRun("gone"), ExampleNode("a", "gone")});
    ASSERT_TRUE(database
                    ->Write([](Stores& stores) -> Result<Ok> {
                        TRY(stores.graphs.Delete(kGraph, kUser));
                        return stores.graphs.Insert({ExampleGraph()});
                    })
                    .ok());
    database.Append({Output("a", "out", Value::Int(1)), ExampleNode("b", "gone"),
                     NodeBecomes("a", ExecutionStatus::kRunning), ExampleRun("kept"),
                     ExampleNode("c", "kept")});
    EXPECT_TRUE(database->journal().Health().ok());
    EXPECT_EQ(database.LoadRun("kept").node_executions.size(), 1u);
}

TEST(JournalTest, OnDurableCallsBackAtOnceForWhatIsCommitted) {
    TemporaryDatabase database;
    ExecutionJournal& journal = database->journal();
    std::vector<int> called;
    const auto first = journal.Append({ExampleRun("one")});
    const auto second = journal.Append({ExampleRun("two")});
    EXPECT_LT(first, second);
    journal.Flush();
    journal.OnDurable(second, [&] { called.push_back(2); });
    journal.OnDurable(first, [&] { called.push_back(1); });
    EXPECT_EQ(called, (std::vector<int>{2, 1})) << "durable already: at once";
}

// A journal whose connection the test can trip up.
class JournalFaultTest : public ::testing::Test {
protected:
    JournalFaultTest() {
        database_.Close();
        auto opened = Session::Open(database_.path(), OpenMode::kReadWrite, 1);
        EXPECT_TRUE(opened.ok());
        writer_ = std::make_unique<Writer>(std::move(opened).value());
        Start({.commit_wait_us = 0,
               .commit_group_max = 100,
               .pending_bytes_max = 1 << 20,
               .drain_ms = 50});
    }
    void Start(const JournalOptions& options) {
        journal_.reset();
        journal_ = std::make_unique<SqlJournal>(*writer_, options);
    }
    void Pragma(const std::string& text) {
        Writer::Lock turn(*writer_);
        EXPECT_TRUE(turn.session().QueryOnce({"test.pragma", "PRAGMA " + text, "i"}, {}).ok());
    }
    // Waits for the first failed commit.
    Error Fault() {
        for (;;) {
            const Result<Ok> health = journal_->Health();
            if (!health) return health.error();
            std::this_thread::yield();
        }
    }
    // Closes the journal and opens the file afresh.
    TemporaryDatabase& Reopened() {
        journal_.reset();
        writer_.reset();
        database_.Reopen();
        return database_;
    }

    TemporaryDatabase database_;
    std::unique_ptr<Writer> writer_;
    std::unique_ptr<SqlJournal> journal_;
};

TEST_F(JournalFaultTest, AFullDiskStopsCommitsUntilThereIsRoomAndLosesNothing) {
    Pragma("max_page_count = 1");  // SQLite raises it to the present size: no page more.
    NodeQueued large = ExampleNode("a", "run");
    large.data = Value::Object({{"text", Value::String(std::string(100'000, 'x'))}});
    std::atomic<bool> durable = false;
    journal_->OnDurable(journal_->Append({ExampleRun("run"), large}), [&] { durable = true; });
    const Error fault = Fault();
    EXPECT_EQ(fault.kind, ErrorKind::kUnavailable);
    EXPECT_NE(fault.message.find("disk is full"), std::string::npos) << fault.message;
    EXPECT_FALSE(durable);

    Pragma("max_page_count = 1000000");
    journal_->Flush();
    EXPECT_TRUE(journal_->Health().ok());
    const StoredRun run = Reopened().LoadRun("run");
    EXPECT_TRUE(durable);
    ASSERT_EQ(run.node_executions.size(), 1u);
    EXPECT_EQ(run.node_executions[0].input_data["text"].AsString().size(), 100'000u);
}

TEST_F(JournalFaultTest, AForeignLockStopsCommitsUntilItEndsAndLosesNothing) {
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(database_.path().c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    for (int i = 0; i < 50; ++i) journal_->Append({ExampleRun("run" + std::to_string(i))});
    EXPECT_EQ(Fault().kind, ErrorKind::kUnavailable);
    sqlite3_close(other);
    journal_->Flush();
    EXPECT_TRUE(journal_->Health().ok());
    TemporaryDatabase& database = Reopened();
    for (int i = 0; i < 50; ++i) database.LoadRun("run" + std::to_string(i));
}

TEST_F(JournalFaultTest, AppendWaitsWhileTooMuchIsPending) {
    Start({.commit_wait_us = 0, .commit_group_max = 100, .pending_bytes_max = 1, .drain_ms = 50});
    std::future<void> blocked;
    std::atomic<bool> accepted = false;
    {
        Writer::Lock turn(*writer_);              // The journal's thread has to wait for us.
        journal_->Append({ExampleRun("first")});  // Alone it may exceed the bound.
        blocked = std::async(std::launch::async, [&] {
            journal_->Append({ExampleRun("second")});
            accepted = true;
        });
        EXPECT_EQ(blocked.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);
        EXPECT_FALSE(accepted);
    }
    blocked.get();
    journal_->Flush();
    TemporaryDatabase& database = Reopened();
    database.LoadRun("first");
    database.LoadRun("second");
}

TEST_F(JournalFaultTest, ClosingCommitsWhatIsPending) {
    {
        Writer::Lock turn(*writer_);
        for (int i = 0; i < 300; ++i) journal_->Append({ExampleRun("run" + std::to_string(i))});
    }
    TemporaryDatabase& database = Reopened();
    database.LoadRun("run0");
    database.LoadRun("run299");
}

TEST_F(JournalFaultTest, ClosingGivesUpWhenCommitsFailForTooLong) {
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(database_.path().c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    std::atomic<bool> durable = false;
    journal_->OnDurable(journal_->Append({ExampleRun("lost")}), [&] { durable = true; });
    journal_.reset();
    EXPECT_FALSE(durable);
    sqlite3_close(other);
}

TEST(JournalTest, ThreadsAppendAtOnceAndNothingIsLostOrTorn) {
    TemporaryDatabase database({.commit_group_max = 64});
    constexpr int kThreads = 4;
    constexpr int kNodes = 500;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([&, thread] {
            const std::string run = "run" + std::to_string(thread);
            database->journal().Append({ExampleRun(run)});
            for (int i = 0; i < kNodes; ++i) {
                const std::string id = run + "-" + std::to_string(i);
                database->journal().Append(
                    {ExampleNode(id, run), NodeBecomes(id, ExecutionStatus::kRunning)});
                database->journal().Append({Output(id, "out", Value::Int(i)),
                                            NodeBecomes(id, ExecutionStatus::kCompleted)});
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    database->journal().Flush();
    for (int thread = 0; thread < kThreads; ++thread) {
        const StoredRun run = database.LoadRun("run" + std::to_string(thread));
        ASSERT_EQ(run.node_executions.size(), static_cast<size_t>(kNodes));
        for (int i = 0; i < kNodes; ++i) {
            const model::NodeExecution& node = run.node_executions[i];
            EXPECT_EQ(node.status, ExecutionStatus::kCompleted);
            EXPECT_EQ(node.output_data.at(0).second.at(0)->AsInt(), i);
        }
    }
}

// The child reports on a pipe each run that became durable, until it is killed.
[[noreturn]] void AppendForEver(const std::string& path, int report) {
    Result<std::unique_ptr<Database>> database = OpenDatabase({.url = path});
    if (!database) ::_exit(1);
    ExecutionJournal& journal = database.value()->journal();
    for (int number = 0;; ++number) {
        const std::string run = "run" + std::to_string(number);
        const std::string node = run + "-node";
        const auto position = journal.Append({ExampleRun(run), ExampleNode(node, run),
                                              NodeBecomes(node, ExecutionStatus::kRunning),
                                              Output(node, "out", Value::Int(number)),
                                              NodeBecomes(node, ExecutionStatus::kCompleted)});
        journal.OnDurable(position, [report, number] {
            if (::write(report, &number, sizeof number) != sizeof number) ::_exit(2);
        });
    }
}

TEST(JournalTest, WhatWasReportedDurableSurvivesAKill) {
    TemporaryDatabase database;
    database.Close();
    int report[2];
    ASSERT_EQ(::pipe(report), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) AppendForEver(database.path(), report[1]);
    ::close(report[1]);
    int last = -1;
    int number = 0;
    while (last < 2000 && ::read(report[0], &number, sizeof number) == sizeof number) last = number;
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    while (::read(report[0], &number, sizeof number) == sizeof number) last = number;
    ::close(report[0]);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    ASSERT_GE(last, 2000);

    database.Reopen();
    for (int i = 0; i <= last; i += 97) {
        const StoredRun run = database.LoadRun("run" + std::to_string(i));
        ASSERT_EQ(run.node_executions.size(), 1u);
        EXPECT_EQ(run.node_executions[0].status, ExecutionStatus::kCompleted);
        EXPECT_EQ(run.node_executions[0].output_data.at(0).second.at(0)->AsInt(), i);
    }
    const StoredRun run = database.LoadRun("run" + std::to_string(last));
    EXPECT_EQ(run.node_executions.size(), 1u);
}

}  // namespace
}  // namespace yard::storage::sql
