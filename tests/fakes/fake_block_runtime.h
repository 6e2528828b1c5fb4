// Blocks as lambdas. A block either scripts its outputs and its end at once, or leaves its call
// open for the test to continue.

#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "host/engine/block_runtime.h"

namespace yard::fakes {

// Thread-safe.
class FakeCall final : public engine::BlockTask {
public:
    FakeCall(engine::BlockCall call, std::shared_ptr<engine::BlockCallSink> sink)
        : request_(std::move(call)), sink_(std::move(sink)) {}

    const engine::BlockCall& request() const { return request_; }
    View input() const { return request_.input; }

    void Emit(std::string pin, Value value) {
        std::unique_lock lock(mutex_);
        script_.emplace_back(std::move(pin), std::move(value));
        Play(lock);
    }
    void Finish(engine::BlockOutcome outcome = {}) {
        std::unique_lock lock(mutex_);
        outcome_ = std::move(outcome);
        has_outcome_ = true;
        Play(lock);
    }
    void FailWith(std::string message) {
        Finish({engine::BlockResult::kFailed, std::move(message), Value(), 0});
    }
    // From now on the block holds its thread whatever happens.
    void IgnoreCancel() {
        std::lock_guard lock(mutex_);
        ignores_cancel_ = true;
    }

    void Cancel() override {
        std::unique_lock lock(mutex_);
        cancelled_ = true;
        if (ignores_cancel_) return;
        script_.clear();
        outcome_ = {engine::BlockResult::kCancelled, {}, Value(), 0};
        has_outcome_ = true;
        Play(lock);
    }
    void Drain() override {
        std::unique_lock lock(mutex_);
        ++drains_;
        Play(lock);
    }

    bool cancelled() const {
        std::lock_guard lock(mutex_);
        return cancelled_;
    }
    size_t drains() const {
        std::lock_guard lock(mutex_);
        return drains_;
    }
    size_t refused() const {  // Outputs the engine has not taken yet.
        std::lock_guard lock(mutex_);
        return script_.size();
    }

private:
    void Play(std::unique_lock<std::mutex>&) {
        if (sink_ == nullptr) return;
        while (!script_.empty()) {
            if (!sink_->OnEmit(script_.front().first, script_.front().second)) return;
            script_.pop_front();
        }
        if (!has_outcome_) return;
        std::exchange(sink_, nullptr)->OnDone(outcome_);
    }

    const engine::BlockCall request_;
    mutable std::mutex mutex_;
    std::shared_ptr<engine::BlockCallSink> sink_;  // Null after the end.
    std::deque<std::pair<std::string, Value>> script_;
    engine::BlockOutcome outcome_;
    bool has_outcome_ = false;
    bool cancelled_ = false;
    bool ignores_cancel_ = false;
    size_t drains_ = 0;
};

// Thread-safe once the blocks are there.
class FakeBlockRuntime final : public engine::BlockRuntime {
public:
    // What the block does in Start. A call that is neither finished there is open.
    using Block = std::function<void(FakeCall& call)>;

    void On(const std::string& block_id, Block block) { blocks_[block_id] = std::move(block); }

    std::shared_ptr<engine::BlockTask> Start(engine::BlockCall call,
                                             std::shared_ptr<engine::BlockCallSink> sink) override {
        const auto block = blocks_.find(call.block->id.text());
        ASSERT(block != blocks_.end());
        auto fake = std::make_shared<FakeCall>(std::move(call), std::move(sink));
        {
            std::lock_guard lock(mutex_);
            calls_.push_back(fake);
        }
        block->second(*fake);
        started_.notify_all();
        return fake;
    }

    // The n-th call of the node, counted from 0; waits until it was started.
    std::shared_ptr<FakeCall> Call(const std::string& node_id, size_t n = 0) {
        std::unique_lock lock(mutex_);
        std::shared_ptr<FakeCall> found;
        const bool in_time = started_.wait_for(lock, std::chrono::seconds(10), [&] {
            found = Find(node_id, n);
            return found != nullptr;
        });
        ASSERT(in_time);
        return found;
    }
    size_t call_count() const {
        std::lock_guard lock(mutex_);
        return calls_.size();
    }

private:
    std::shared_ptr<FakeCall> Find(const std::string& node_id, size_t n) const {
        for (const auto& call : calls_) {
            if (call->request().node_id.text() == node_id && n-- == 0) return call;
        }
        return nullptr;
    }

    std::map<std::string, Block> blocks_;
    mutable std::mutex mutex_;
    std::condition_variable started_;
    std::vector<std::shared_ptr<FakeCall>> calls_;
};

}  // namespace yard::fakes
