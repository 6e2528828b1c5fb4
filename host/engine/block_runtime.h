// How the engine runs one block, whatever runs it: a loaded library, a runner process, a fake in a
// test.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/value.h"
#include "host/model/block_type.h"
#include "host/model/execution.h"

namespace yard::engine {

struct BlockCall {
    const model::BlockType* block = nullptr;  // Outlives the call.
    Value input;  // Prepared and validated object; credentials are references {id, provider, type,
                  // title}.
    UserId user_id;
    GraphId graph_id;  // Empty when the block is executed alone.
    int graph_version = 0;
    GraphExecutionId graph_execution_id;
    NodeId node_id;
    NodeExecutionId node_execution_id;
    model::ExecutionContext context;
    Value nodes_input_masks;  // Of the run; null if none.
    int64_t deadline_ns = 0;  // CLOCK_MONOTONIC; 0 = none.
};

enum class BlockResult {
    kCompleted,
    kFailed,      // The block says why: bad input, a remote refused, ...
    kUnexpected,  // The block broke: an exception nobody expected, a crash of its runner.
    kCancelled,
};

struct BlockOutcome {
    BlockResult result = BlockResult::kCompleted;
    std::string error;  // Empty when completed.
    Value stats;  // Object of what the block reported about itself (token counts, ...), or null.
    double cpu_s = 0;  // Spent inside the block's steps.
};

// Where a running block's results go. Implemented by the engine. The runtime calls one method at a
// time per call, from any thread; OnDone is the last call.
class BlockCallSink {
public:
    virtual ~BlockCallSink() = default;
    // False: not taken because the receiver is full; the runtime offers it again after
    // BlockTask::Drain.
    virtual bool OnEmit(std::string_view pin, Value value) = 0;
    virtual void OnDone(BlockOutcome outcome) = 0;
};

// One call in progress. Thread-safe.
class BlockTask {
public:
    virtual ~BlockTask() = default;
    // Ends the call: a suspended block is destroyed at once, one that is running when it next
    // returns. OnDone (kCancelled) still comes, unless it came before.
    virtual void Cancel() = 0;
    // The receiver has room again after an OnEmit returned false. May come while that OnEmit is
    // still returning, so it must be remembered.
    virtual void Drain() = 0;
};

class BlockRuntime {
public:
    virtual ~BlockRuntime() = default;
    // Starts the call and returns its task. Non-blocking blocks take their first step on this
    // thread, so OnEmit and OnDone may come before Start returns. `sink` lives until OnDone has
    // returned. Failures come as OnDone.
    virtual std::shared_ptr<BlockTask> Start(BlockCall call,
                                             std::shared_ptr<BlockCallSink> sink) = 0;
};

}  // namespace yard::engine
