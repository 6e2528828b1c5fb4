// An engine with fakes around it, and a few blocks:
//   input   static source: emits its `value` on `result`, unless null
//   pass    emits `input` on `output`
//   store   the same, static
//   pair    two pins `a`, `b`; emits [a, b] on `output`
//   each    emits every item of `items` on `item`
//   count   emits `next` = input + 1 while that is below `limit`, else `done`
//   fail    fails with the text `input`
//   open    stays open: the test continues it
//   output  OUTPUT block: emits `value` on `output`
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "host/engine/credit_ledger.h"
#include "host/engine/engine.h"
#include "host/engine/run_observer.h"
#include "host/engine/worker_pool.h"
#include "tests/fakes/fake_block_runtime.h"
#include "tests/fakes/fake_catalog.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_journal.h"

namespace yard::engine {

inline Value Json(const std::string& text) {
    Result<Value> value = ParseJson(text);
    EXPECT_TRUE(value.ok()) << text;
    return value ? value.value() : Value();
}

// Builds graphs in one line per node and link.
class GraphBuilder {
public:
    GraphBuilder() {
        graph_.id = GraphId("graph");
        graph_.user_id = UserId("user");
    }
    GraphBuilder& Node(const std::string& id, const std::string& block,
                       const std::string& defaults = "{}") {
        graph_.nodes.push_back({NodeId(id), BlockId(block), Json(defaults), Json("{}"), {}});
        return *this;
    }
    // "a.output -> b.input", or with "=>" for a static link.
    GraphBuilder& Link(const std::string& text) {
        const bool is_static = text.find("=>") != std::string::npos;
        const size_t arrow = text.find(is_static ? " => " : " -> ");
        const std::string from = text.substr(0, arrow);
        const std::string to = text.substr(arrow + 4);
        model::Link link;
        link.id = "link-" + std::to_string(graph_.links.size());
        link.source_id = NodeId(from.substr(0, from.find('.')));
        link.source_name = from.substr(from.find('.') + 1);
        link.sink_id = NodeId(to.substr(0, to.find('.')));
        link.sink_name = to.substr(to.find('.') + 1);
        link.is_static = is_static;
        graph_.links.push_back(std::move(link));
        return *this;
    }
    std::shared_ptr<const model::Graph> Build() {
        return std::make_shared<const model::Graph>(std::move(graph_));
    }

private:
    model::Graph graph_;
};

// Remembers what it was told and lets a test wait for the end. Thread-safe.
class RecordingObserver final : public RunObserver {
public:
    void OnOutput(const std::string& name, const Value& value) override {
        std::lock_guard lock(mutex_);
        outputs_.push_back(name + "=" + WriteJson(value));
    }
    void OnEnd(model::ExecutionStatus status, const model::GraphExecutionStats& stats) override {
        std::lock_guard lock(mutex_);
        status_ = status;
        stats_ = stats;
        ended_.notify_all();
    }

    model::ExecutionStatus WaitForEnd() {
        std::unique_lock lock(mutex_);
        const bool in_time =
            ended_.wait_for(lock, std::chrono::seconds(20), [this] { return status_.has_value(); });
        EXPECT_TRUE(in_time) << "the run did not end";
        return status_.value_or(model::ExecutionStatus::kIncomplete);
    }
    bool has_ended() const {
        std::lock_guard lock(mutex_);
        return status_.has_value();
    }
    model::GraphExecutionStats stats() const {
        std::lock_guard lock(mutex_);
        return stats_;
    }
    std::vector<std::string> outputs() const {
        std::lock_guard lock(mutex_);
        return outputs_;
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable ended_;
    std::optional<model::ExecutionStatus> status_;
    model::GraphExecutionStats stats_;
    std::vector<std::string> outputs_;
};

// One thing that happens once, on any thread.
class Signal {
public:
    std::function<void()> Setter() {
        return [this] {
            std::lock_guard lock(mutex_);
            set_ = true;
            changed_.notify_all();
        };
    }
    bool Wait() {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(20), [this] { return set_; });
    }
    bool is_set() const {
        std::lock_guard lock(mutex_);
        return set_;
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool set_ = false;
};

inline void AddBlocks(fakes::FakeCatalog& catalog, fakes::FakeBlockRuntime& runtime) {
    using fakes::FakeCall;
    const auto add = [&](const std::string& name, model::BlockKind kind, const std::string& inputs,
                         const std::string& outputs, bool is_static,
                         fakes::FakeBlockRuntime::Block run) {
        fakes::FakeCatalog::Block block;
        block.id = name;
        block.name = name + "Block";
        block.kind = kind;
        block.input_schema = R"({"type":"object","properties":{)" + inputs + "}}";
        block.output_schema = R"({"type":"object","properties":{)" + outputs + "}}";
        block.static_output = is_static;
        catalog.Add(block);
        runtime.On(name, std::move(run));
    };
    const auto standard = model::BlockKind::kStandard;
    const auto pass = [](FakeCall& call) {
        call.Emit("output", Value::Copy(call.input()["input"]));
        call.Finish();
    };
    add("input", model::BlockKind::kInput, R"("name":{"type":"string"},"value":{})",
        R"("result":{})", true, [](FakeCall& call) {
            if (!call.input()["value"].IsNull()) {
                call.Emit("result", Value::Copy(call.input()["value"]));
            }
            call.Finish();
        });
    add("pass", standard, R"("input":{})", R"("output":{},"error":{})", false, pass);
    add("store", standard, R"("input":{})", R"("output":{})", true, pass);
    add("pair", standard, R"("a":{},"b":{})", R"("output":{})", false, [](FakeCall& call) {
        call.Emit("output",
                  Value::Array({Value::Copy(call.input()["a"]), Value::Copy(call.input()["b"])}));
        call.Finish();
    });
    add("each", standard, R"("items":{"type":"array"})", R"("item":{},"error":{})", false,
        [](FakeCall& call) {
            for (View item : call.input()["items"].items()) call.Emit("item", Value::Copy(item));
            call.Finish();
        });
    add("count", standard, R"("input":{"type":"integer"},"limit":{"type":"integer"})",
        R"("next":{},"done":{})", false, [](FakeCall& call) {
            const int64_t next = call.input()["input"].AsInt() + 1;
            const bool more = next < call.input()["limit"].AsInt();
            call.Emit(more ? "next" : "done", Value::Int(next));
            call.Finish();
        });
    add("fail", standard, R"("input":{})", R"("error":{},"output":{})", false,
        [](FakeCall& call) { call.FailWith(std::string(call.input()["input"].AsString())); });
    add("open", standard, R"("input":{})", R"("output":{},"other":{},"error":{})", false,
        [](FakeCall&) {});
    add("output", model::BlockKind::kOutput, R"("name":{"type":"string"},"value":{})",
        R"("output":{},"name":{})", true, [](FakeCall& call) {
            call.Emit("output", Value::Copy(call.input()["value"]));
            call.Emit("name", Value::Copy(call.input()["name"]));
            call.Finish();
        });
}

class EngineTest : public testing::Test {
protected:
    EngineTest() { AddBlocks(catalog_, runtime_); }

