#include "host/plugin/block_runtime.h"

#include <utility>

#include "base/log.h"
#include "host/plugin/call.h"
#include "host/plugin/recycling_allocator.h"

namespace yard::plugin {
namespace {

// Stands for a call that could not be started.
class EndedTask final : public engine::BlockTask {
public:
    void Cancel() override {}
    void Drain() override {}
};

}  // namespace

PluginRuntime::PluginRuntime(RuntimeParts parts, RuntimeOptions options)
    : parts_(parts), options_(options), timers_(parts.clock) {}

PluginRuntime::~PluginRuntime() {
    if (calls_open_ == 0) return;
    LogWarning("plugins", "calls of blocks are still open at the end",
               {{"calls", std::to_string(calls_open_)}});
}

std::shared_ptr<engine::BlockTask> PluginRuntime::Start(
    engine::BlockCall call, std::shared_ptr<engine::BlockCallSink> sink) {
    LoadedBlock* block = parts_.plugins.Find(call.block->id);
    if (block == nullptr) {
        engine::BlockOutcome outcome;
        outcome.result = engine::BlockResult::kFailed;
        outcome.error = "the block " + call.block->name + " is not installed on this server";
        sink->OnDone(std::move(outcome));
        return std::make_shared<EndedTask>();
    }
    auto task = std::allocate_shared<Call>(RecyclingAllocator<Call>(), *this, *block,
                                           std::move(call), std::move(sink));
    task->Begin();
    return task;
}

}  // namespace yard::plugin
