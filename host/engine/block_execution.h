// The rules around one call of a block, wherever it is called from: which outputs count, when the
// call is broken, and what its failure is called.

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/value.h"
#include "host/engine/block_runtime.h"
#include "host/model/block_type.h"

namespace yard::engine {

// `raised by <BlockName> with message: <message>. block_id: <id>`
std::string BlockErrorText(const model::BlockType& block, std::string_view message);

// Why the block cannot run on this server; empty if it can.
std::string BlockUnavailableText(const model::BlockType& block);

// Follows the outputs of one call. Calls come one at a time, like those of a BlockCallSink.
class BlockCallRules {
public:
    enum class Verdict {
        kForward,
        kBroken,  // This output ends the call: cancel its task.
        kIgnore,  // The call is broken already.
    };

    BlockCallRules(const model::BlockType& block, size_t outputs_max)
        : block_(block), outputs_left_(outputs_max) {}

    Verdict OnOutput(std::string_view pin, View value);
    // What the call came to, given what the runtime says. Errors are complete texts.
    BlockOutcome Conclude(BlockOutcome reported) const;

private:
    std::string FindFault(std::string_view pin, View value) const;

    const model::BlockType& block_;
    size_t outputs_left_;
    std::string fault_;  // Of the block; empty while there is none.
};

using BlockOutputs = std::vector<std::pair<std::string, std::vector<Value>>>;

// Appends to the values of `pin`.
void AddOutput(BlockOutputs& outputs, std::string_view pin, Value value);

// Runs a block alone, outside of any graph. `done` is called once, from any thread, possibly before
// this returns; outputs that came before a failure are included. The task can be cancelled.
std::shared_ptr<BlockTask> ExecuteBlock(BlockRuntime& runtime, BlockCall call,
                                        std::function<void(BlockOutcome, BlockOutputs)> done);

}  // namespace yard::engine
