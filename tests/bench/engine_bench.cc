// Node executions per second of the engine alone: blocks that answer at once, a journal that keeps
// nothing, one worker.

#include <benchmark/benchmark.h>

#include <string>

#include "tests/unit/host/engine/engine_fixture.h"

namespace yard::engine {
namespace {

class NoJournal final : public storage::ExecutionJournal {
public:
    Position Append(std::vector<storage::JournalRecord> records) override {
        benchmark::DoNotOptimize(records.data());
        return ++position_;
    }
    void OnDurable(Position, std::function<void()> done) override { done(); }
    Result<Ok> Health() const override { return Ok{}; }
    void Flush() override {}

private:
    std::atomic<Position> position_{0};
};

// Every block passes its input on within Start.
class PassRuntime final : public BlockRuntime {
public:
    std::shared_ptr<BlockTask> Start(BlockCall call, std::shared_ptr<BlockCallSink> sink) override {
        const View input = call.input["input"];
        if (call.block->id.text() == "count") {
            const int64_t next = input.AsInt() + 1;
            sink->OnEmit(next < call.input["limit"].AsInt() ? "next" : "done", Value::Int(next));
        } else {
            sink->OnEmit("output", call.input.Share(input));
        }
        sink->OnDone({});
        return task_;
    }

private:
    class Task final : public BlockTask {
        void Cancel() override {}
        void Drain() override {}
    };
    const std::shared_ptr<BlockTask> task_ = std::make_shared<Task>();
};

class EndSignal final : public RunObserver {
public:
    void OnOutput(const std::string&, const Value&) override {}
    void OnEnd(model::ExecutionStatus, const model::GraphExecutionStats&) override {
        std::lock_guard lock(mutex_);
        ended_ = true;
        changed_.notify_one();
    }
    void Wait() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return ended_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool ended_ = false;
};

// Runs at once, so that handing over between threads is not what is measured.
constexpr int kRunsAtOnce = 16;

void Measure(benchmark::State& state, std::shared_ptr<const model::Graph> graph, Value input,
             int64_t executions_per_run) {
    fakes::FakeCatalog catalog;
    fakes::FakeBlockRuntime unused;
    AddBlocks(catalog, unused);
    PassRuntime runtime;
    NoJournal journal;
    NoCredits credits;
    SystemClock clock;
    auto workers = MakeStepPool("bench", 1);
    auto engine = Engine::Make({runtime, catalog, journal, credits, clock, *workers}, {});
    int64_t run_number = 0;
    for (auto _ : state) {
        std::vector<std::shared_ptr<EndSignal>> ends;
        for (int i = 0; i < kRunsAtOnce; ++i) {
            RunRequest request;
            request.execution.id = GraphExecutionId("run" + std::to_string(run_number++));
            request.execution.user_id = UserId("user");
            request.execution.graph_id = graph->id;
            request.graph = graph;
            request.starts = {{graph->nodes[0].id, input}};
            ends.push_back(std::make_shared<EndSignal>());
            request.observer = ends.back();
            if (!engine->Submit(std::move(request), [] {})) state.SkipWithError("not accepted");
        }
        for (const auto& end : ends) end->Wait();
    }
    state.SetItemsProcessed(state.iterations() * kRunsAtOnce * executions_per_run);
    engine->Shutdown(std::chrono::milliseconds(0));
    workers->Stop();
}

void BM_Chain10(benchmark::State& state) {
    GraphBuilder builder;
    for (int i = 0; i < 10; ++i) builder.Node("node" + std::to_string(i), "pass");
    for (int i = 1; i < 10; ++i) {
        builder.Link("node" + std::to_string(i - 1) + ".output -> node" + std::to_string(i) +
                     ".input");
    }
    Measure(state, builder.Build(), Json(R"({"input":"hello"})"), 10);
}
BENCHMARK(BM_Chain10)->UseRealTime();

void BM_FanOut100(benchmark::State& state) {
    GraphBuilder builder;
    builder.Node("source", "pass");
    for (int i = 0; i < 100; ++i) {
        const std::string id = "sink" + std::to_string(i);
        builder.Node(id, "pass").Link("source.output -> " + id + ".input");
    }
    Measure(state, builder.Build(), Json(R"({"input":{"text":"hello","n":[1,2,3]}})"), 101);
}
BENCHMARK(BM_FanOut100)->UseRealTime();

void BM_Loop1000(benchmark::State& state) {
    auto graph = GraphBuilder()
                     .Node("loop", "count", R"({"limit":1000})")
                     .Link("loop.next -> loop.input")
                     .Build();
    Measure(state, graph, Json(R"({"input":0,"limit":1000})"), 1000);
}
BENCHMARK(BM_Loop1000)->UseRealTime();

}  // namespace
}  // namespace yard::engine
