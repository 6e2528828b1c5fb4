// Stopping, parking, charging and events of a run.

#include "host/engine/run.h"

#include <thread>

#include "tests/fakes/fake_event_sink.h"
#include "tests/unit/host/engine/engine_fixture.h"

namespace yard::engine {
namespace {

using model::ExecutionStatus;
using Texts = std::vector<std::string>;

class StopTest : public EngineTest {
protected:
    bool StopAndWait(const std::string& id) {
        Signal stopped;
        return engine().Stop(GraphExecutionId(id), stopped.Setter()) && stopped.Wait();
    }
};

TEST_F(StopTest, EndsBlocksInFlightAndWhatIsQueued) {
    options_.node_executions_in_flight_max = 1;
    auto graph = GraphBuilder().Node("a", "open").Node("b", "open").Build();
    auto observer = Submit(Request(graph, "run", {At("a", "{}"), At("b", "{}")}));
    auto call = runtime_.Call("a");
    EXPECT_TRUE(StopAndWait("run"));
    EXPECT_TRUE(call->cancelled());
    EXPECT_EQ(observer->WaitForEnd(), ExecutionStatus::kTerminated);
    EXPECT_EQ(Executions("a")[0].status, ExecutionStatus::kTerminated);
    EXPECT_EQ(Executions("b")[0].status, ExecutionStatus::kTerminated);
    EXPECT_EQ(Stored("run").execution.status, ExecutionStatus::kTerminated);
}

TEST_F(StopTest, WaitingRunEndsWithoutStarting) {
    options_.runs_max = 1;
    auto graph = GraphBuilder().Node("a", "open").Build();
    auto first = Submit(Request(graph, "first", {At("a", "{}")}));
    auto second = Submit(Request(graph, "second", {At("a", "{}")}));
    runtime_.Call("a");
    EXPECT_TRUE(StopAndWait("second"));
    EXPECT_EQ(second->WaitForEnd(), ExecutionStatus::kTerminated);
    EXPECT_EQ(runtime_.call_count(), 1u);
    EXPECT_FALSE(Stored("second").execution.started_at.has_value());
    runtime_.Call("a")->Finish();
    EXPECT_EQ(first->WaitForEnd(), ExecutionStatus::kCompleted);
}

TEST_F(StopTest, HotLoopIsStopped) {
    options_.node_executions_per_run_max = 1'000'000'000;
    auto graph = GraphBuilder().Node("a", "pass").Link("a.output -> a.input").Build();
    Submit(Request(graph, "run", {At("a", R"({"input":1})")}));
    runtime_.Call("a", 10);
    EXPECT_TRUE(StopAndWait("run"));
}

TEST_F(StopTest, BlockThatDoesNotReturnIsAbandonedAndItsOutputsIgnored) {
    options_.cancel_grace = std::chrono::milliseconds(10);
    auto graph = GraphBuilder().Node("a", "open").Build();
    auto observer = Submit(Request(graph, "run", {At("a", "{}")}));
    auto call = runtime_.Call("a");
    call->IgnoreCancel();
    EXPECT_TRUE(StopAndWait("run"));
    EXPECT_EQ(observer->WaitForEnd(), ExecutionStatus::kTerminated);
    EXPECT_EQ(engine().abandoned_calls(), 1u);
    const size_t appends = journal_.appends().size();
    call->Emit("output", Value::Int(1));
    call->Finish();
    EXPECT_EQ(journal_.appends().size(), appends);
}

TEST_F(StopTest, ExecutionThatFinishedOutOfTurnIsTerminated) {
    auto graph = GraphBuilder()
                     .Node("list", "each")
                     .Node("w", "open")
                     .Node("sink", "pass")
                     .Link("list.item -> w.input")
                     .Link("w.output -> sink.input")
                     .Build();
    Submit(Request(graph, "run", {At("list", R"({"items":[1,2]})")}));
    runtime_.Call("w", 1)->Finish();
    EXPECT_TRUE(StopAndWait("run"));
    for (const auto& execution : Executions("w")) {
        EXPECT_EQ(execution.status, ExecutionStatus::kTerminated);
    }
    EXPECT_EQ(engine().abandoned_calls(), 0u);
}

TEST_F(StopTest, SecondStopIsAnsweredToo) {
    journal_.Hold();
    auto graph = GraphBuilder().Node("a", "open").Build();
    Submit(Request(graph, "run", {At("a", "{}")}));
    runtime_.Call("a");
    Signal first, second;
    EXPECT_TRUE(engine().Stop(GraphExecutionId("run"), first.Setter()));
    EXPECT_TRUE(engine().Stop(GraphExecutionId("run"), second.Setter()));
    EXPECT_FALSE(first.is_set());  // Not durable yet.
    while (!first.is_set() || !second.is_set()) journal_.Commit();
}

TEST_F(StopTest, UnknownRunIsNotHere) {
    EXPECT_FALSE(engine().Stop(GraphExecutionId("nobody"), [] { FAIL(); }));
}

TEST_F(EngineTest, ShutdownParksWithoutEndingAnything) {
    auto graph = GraphBuilder().Node("a", "open").Node("b", "open").Build();
    auto observer = Submit(Request(graph, "run", {At("a", "{}")}));
    auto call = runtime_.Call("a");
    engine().Shutdown(std::chrono::milliseconds(0));
    EXPECT_TRUE(call->cancelled());
    EXPECT_FALSE(observer->has_ended());
    EXPECT_EQ(Executions("a")[0].status, ExecutionStatus::kRunning);
    EXPECT_EQ(Stored("run").execution.status, ExecutionStatus::kRunning);
    const Result<Ok> submitted = engine().Submit(Request(graph, "later", {At("a", "{}")}), [] {});
    ASSERT_FALSE(submitted.ok());
    EXPECT_EQ(submitted.error().kind, ErrorKind::kUnavailable);
}

// Counts the turns that runs take: each begins with the question who watches.
class TurnCounter final : public EventSink {
public:
    bool Wants(const model::GraphExecution&) override {
        ++turns;
        return false;
    }
    void OnNodeExecution(const model::GraphExecution&, const model::NodeExecution&) override {}
    void OnGraphExecution(const model::GraphExecution&) override {}
    std::atomic<size_t> turns{0};
};

TEST_F(EngineTest, ShutdownLetsBlocksFinishButBeginsNothing) {
    TurnCounter counter;
    events_ = &counter;
    auto graph =
        GraphBuilder().Node("a", "open").Node("b", "pass").Link("a.output -> b.input").Build();
    Submit(Request(graph, "run", {At("a", "{}")}));
    auto call = runtime_.Call("a");
    const size_t turns = counter.turns;
    std::thread shutdown([this] { engine().Shutdown(std::chrono::seconds(20)); });
    while (counter.turns == turns) std::this_thread::yield();
    call->Emit("output", Value::Int(1));
    call->Finish();
    shutdown.join();
    EXPECT_FALSE(call->cancelled());
    EXPECT_EQ(Executions("a")[0].status, ExecutionStatus::kCompleted);
    EXPECT_EQ(Executions("b")[0].status, ExecutionStatus::kQueued);
    EXPECT_EQ(Stored("run").execution.status, ExecutionStatus::kRunning);
    StopEngine();
}

TEST_F(EngineTest, EventsFollowWhatIsDurable) {
    fakes::FakeEventSink events;
    events_ = &events;
    journal_.Hold();
    auto graph = GraphBuilder()
                     .Node("a", "pass")
                     .Node("b", "pair")
                     .Link("a.output -> b.a")
                     .Link("a.other -> b.b")
                     .Build();
    auto observer = Submit(Request(graph, "run", {At("a", R"({"input":1})")}));
    runtime_.Call("a");
    EXPECT_TRUE(events.events().empty());
    while (!observer->has_ended()) journal_.Commit();
    EXPECT_EQ(events.events(),
              (Texts{"graph RUNNING", "node a RUNNING 0", "node a RUNNING 1", "node b INCOMPLETE 0",
                     "node a COMPLETED 1", "graph RUNNING", "graph COMPLETED"}));
    StopEngine();
}

class FakeLedger final : public CreditLedger {
public:
    Result<int64_t> Balance(const UserId&) override { return balance.load(); }
    Result<int64_t> Spend(const UserId&, int64_t cost, const Value& metadata) override {
        std::lock_guard lock(mutex);
        if (balance < cost) {
            return Error{ErrorKind::kInsufficientBalance, "Insufficient balance.", {}};
        }
        reasons.emplace_back(metadata["reason"].AsString());
        return balance -= cost;
    }
    std::atomic<int64_t> balance{0};
    std::mutex mutex;
    Texts reasons;
};

class ChargedRunTest : public EngineTest {
protected:
    ChargedRunTest() {
        ledger_ = &credits_;
        blocking_ = MakeElasticPool("test-block", 2, 10);
        fakes::FakeCatalog::Block block;
        block.id = "paid";
        block.name = "PaidBlock";
        block.input_schema = R"({"type":"object","properties":{"input":{}}})";
        block.output_schema = R"({"type":"object","properties":{"output":{}}})";
        block.costs.push_back({10, Value::EmptyObject(), model::CostType::kRun});
        catalog_.Add(block);
        runtime_.On("paid", [](fakes::FakeCall& call) {
            call.Emit("output", Value::Int(1));
            call.Finish();
        });
        graph_ =
            GraphBuilder().Node("a", "paid").Node("b", "paid").Link("a.output -> b.input").Build();
    }
    FakeLedger credits_;
    std::shared_ptr<const model::Graph> graph_;
};

TEST_F(ChargedRunTest, PaysForEachBlock) {
    credits_.balance = 25;
    EXPECT_EQ(RunToEnd(Request(graph_, "run", {At("a", "{}")})), ExecutionStatus::kCompleted);
    EXPECT_EQ(credits_.balance, 5);
    EXPECT_EQ(last_->stats().cost, 20);
    EXPECT_EQ(credits_.reasons, (Texts{"Ran block paid PaidBlock", "Ran block paid PaidBlock"}));
}

TEST_F(ChargedRunTest, SurchargeIsTakenAtTheThreshold) {
    credits_.balance = 100;
    options_.cost_count_threshold = 2;
    RunToEnd(Request(graph_, "run", {At("a", "{}")}));
    EXPECT_EQ(credits_.balance, 79);
    EXPECT_EQ(credits_.reasons.back(), "Execution Cost for 2 blocks of ex_id:run g_id:graph");
}

TEST_F(ChargedRunTest, RunFailsWhenAChargeCannotBePaid) {
    credits_.balance = 15;
    EXPECT_EQ(RunToEnd(Request(graph_, "run", {At("a", "{}")})), ExecutionStatus::kFailed);
    EXPECT_EQ(last_->stats().error, "Insufficient balance.");
    EXPECT_EQ(Executions("b")[0].status, ExecutionStatus::kFailed);
    EXPECT_EQ(Outputs("b", "error"), Texts{R"("Insufficient balance.")"});
    EXPECT_EQ(runtime_.call_count(), 1u);
}

TEST_F(ChargedRunTest, RunWithoutCreditsFailsBeforeAnyNode) {
    EXPECT_EQ(RunToEnd(Request(graph_, "run", {At("a", "{}")})), ExecutionStatus::kFailed);
    EXPECT_EQ(last_->stats().error, "You have no credits left to run an agent.");
    EXPECT_EQ(Executions("a")[0].status, ExecutionStatus::kFailed);
    EXPECT_EQ(runtime_.call_count(), 0u);
}

}  // namespace
}  // namespace yard::engine
