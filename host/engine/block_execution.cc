#include "host/engine/block_execution.h"

#include <mutex>

#include "host/model/json_schema.h"

namespace yard::engine {
namespace {

constexpr size_t kOutputsMax = 100'000;  // Of a block executed alone; its caller gets all at once.

// Collects the outputs of a call for ExecuteBlock. Owned by the runtime until OnDone; the task it
// may have to cancel is set after Start, which may be later than the first outputs.
class OutputCollector final : public BlockCallSink {
public:
    OutputCollector(const model::BlockType& block,
                    std::function<void(BlockOutcome, BlockOutputs)> done)
        : rules_(block, kOutputsMax), done_(std::move(done)) {}

    bool OnEmit(std::string_view pin, Value value) override {
        switch (rules_.OnOutput(pin, value)) {
            case BlockCallRules::Verdict::kForward:
                AddOutput(outputs_, pin, std::move(value));
                break;
            case BlockCallRules::Verdict::kBroken: CancelTask(); break;
            case BlockCallRules::Verdict::kIgnore: break;
        }
        return true;
    }

    void OnDone(BlockOutcome outcome) override {
        {
            std::lock_guard lock(mutex_);
            finished_ = true;
            task_ = nullptr;
        }
        done_(rules_.Conclude(std::move(outcome)), std::move(outputs_));
    }

    void SetTask(const std::shared_ptr<BlockTask>& task) {
        bool cancel = false;
        {
            std::lock_guard lock(mutex_);
            if (!finished_) task_ = task;
            cancel = broken_ && !finished_;
        }
        if (cancel) task->Cancel();
    }

private:
    void CancelTask() {
        std::shared_ptr<BlockTask> task;
        {
            std::lock_guard lock(mutex_);
            broken_ = true;
            task = task_;
        }
        if (task != nullptr) task->Cancel();
    }

    BlockCallRules rules_;
    const std::function<void(BlockOutcome, BlockOutputs)> done_;
    BlockOutputs outputs_;
    std::mutex mutex_;  // Guards what follows; the rest belongs to the runtime's current thread.
    std::shared_ptr<BlockTask> task_;  // Shared with the caller of ExecuteBlock.
    bool broken_ = false;
    bool finished_ = false;
};

class EndedTask final : public BlockTask {
public:
    void Cancel() override {}
    void Drain() override {}
};

std::string FindInputFault(const BlockCall& call) {
    std::string unavailable = BlockUnavailableText(*call.block);
    if (!unavailable.empty() || call.block->input_validator == nullptr) return unavailable;
    const auto fault = call.block->input_validator->ValidateIgnoringNulls(call.input);
    return fault ? "Unable to execute block with invalid input data: " + *fault : "";
}

}  // namespace

std::string BlockErrorText(const model::BlockType& block, std::string_view message) {
    std::string text = "raised by ";
    text.append(block.name).append(" with message: ").append(message);
    return text.append(". block_id: ").append(block.id.text());
}

std::string BlockUnavailableText(const model::BlockType& block) {
    if (block.availability == model::BlockAvailability::kReady) return {};
    std::string text = "Block #" + block.id.text();
    text += block.availability == model::BlockAvailability::kDisabled ? " is disabled"
                                                                      : " is not installed";
    if (!block.availability_reason.empty()) text += " (" + block.availability_reason + ")";
    return text + ".";
}

BlockCallRules::Verdict BlockCallRules::OnOutput(std::string_view pin, View value) {
    if (!fault_.empty()) return Verdict::kIgnore;
    fault_ = FindFault(pin, value);
    if (!fault_.empty()) return Verdict::kBroken;
    --outputs_left_;
    return Verdict::kForward;
}

std::string BlockCallRules::FindFault(std::string_view pin, View value) const {
    if (pin == "error") {
        if (value.IsNull()) return "Output error was None";
        const std::string_view text = value.StringOr("Unknown error occurred");
        return std::string(text.empty() ? "Unknown error occurred" : text);
    }
    if (outputs_left_ == 0) {
        return "The block produced more outputs than one execution may have. Let it emit one list "
               "instead of many values.";
    }
    if (block_.kind != model::BlockKind::kStandard || block_.output_validator == nullptr) return {};
    if (!block_.HasOutput(pin)) return "Invalid property name " + std::string(pin);
    const auto mismatch = block_.output_validator->ValidateProperty(pin, value);
    return mismatch ? "Block produced an invalid output data: " + *mismatch : "";
}

BlockOutcome BlockCallRules::Conclude(BlockOutcome reported) const {
    if (!fault_.empty()) {
        reported.result = BlockResult::kFailed;
        reported.error = fault_;
    }
    if (reported.result != BlockResult::kFailed && reported.result != BlockResult::kUnexpected) {
        return reported;
    }
    if (reported.error.empty()) reported.error = "Unknown error occurred";
    reported.error = BlockErrorText(block_, reported.error);
    return reported;
}

void AddOutput(BlockOutputs& outputs, std::string_view pin, Value value) {
    for (auto& [name, values] : outputs) {
        if (name != pin) continue;
        values.push_back(std::move(value));
        return;
    }
    outputs.emplace_back(pin, std::vector<Value>{std::move(value)});
}

std::shared_ptr<BlockTask> ExecuteBlock(BlockRuntime& runtime, BlockCall call,
                                        std::function<void(BlockOutcome, BlockOutputs)> done) {
    const std::string fault = FindInputFault(call);
    if (!fault.empty()) {
        done({BlockResult::kFailed, BlockErrorText(*call.block, fault), Value(), 0}, {});
        return std::make_shared<EndedTask>();
    }
    auto collector = std::make_shared<OutputCollector>(*call.block, std::move(done));
    auto task = runtime.Start(std::move(call), collector);
    collector->SetTask(task);
    return task;
}

}  // namespace yard::engine
