#include "host/engine/engine.h"

#include "tests/unit/host/engine/engine_fixture.h"

namespace yard::engine {
namespace {

using model::ExecutionStatus;
using testing::Test;
using Texts = std::vector<std::string>;

TEST_F(EngineTest, ChainRunsInOrderAndCompletes) {
    auto graph = GraphBuilder()
                     .Node("a", "pass")
                     .Node("b", "pass")
                     .Node("c", "output", R"({"name":"answer"})")
                     .Link("a.output -> b.input")
                     .Link("b.output -> c.value")
                     .Build();
    EXPECT_EQ(RunToEnd(Request(graph, "run", {At("a", R"({"input":42})")})),
              ExecutionStatus::kCompleted);
    EXPECT_EQ(last_->outputs(), Texts{"answer=42"});
    const storage::StoredRun run = Stored("run");
    EXPECT_EQ(run.execution.status, ExecutionStatus::kCompleted);
    ASSERT_EQ(run.node_executions.size(), 3u);
    for (const auto& node : run.node_executions) {
        EXPECT_EQ(node.status, ExecutionStatus::kCompleted) << node.node_id.text();
    }
    EXPECT_EQ(last_->stats().node_count, 3);
    EXPECT_EQ(WriteJson(Executions("c")[0].input_data), R"({"name":"answer","value":42})");
}

TEST_F(EngineTest, DynamicPinsAreMergedIntoTheirBase) {
    auto graph = GraphBuilder()
                     .Node("first", "input")
                     .Node("second", "input")
                     .Node("fill", "pass", R"({"input_#_c":"!!!"})")
                     .Node("keep", "store")
                     .Link("first.result => fill.input_#_a")
                     .Link("second.result => fill.input_#_b")
                     .Link("fill.output -> keep.input")
                     .Build();
    EXPECT_EQ(RunToEnd(Request(graph, "run",
                               {At("first", R"({"name":"input_1","value":"Hello"})"),
                                At("second", R"({"name":"input_2","value":"World"})")})),
              ExecutionStatus::kCompleted);
    EXPECT_EQ(Stored("run").node_executions.size(), 4u);
    EXPECT_EQ(Outputs("first", "result"), Texts{R"("Hello")"});
    EXPECT_EQ(Outputs("keep"), Texts{R"({"c":"!!!","a":"Hello","b":"World"})"});
}

TEST_F(EngineTest, LinkedPinsAreAwaitedInSpiteOfDefaults) {
    auto graph = GraphBuilder()
                     .Node("left", "store")
                     .Node("right", "store")
                     .Node("both", "pair", R"({"a":"","b":{}})")
                     .Link("left.output => both.a")
                     .Link("right.output => both.b")
                     .Build();
    RunToEnd(Request(graph, "run",
                     {At("left", R"({"input":{"k":1}})"), At("right", R"({"input":"key2"})")}));
    EXPECT_EQ(Stored("run").node_executions.size(), 3u);
    EXPECT_EQ(Outputs("both"), Texts{R"([{"k":1},"key2"])"});
}

TEST_F(EngineTest, StaticValueCompletesExecutionsThatWaitedForIt) {
    GraphBuilder builder;
    builder.Node("sum", "pair");
    std::vector<RunRequest::Start> starts;
    for (const char* id : {"x", "y", "z"}) {
        builder.Node(id, "store").Link(std::string(id) + ".output -> sum.a");
        starts.push_back(At(id, R"({"input":4})"));
    }
    builder.Node("five", "store").Node("again", "store");
    builder.Link("five.output -> again.input").Link("again.output => sum.b");
    starts.push_back(At("five", R"({"input":5})"));
    EXPECT_EQ(RunToEnd(Request(builder.Build(), "run", starts)), ExecutionStatus::kCompleted);
    EXPECT_EQ(Stored("run").node_executions.size(), 8u);
    EXPECT_EQ(Outputs("sum"), (Texts{"[4,5]", "[4,5]", "[4,5]"}));
}

TEST_F(EngineTest, LaterExecutionsReuseTheStaticValueOfTheLatestOne) {
    auto graph = GraphBuilder()
                     .Node("config", "store")
                     .Node("list", "each")
                     .Node("both", "pair")
                     .Link("config.output => both.b")
                     .Link("list.item -> both.a")
                     .Build();
    RunToEnd(Request(graph, "run",
                     {At("config", R"({"input":"c"})"), At("list", R"({"items":[1,2,3]})")}));
    EXPECT_EQ(Outputs("both"), (Texts{R"([1,"c"])", R"([2,"c"])", R"([3,"c"])"}));
}

TEST_F(EngineTest, DeliveriesOnOnePinQueueUpFirstInFirstOut) {
    auto graph = GraphBuilder()
                     .Node("left", "each")
                     .Node("right", "each")
                     .Node("both", "pair")
                     .Link("left.item -> both.a")
                     .Link("right.item -> both.b")
                     .Build();
    RunToEnd(Request(graph, "run",
                     {At("left", R"({"items":[1,2,3]})"), At("right", R"({"items":[7,8]})")}));
    EXPECT_EQ(Outputs("both"), (Texts{"[1,7]", "[2,8]"}));
    const auto executions = Executions("both");
    ASSERT_EQ(executions.size(), 3u);
    EXPECT_EQ(executions[2].status, ExecutionStatus::kIncomplete);
    EXPECT_EQ(WriteJson(executions[2].input_data), R"({"a":3})");
}

TEST_F(EngineTest, FailedNodeRoutesItsErrorAndTheRunCompletes) {
    auto graph = GraphBuilder()
                     .Node("bad", "fail")
                     .Node("handler", "pass")
                     .Node("never", "pass")
                     .Link("bad.error -> handler.input")
                     .Link("bad.output -> never.input")
                     .Build();
    EXPECT_EQ(RunToEnd(Request(graph, "run", {At("bad", R"({"input":"no luck"})")})),
              ExecutionStatus::kCompleted);
    const std::string text = R"("raised by failBlock with message: no luck. block_id: fail")";
    EXPECT_EQ(Outputs("bad", "error"), Texts{text});
    EXPECT_EQ(Outputs("handler"), Texts{text});
    EXPECT_TRUE(Executions("never").empty());
    EXPECT_EQ(Executions("bad")[0].status, ExecutionStatus::kFailed);
    EXPECT_EQ(Executions("bad")[0].stats["error"].AsString(), text.substr(1, text.size() - 2));
    EXPECT_EQ(last_->stats().node_error_count, 1);
    EXPECT_EQ(last_->stats().node_count, 2);
    EXPECT_FALSE(last_->stats().error.has_value());
}

TEST_F(EngineTest, ErrorOutputEndsTheCallAsFailed) {
    auto graph = GraphBuilder().Node("a", "open").Build();
    auto observer = Submit(Request(graph, "run", {At("a", "{}")}));
    auto call = runtime_.Call("a");
    call->Emit("output", Value::Int(1));
    call->Emit("error", Value::String("gone"));
    EXPECT_EQ(observer->WaitForEnd(), ExecutionStatus::kCompleted);
    EXPECT_TRUE(call->cancelled());
    EXPECT_EQ(Executions("a")[0].status, ExecutionStatus::kFailed);
    EXPECT_EQ(Outputs("a"), Texts{"1"});
    EXPECT_EQ(Outputs("a", "error"),
              Texts{R"("raised by openBlock with message: gone. block_id: open")"});
}

TEST_F(EngineTest, NullTravelsOnlyAlongTheLinkOfItsOwnName) {
    auto graph = GraphBuilder()
                     .Node("a", "open")
                     .Node("whole", "pass")
                     .Node("part", "pass")
                     .Link("a.output -> whole.input")
                     .Link("a.output_#_x -> part.input")
                     .Build();
    auto observer = Submit(Request(graph, "run", {At("a", "{}")}));
    auto call = runtime_.Call("a");
    call->Emit("output", Value());
    call->Emit("output", Json(R"({"x":null})"));
    call->Emit("output", Json(R"({"x":5})"));
    call->Finish();
    observer->WaitForEnd();
    EXPECT_EQ(Outputs("whole"), (Texts{"null", R"({"x":null})", R"({"x":5})"}));
    EXPECT_EQ(Outputs("part"), Texts{"5"});
}

TEST_F(EngineTest, SecondExecutionsOutputsWaitForTheFirst) {
    auto graph = GraphBuilder()
                     .Node("list", "each")
                     .Node("work", "open")
                     .Node("sink", "pass")
                     .Link("list.item -> work.input")
                     .Link("work.output -> sink.input")
                     .Build();
    auto observer = Submit(Request(graph, "run", {At("list", R"({"items":[1,2]})")}));
    auto first = runtime_.Call("work", 0);
    auto second = runtime_.Call("work", 1);
    second->Emit("output", Value::String("second"));
    second->Finish();
    first->Emit("output", Value::String("first"));
    first->Emit("output", Value::String("first again"));
    first->Finish();
    observer->WaitForEnd();
    EXPECT_EQ(Outputs("sink"), (Texts{R"("first")", R"("first again")", R"("second")"}));
}

TEST_F(EngineTest, LoopRunsUntilItsConditionHolds) {
    auto graph = GraphBuilder()
                     .Node("loop", "count", R"({"limit":1000})")
                     .Node("end", "output", R"({"name":"n"})")
                     .Link("loop.next -> loop.input")
                     .Link("loop.done -> end.value")
                     .Build();
    EXPECT_EQ(RunToEnd(Request(graph, "run", {At("loop", R"({"input":0,"limit":1000})")})),
              ExecutionStatus::kCompleted);
    EXPECT_EQ(last_->outputs(), Texts{"n=1000"});
    EXPECT_EQ(last_->stats().node_count, 1001);
}

TEST_F(EngineTest, EndlessLoopFailsTheRunAtTheLimit) {
    options_.node_executions_per_run_max = 50;
    auto graph = GraphBuilder().Node("a", "pass").Link("a.output -> a.input").Build();
    EXPECT_EQ(RunToEnd(Request(graph, "run", {At("a", R"({"input":1})")})),
              ExecutionStatus::kFailed);
    ASSERT_TRUE(last_->stats().error.has_value());
    EXPECT_NE(last_->stats().error->find("after 50 node executions"), std::string::npos);
    EXPECT_EQ(Stored("run").execution.status, ExecutionStatus::kFailed);
}

TEST_F(EngineTest, FanOutSharesOneValue) {
    GraphBuilder builder;
    builder.Node("a", "pass");
    for (int i = 0; i < 100; ++i) {
        const std::string id = "sink" + std::to_string(i);
        builder.Node(id, "pair").Link("a.output -> " + id + ".a").Link("a.other -> " + id + ".b");
    }
    RunToEnd(Request(builder.Build(), "run", {At("a", R"({"input":{"big":[1,2,3]}})")}));
    const blk_tok* tape = nullptr;
    size_t inputs = 0;
    for (const auto& append : journal_.appends()) {
        for (const auto& record : append) {
            if (const auto* output = std::get_if<storage::NodeOutputAdded>(&record)) {
                tape = output->value->token();
            } else if (const auto* input = std::get_if<storage::NodeInputAdded>(&record)) {
                ++inputs;
                EXPECT_EQ(input->value->token(), tape);
            }
        }
    }
    EXPECT_EQ(inputs, 100u);
}

TEST_F(EngineTest, MasksOverlayTheInputsOfTheirNode) {
    auto graph = GraphBuilder()
                     .Node("a", "pass")
                     .Node("b", "pair", R"({"b":1})")
                     .Link("a.output -> b.a")
                     .Build();
    RunRequest request = Request(graph, "run", {At("a", R"({"input":"x"})")});
    request.compiled_masks = Json(R"({"b":{"b":"masked"}})");
    RunToEnd(std::move(request));
    EXPECT_EQ(Outputs("b"), Texts{R"(["x","masked"])"});
}

TEST_F(EngineTest, SkippedNodesEndWithoutBeingCalled) {
    auto graph = GraphBuilder()
                     .Node("a", "pass")
                     .Node("b", "pass")
                     .Node("c", "pass")
                     .Link("a.output -> b.input")
                     .Link("b.output -> c.input")
                     .Build();
    RunRequest request = Request(graph, "run", {At("a", R"({"input":1})")});
    request.nodes_to_skip = {NodeId("b")};
    EXPECT_EQ(RunToEnd(std::move(request)), ExecutionStatus::kCompleted);
    EXPECT_EQ(runtime_.call_count(), 1u);
    EXPECT_EQ(Executions("b")[0].status, ExecutionStatus::kCompleted);
    EXPECT_TRUE(Executions("c").empty());
}

TEST_F(EngineTest, InvalidInputLeavesTheExecutionIncomplete) {
    auto graph = GraphBuilder()
                     .Node("a", "pass")
                     .Node("b", "each")
                     .Node("wrong", "unheard-of")
                     .Link("a.output -> wrong.x")
                     .Build();
    EXPECT_EQ(RunToEnd(Request(graph, "run", {At("a", R"({"input":1})")})),
              ExecutionStatus::kCompleted);
    EXPECT_EQ(Executions("wrong")[0].status, ExecutionStatus::kIncomplete);
}

TEST_F(EngineTest, SubmitIsRefusedWhileTheJournalFails) {
    journal_.SetFailing(true);
    auto graph = GraphBuilder().Node("a", "pass").Build();
    const Result<Ok> submitted = engine().Submit(Request(graph, "run", {At("a", "{}")}), [] {});
    ASSERT_FALSE(submitted.ok());
    EXPECT_EQ(submitted.error().kind, ErrorKind::kUnavailable);
    EXPECT_TRUE(journal_.appends().empty());
    EXPECT_EQ(engine().active_runs(), 0u);
}

TEST_F(EngineTest, SubmitRefusesAnUnknownStartingNode) {
    auto graph = GraphBuilder().Node("a", "pass").Build();
    const Result<Ok> submitted = engine().Submit(Request(graph, "run", {At("nope", "{}")}), [] {});
    ASSERT_FALSE(submitted.ok());
    EXPECT_EQ(submitted.error().kind, ErrorKind::kInvalid);
}

TEST_F(EngineTest, SubmitRefusesARunThatIsHereAlready) {
    auto graph = GraphBuilder().Node("a", "open").Build();
    Submit(Request(graph, "run", {At("a", "{}")}));
    const Result<Ok> again = engine().Submit(Request(graph, "run", {At("a", "{}")}), [] {});
    ASSERT_FALSE(again.ok());
    EXPECT_EQ(again.error().kind, ErrorKind::kConflict);
}

TEST_F(EngineTest, RunIsAcceptedAndEndsOnlyWhenDurable) {
    journal_.Hold();
    Signal accepted;
    auto graph = GraphBuilder().Node("a", "open").Build();
    RunRequest request = Request(graph, "run", {At("a", "{}")});
    auto observer = std::static_pointer_cast<RecordingObserver>(request.observer);
    ASSERT_TRUE(engine().Submit(std::move(request), accepted.Setter()).ok());
    auto call = runtime_.Call("a");
    EXPECT_FALSE(accepted.is_set());
    journal_.Commit();
    EXPECT_TRUE(accepted.is_set());
    call->Finish();
    EXPECT_FALSE(observer->has_ended());
    while (!observer->has_ended()) journal_.Commit();
    EXPECT_EQ(observer->WaitForEnd(), ExecutionStatus::kCompleted);
}

TEST_F(EngineTest, ExcessRunsOfAUserAndGraphWaitWithoutBlockingOthers) {
    options_.runs_per_user_and_graph_max = 1;
    auto graph = GraphBuilder().Node("a", "open").Build();
    auto first = Submit(Request(graph, "run1", {At("a", "{}")}));
    auto second = Submit(Request(graph, "run2", {At("a", "{}")}));
    RunRequest other = Request(graph, "run3", {At("a", "{}")});
    other.execution.user_id = UserId("somebody else");
    auto third = Submit(std::move(other));
    auto call1 = runtime_.Call("a", 0);
    auto call3 = runtime_.Call("a", 1);
    EXPECT_EQ(call3->request().user_id.text(), "somebody else");
    EXPECT_EQ(Stored("run2").execution.status, ExecutionStatus::kQueued);
    call3->Finish();
    EXPECT_EQ(third->WaitForEnd(), ExecutionStatus::kCompleted);
    EXPECT_EQ(runtime_.call_count(), 2u);
    call1->Finish();
    runtime_.Call("a", 2)->Finish();
    EXPECT_EQ(second->WaitForEnd(), ExecutionStatus::kCompleted);
    EXPECT_EQ(first->WaitForEnd(), ExecutionStatus::kCompleted);
}

TEST_F(EngineTest, SubAgentsDoNotWaitForTheirParentsTurn) {
    options_.runs_max = 1;
    auto graph = GraphBuilder().Node("a", "open").Build();
    auto parent = Submit(Request(graph, "parent", {At("a", "{}")}));
    runtime_.Call("a", 0);
    RunRequest request = Request(graph, "child", {At("a", "{}")});
    request.context.parent_execution_id = GraphExecutionId("parent");
    auto child = Submit(std::move(request));
    runtime_.Call("a", 1)->Finish();
    EXPECT_EQ(child->WaitForEnd(), ExecutionStatus::kCompleted);
    runtime_.Call("a", 0)->Finish();
    EXPECT_EQ(parent->WaitForEnd(), ExecutionStatus::kCompleted);
}

TEST_F(EngineTest, AgentThatCallsItselfIsRefusedAtTheDepthLimit) {
    options_.sub_run_depth_max = 1;
    auto graph = GraphBuilder().Node("a", "open").Build();
    Submit(Request(graph, "root", {At("a", "{}")}));
    RunRequest child = Request(graph, "child", {At("a", "{}")});
    child.context.parent_execution_id = GraphExecutionId("root");
    Submit(std::move(child));
    RunRequest grandchild = Request(graph, "grandchild", {At("a", "{}")});
    grandchild.context.parent_execution_id = GraphExecutionId("child");
    const Result<Ok> submitted = engine().Submit(std::move(grandchild), [] {});
    ASSERT_FALSE(submitted.ok());
    EXPECT_EQ(submitted.error().kind, ErrorKind::kInvalid);
}

TEST_F(EngineTest, ExecutionsInFlightAreBounded) {
    options_.node_executions_in_flight_max = 2;
    auto graph =
        GraphBuilder().Node("list", "each").Node("w", "open").Link("list.item -> w.input").Build();
    auto observer = Submit(Request(graph, "run", {At("list", R"({"items":[1,2,3,4]})")}));
    auto first = runtime_.Call("w", 0);
    runtime_.Call("w", 1);
    EXPECT_EQ(runtime_.call_count(), 3u);  // With the list.
    first->Finish();
    for (size_t i = 1; i < 4; ++i) runtime_.Call("w", i)->Finish();
    EXPECT_EQ(observer->WaitForEnd(), ExecutionStatus::kCompleted);
}

TEST_F(EngineTest, BlockThatEmitsTooFastIsToldToWaitAndLosesNothing) {
    options_.emits_pending_max = 4;
    std::string items = "[0";
    for (int i = 1; i < 500; ++i) items += "," + std::to_string(i);
    auto graph =
        GraphBuilder().Node("list", "each").Node("w", "pass").Link("list.item -> w.input").Build();
    RunToEnd(Request(graph, "run", {At("list", R"({"items":)" + items + "]}")}));
    EXPECT_EQ(Outputs("w").size(), 500u);
    EXPECT_EQ(Outputs("w").back(), "499");
    EXPECT_GT(runtime_.Call("list")->drains(), 0u);
}

TEST_F(EngineTest, OutputsOfALaterExecutionAreHeldWithinTheBound) {
    options_.emits_pending_max = 2;
    auto graph = GraphBuilder()
                     .Node("list", "each")
                     .Node("w", "open")
                     .Node("sink", "pass")
                     .Link("list.item -> w.input")
                     .Link("w.output -> sink.input")
                     .Build();
    auto observer = Submit(Request(graph, "run", {At("list", R"({"items":[1,2]})")}));
    auto second = runtime_.Call("w", 1);
    for (int i = 0; i < 5; ++i) second->Emit("output", Value::Int(i));
    second->Finish();
    EXPECT_EQ(second->refused(), 3u);
    runtime_.Call("w", 0)->Finish();
    EXPECT_EQ(observer->WaitForEnd(), ExecutionStatus::kCompleted);
    EXPECT_EQ(Outputs("sink"), (Texts{"0", "1", "2", "3", "4"}));
}

TEST_F(EngineTest, DisabledBlockFailsWithItsSentence) {
    fakes::FakeCatalog::Block block;
    block.id = "off";
    block.name = "OffBlock";
    block.availability = model::BlockAvailability::kDisabled;
    catalog_.Add(block);
    auto graph = GraphBuilder().Node("a", "off").Build();
    EXPECT_EQ(RunToEnd(Request(graph, "run", {At("a", "{}")})), ExecutionStatus::kCompleted);
    EXPECT_EQ(
        Outputs("a", "error"),
        Texts{R"("raised by OffBlock with message: Block #off is disabled.. block_id: off")"});
    EXPECT_EQ(runtime_.call_count(), 0u);
}

TEST_F(EngineTest, UnknownStartingBlockFailsItsNode) {
    auto graph = GraphBuilder().Node("a", "unheard-of").Build();
    EXPECT_EQ(RunToEnd(Request(graph, "run", {At("a", "{}")})), ExecutionStatus::kCompleted);
    EXPECT_EQ(Executions("a")[0].status, ExecutionStatus::kFailed);
    EXPECT_EQ(Outputs("a", "error"), Texts{R"("Block for unheard-of not found.")"});
}

TEST_F(EngineTest, BlockStatsAreMergedIntoNodeAndRun) {
    auto graph = GraphBuilder().Node("a", "open").Build();
    auto observer = Submit(Request(graph, "run", {At("a", R"({"input":"abc"})")}));
    auto call = runtime_.Call("a");
    clock_.Advance(std::chrono::seconds(2));
    call->Emit("output", Json(R"({"k":1})"));
    call->Finish({BlockResult::kCompleted, "",
                  Json(R"({"llm_call_count":2,"extra_cost":7,"extra_steps":3,"provider":"x"})"),
                  0.5});
    observer->WaitForEnd();
    const Value stats = Executions("a")[0].stats;
    EXPECT_EQ(stats["input_size"].AsInt(), 15);
    EXPECT_EQ(stats["output_size"].AsInt(), 7);
    EXPECT_EQ(stats["llm_call_count"].AsInt(), 2);
    EXPECT_EQ(stats["provider"].AsString(), "x");
    EXPECT_DOUBLE_EQ(stats["walltime"].AsDouble(), 2.0);
    EXPECT_EQ(observer->stats().cost, 7);
    EXPECT_EQ(observer->stats().node_count, 4);
    EXPECT_DOUBLE_EQ(observer->stats().nodes_cputime_s, 0.5);
    EXPECT_DOUBLE_EQ(observer->stats().walltime_s, 2.0);
}

}  // namespace
}  // namespace yard::engine
