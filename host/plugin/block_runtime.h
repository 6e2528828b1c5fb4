// PluginRuntime: runs the blocks of loaded plugins in this process.

#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

#include "base/clock.h"
#include "base/value.h"
#include "host/credentials/credential_store.h"
#include "host/engine/block_runtime.h"
#include "host/engine/worker_pool.h"
#include "host/plugin/http_client.h"
#include "host/plugin/loaded_plugin.h"
#include "host/plugin/sub_run.h"
#include "host/plugin/timer_queue.h"

namespace yard::plugin {

// What calls need of the host. All of it outlives the runtime.
struct RuntimeParts {
    const LoadedPlugins& plugins;
    engine::WorkerPool& step_pool;      // For blocks that never block.
    engine::WorkerPool& blocking_pool;  // For those that do.
    HttpClient& http;
    const credentials::CredentialStore& credentials;
    const Clock& clock;
};

struct RuntimeOptions {
    ValueLimits value_limits;                // Of one emitted value.
    int64_t stuck_after_ns = 5'000'000'000;  // A cancelled block that still runs is reported.
    uint64_t response_bytes_max = 0;         // 0 = the HTTP client's limit.
};

// Thread-safe. Outlives its calls: end them (engine, pools, HTTP client) before it goes.
class PluginRuntime final : public engine::BlockRuntime {
public:
    PluginRuntime(RuntimeParts parts, RuntimeOptions options);
    ~PluginRuntime() override;

    // Before the first call; without it blocks cannot run other graphs. Outlives the runtime.
    void SetSubRunStarter(SubRunStarter* starter) { sub_runs_ = starter; }

    std::shared_ptr<engine::BlockTask> Start(engine::BlockCall call,
                                             std::shared_ptr<engine::BlockCallSink> sink) override;

    size_t calls_open() const { return calls_open_; }

    // For calls and services.
    const RuntimeParts& parts() const { return parts_; }
    const RuntimeOptions& options() const { return options_; }
    SubRunStarter* sub_runs() const { return sub_runs_; }  // May be null.
    TimerQueue& timers() { return timers_; }
    void CountCall(int change) { calls_open_ += static_cast<size_t>(change); }

private:
    const RuntimeParts parts_;
    const RuntimeOptions options_;
    SubRunStarter* sub_runs_ = nullptr;
    std::atomic<size_t> calls_open_{0};
    TimerQueue timers_;
};

}  // namespace yard::plugin