    void TearDown() override { StopEngine(); }

    Engine& engine() {
        if (engine_ == nullptr) {
            engine_ = Engine::Make({runtime_, catalog_, journal_, *ledger_, clock_, *workers_,
                                    events_, blocking_.get()},
                                   options_);
        }
        return *engine_;
    }
    void StopEngine() {
        engine_.reset();
        if (blocking_ != nullptr) blocking_->Stop();
        workers_->Stop();
    }

    RunRequest Request(std::shared_ptr<const model::Graph> graph, const std::string& id,
                       std::vector<RunRequest::Start> starts) {
        RunRequest request;
        request.execution.id = GraphExecutionId(id);
        request.execution.user_id = UserId("user");
        request.execution.graph_id = graph->id;
        request.graph = std::move(graph);
        request.starts = std::move(starts);
        request.observer = std::make_shared<RecordingObserver>();
        return request;
    }
    static RunRequest::Start At(const std::string& node, const std::string& input) {
        return {NodeId(node), Json(input)};
    }

    std::shared_ptr<RecordingObserver> Submit(RunRequest request) {
        auto observer = std::static_pointer_cast<RecordingObserver>(request.observer);
        const Result<Ok> submitted = engine().Submit(std::move(request), [] {});
        EXPECT_TRUE(submitted.ok()) << (submitted ? "" : submitted.error().message);
        return observer;
    }
    model::ExecutionStatus RunToEnd(RunRequest request) {
        last_ = Submit(std::move(request));
        return last_->WaitForEnd();
    }

    storage::StoredRun Stored(const std::string& id) {
        fakes::JournalReplay replay;
        replay.Apply(journal_.appends());
        auto run = replay.Find(GraphExecutionId(id));
        EXPECT_TRUE(run.has_value());
        return run.value_or(storage::StoredRun{});
    }
    std::vector<model::NodeExecution> Executions(const std::string& node,
                                                 const std::string& run = "run") {
        std::vector<model::NodeExecution> found;
        for (model::NodeExecution& execution : Stored(run).node_executions) {
            if (execution.node_id.text() == node) found.push_back(std::move(execution));
        }
        return found;
    }
    // What the executions of a node emitted on a pin, as JSON texts in order.
    std::vector<std::string> Outputs(const std::string& node, const std::string& pin = "output",
                                     const std::string& run = "run") {
        std::vector<std::string> texts;
        for (const model::NodeExecution& execution : Executions(node, run)) {
            for (const auto& [name, values] : execution.output_data) {
                if (name != pin) continue;
                for (const Value& value : values) texts.push_back(WriteJson(value));
            }
        }
        return texts;
    }

    fakes::FakeCatalog catalog_;
    fakes::FakeBlockRuntime runtime_;
    fakes::FakeJournal journal_;
    fakes::FakeClock clock_;
    NoCredits no_credits_;
    CreditLedger* ledger_ = &no_credits_;
    EventSink* events_ = nullptr;
    EngineOptions options_;
    std::unique_ptr<WorkerPool> workers_ = MakeStepPool("test-step", 2);
    std::unique_ptr<WorkerPool> blocking_;
    std::unique_ptr<Engine> engine_;
    std::shared_ptr<RecordingObserver> last_;
};

}  // namespace yard::engine
