// What an earlier process left is continued exactly: nothing is lost, nothing happens twice.

#include <algorithm>
#include <map>

#include "tests/fakes/fake_event_sink.h"
#include "tests/unit/host/engine/engine_fixture.h"

namespace yard::engine {
namespace {

using model::ExecutionStatus;
using Texts = std::vector<std::string>;

// "node.pin" -> values in any order; "node STATUS" -> one entry per execution.
std::map<std::string, Texts> Summary(const storage::StoredRun& run) {
    std::map<std::string, Texts> summary;
    for (const model::NodeExecution& node : run.node_executions) {
        summary[node.node_id.text() + " " + std::string(model::ToString(node.status))].push_back(
            WriteJson(node.input_data));
        for (const auto& [pin, values] : node.output_data) {
            for (const Value& value : values) {
                summary[node.node_id.text() + "." + pin].push_back(WriteJson(value));
            }
        }
    }
    for (auto& [key, texts] : summary) std::sort(texts.begin(), texts.end());
    return summary;
}

class ResumeTest : public EngineTest {
protected:
    // The journal of a process that died after `prefix`, and of the one that went on.
    storage::StoredRun ResumeAfter(const fakes::FakeJournal::Appends& prefix,
                                   std::shared_ptr<const model::Graph> graph) {
        fakes::JournalReplay replay;
        replay.Apply(prefix);
        storage::StoredRun stored = *replay.Find(GraphExecutionId("run"));
        fakes::FakeJournal journal;
        fakes::FakeEventSink events;
        auto workers = MakeStepPool("resume", 2);
        auto engine = Engine::Make(
            {runtime_, catalog_, journal, no_credits_, clock_, *workers, &events}, options_);
        const Result<Ok> resumed = engine->Resume(std::move(stored), std::move(graph));
        EXPECT_TRUE(resumed.ok());
        EXPECT_TRUE(events.WaitForEnd().has_value());
        engine.reset();
        workers->Stop();
        replay.Apply(journal.appends());
        return *replay.Find(GraphExecutionId("run"));
    }
};

TEST_F(ResumeTest, AfterAnyAppendTheRunEndsAsIfUndisturbed) {
    options_.records_per_append = 1;
    auto graph = GraphBuilder()
                     .Node("config", "store")
                     .Node("list", "each")
                     .Node("both", "pair")
                     .Node("loop", "count", R"({"limit":4})")
                     .Node("bad", "fail")
                     .Node("late", "pass")
                     .Node("end", "output", R"({"name":"n"})")
                     .Link("config.output => both.b")
                     .Link("list.item -> both.a")
                     .Link("list.item -> bad.input")
                     .Link("bad.error -> late.input")
                     .Link("loop.next -> loop.input")
                     .Link("loop.done -> end.value")
                     .Link("late.output -> end.value")
                     .Build();
    ASSERT_EQ(RunToEnd(Request(
                  graph, "run",
                  {At("list", R"({"items":["x","y","z"]})"), At("config", R"({"input":"c"})"),
                   At("loop", R"({"input":0,"limit":4})")})),
              ExecutionStatus::kCompleted);
    const fakes::FakeJournal::Appends appends = journal_.appends();
    const storage::StoredRun undisturbed = Stored("run");
    ASSERT_GT(appends.size(), 40u);
    for (size_t cut = 1; cut < appends.size(); ++cut) {
        SCOPED_TRACE("after append " + std::to_string(cut));
        const storage::StoredRun resumed = ResumeAfter(
            {appends.begin(), appends.begin() + static_cast<std::ptrdiff_t>(cut)}, graph);
        EXPECT_EQ(resumed.execution.status, ExecutionStatus::kCompleted);
        EXPECT_EQ(Summary(resumed), Summary(undisturbed));
        EXPECT_EQ(resumed.execution.stats->node_count, undisturbed.execution.stats->node_count);
        EXPECT_EQ(resumed.execution.stats->node_error_count,
                  undisturbed.execution.stats->node_error_count);
    }
}

TEST_F(ResumeTest, RerunOfABegunNodeIsCounted) {
    auto graph = GraphBuilder().Node("a", "open").Build();
    Submit(Request(graph, "run", {At("a", "{}")}));
    runtime_.Call("a")->Emit("output", Value::Int(1));
    engine().Shutdown(std::chrono::milliseconds(0));
    runtime_.On("open", [](fakes::FakeCall& call) {
        call.Emit("output", Value::Int(1));
        call.Emit("output", Value::Int(2));
        call.Finish();
    });
    const storage::StoredRun run = ResumeAfter(journal_.appends(), graph);
    ASSERT_EQ(run.node_executions.size(), 1u);
    EXPECT_EQ(run.node_executions[0].stats["retry_count"].AsInt(), 1);
    EXPECT_EQ(Summary(run)["a.output"], (Texts{"1", "2"}));
}

TEST_F(ResumeTest, TerminatedRunGoesOnWithWhatWasTerminated) {
    auto graph =
        GraphBuilder().Node("a", "open").Node("b", "pass").Link("a.output -> b.input").Build();
    auto observer = Submit(Request(graph, "run", {At("a", "{}")}));
    runtime_.Call("a");
    EXPECT_TRUE(engine().Stop(GraphExecutionId("run"), {}));
    EXPECT_EQ(observer->WaitForEnd(), ExecutionStatus::kTerminated);
    runtime_.On("open", [](fakes::FakeCall& call) {
        call.Emit("output", Value::Int(9));
        call.Finish();
    });
    const storage::StoredRun run = ResumeAfter(journal_.appends(), graph);
    EXPECT_EQ(run.execution.status, ExecutionStatus::kCompleted);
    EXPECT_EQ(Summary(run)["b.output"], Texts{"9"});
}

TEST_F(ResumeTest, FinishedRunsAreRefused) {
    auto graph = GraphBuilder().Node("a", "pass").Build();
    RunToEnd(Request(graph, "run", {At("a", "{}")}));
    while (engine().active_runs() > 0) std::this_thread::yield();
    const Result<Ok> resumed = engine().Resume(Stored("run"), graph);
    ASSERT_FALSE(resumed.ok());
    EXPECT_EQ(resumed.error().kind, ErrorKind::kConflict);
}

}  // namespace
}  // namespace yard::engine
