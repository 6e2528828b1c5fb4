// What a call across the plugin ABI costs: the host's side and a C block that does next to nothing.

#include <benchmark/benchmark.h>

#include "base/clock.h"
#include "base/json.h"
#include "host/credentials/system_credentials.h"
#include "host/engine/worker_pool.h"
#include "host/plugin/block_runtime.h"
#include "host/plugin/catalog.h"
#include "host/plugin/loader.h"
#include "tests/unit/registry/plugin_directory.h"

namespace yard {
namespace {

constexpr char kEcho[] = "00000000-0000-4000-8000-000000000001";
constexpr char kCountsToThree[] = "00000000-0000-4000-8000-000000000015";
constexpr int kBlocks = 28;  // Of tests/plugins/bad/misbehaving.c.

class InlinePool final : public engine::WorkerPool {
public:
    bool Post(Work work) override {
        work();
        return true;
    }
    void Stop() override {}
};

class NoHttp final : public plugin::HttpClient {
public:
    uint64_t Start(plugin::HttpRequest, std::shared_ptr<plugin::HttpSink>) override { return 1; }
    void Cancel(uint64_t) override {}
};

class CountingSink final : public engine::BlockCallSink {
public:
    bool OnEmit(std::string_view, Value) override { return ++emits > 0 && !is_full; }
    void OnDone(engine::BlockOutcome) override {}

    size_t emits = 0;
    bool is_full = false;
};

class World {
public:
    World() {
        std::string blocks;
        for (int i = 1; i <= kBlocks; ++i) {
            const std::string id =
                std::string(kEcho).substr(0, 34) + (i < 10 ? "0" : "") + std::to_string(i);
            blocks += (i == 1 ? "" : ",") + (R"({"id":")" + id) +
                      R"(","name":"B","inputSchema":{"properties":{}},)"
                      R"("outputSchema":{"properties":{"out":{}}}})";
        }
        directory_.Install("misbehaving", {{"id", "\"test.misbehaving\""}}, "plugin",
                           "[" + blocks + "]");
        registry_ = std::make_unique<registry::Registry>(directory_.Settings());
        plugins_ = plugin::LoadPlugins(*registry_, {});
        catalog_ = std::make_unique<plugin::PluginCatalog>(*registry_->state(),
                                                           std::vector<registry::KnownBlock>{});
        runtime_ = std::make_unique<plugin::PluginRuntime>(
            plugin::RuntimeParts{*plugins_, pool_, pool_, http_, *credentials_, clock_},
            plugin::RuntimeOptions{});
    }
    engine::BlockCall CallOf(const char* block, const std::string& input) const {
        engine::BlockCall call;
        call.block = catalog_->Find(BlockId(block));
        call.input = ParseJson(input).value();
        return call;
    }
    plugin::PluginRuntime& runtime() { return *runtime_; }

private:
    testing::PluginDirectory directory_;
    SystemClock clock_;
    InlinePool pool_;
    NoHttp http_;
    std::unique_ptr<credentials::CredentialStore> credentials_ =
        credentials::MakeSystemCredentials({});
    std::unique_ptr<registry::Registry> registry_;
    std::unique_ptr<plugin::LoadedPlugins> plugins_;
    std::unique_ptr<plugin::PluginCatalog> catalog_;
    std::unique_ptr<plugin::PluginRuntime> runtime_;
};

constexpr char kFields[] =
    R"({"a":"some text","b":1,"c":2.5,"d":true,"e":null,"f":"more text","g":7,"h":"end"})";

void RunEcho(benchmark::State& state, const std::string& input) {
    World world;
    const engine::BlockCall call = world.CallOf(kEcho, input);
    const auto sink = std::make_shared<CountingSink>();
    for (auto _ : state) world.runtime().Start(call, sink);
    if (sink->emits == 0) state.SkipWithError("the block emitted nothing");
}

// One value of 8 fields in, one out.
void CallWithAnObjectOfEightFields(benchmark::State& state) {
    RunEcho(state, std::string(R"({"value":)") + kFields + "}");
}
BENCHMARK(CallWithAnObjectOfEightFields);

// Eight inputs, eight emits.
void CallWithEightPins(benchmark::State& state) { RunEcho(state, kFields); }
BENCHMARK(CallWithEightPins);

void CallThatDoesNothing(benchmark::State& state) {
    World world;
    const engine::BlockCall call = world.CallOf(kEcho, "{}");
    const auto sink = std::make_shared<CountingSink>();
    for (auto _ : state) world.runtime().Start(call, sink);
}
BENCHMARK(CallThatDoesNothing);

// One event to a suspended block, which looks at it and suspends again.
void ResumeOfASuspendedCall(benchmark::State& state) {
    World world;
    const auto sink = std::make_shared<CountingSink>();
    sink->is_full = true;
    const auto task = world.runtime().Start(world.CallOf(kCountsToThree, "{}"), sink);
    for (auto _ : state) task->Drain();
    if (sink->emits < 2) state.SkipWithError("the block was not resumed");
    sink->is_full = false;
    task->Drain();
}
BENCHMARK(ResumeOfASuspendedCall);

}  // namespace
}  // namespace yard
