// Call: one block at work. It owns everything the block may refer to while it is open.

#pragma once

#include <blk/abi.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "host/engine/block_runtime.h"
#include "host/plugin/arena.h"
#include "host/plugin/call_input.h"
#include "host/plugin/loaded_plugin.h"
#include "host/plugin/mailbox.h"

namespace yard::plugin {

class PluginRuntime;

// Threads: one at a time takes a turn, which is a row of steps; the phase says whether there is
// one. Events may come from any thread at any time and start a turn when there is none. The call
// keeps itself alive from Begin until OnDone.
class Call final : public engine::BlockTask, public std::enable_shared_from_this<Call> {
public:
    Call(PluginRuntime& runtime, LoadedBlock& block, engine::BlockCall&& request,
         std::shared_ptr<engine::BlockCallSink> sink);
    ~Call() override;

    // Once, right after construction.
    void Begin();

    void Cancel() override;
    void Drain() override;

    // ---- For the services, inside a step unless stated otherwise.
    static Call* Of(const blk_call* call) { return static_cast<Call*>(call->host_data); }
    // Whether the block may use the host now: inside a step that nobody wants to end.
    bool IsActive() const { return in_step_ && !IsStopped(); }
    bool IsStopped() const;                          // From any thread.
    blk_op OpenOperation(CallOperation::Kind kind);  // 0: too many are open.
    // How to end it; ignored when it ended meanwhile.
    void NameOperation(blk_op op, CallOperation operation);
    void CancelOperation(blk_op op);
    // From any thread. Events of operations that are over are dropped. A chunk of a response waits
    // here while too much is unread: that slows its sender down.
    void Post(CallEvent event);
    void SetError(std::string message);
    void* Alloc(uint64_t size, uint64_t align) { return arena_.Alloc(size, align); }
    blk_tape Hold(Value value);  // Keeps the tape until the call ends.
    blk_status AddStats(View object);
    const CredentialHandle* FindCredential(uint64_t handle) const;
    std::string WithoutSecrets(std::string text) const;                // From any thread.
    uint32_t CountLogLine() const { return log_lines_.fetch_add(1); }  // From any thread.

    const engine::BlockCall& request() const { return request_; }
    const LoadedBlock& block() const { return block_; }
    PluginRuntime& runtime() { return runtime_; }

private:
    enum class Phase {
        kQueued,     // Another call of a serial block is open.
        kScheduled,  // A turn is posted to a pool.
        kRunning,    // A thread takes a turn.
        kSuspended,  // Waits for an event.
        kDone,
    };
    enum class Stop { kNone, kCancelled, kTimedOut };
    enum class Next { kStep, kLeave, kStop, kHang };

    void FillTable();
    void FillContext();
    bool EnterSerial();
    void LeaveSerial();
    bool StartQueued();

    void PostTurn();
    void Turn();
    bool Open();
    Next NextEvent(size_t steps);
    blk_status Step();
    void FillEvent(blk_event* out) const;
    blk_status Emit(blk_str port, blk_tape value);
    blk_status Wait(blk_event* out);

    void RequestStop(Stop reason);
    void Wake(std::unique_lock<std::mutex> lock);
    void ArmDeadline();
    void WatchForStuck();
    void EndOperation(const CallOperation& operation);
    // The first fault found by the host decides the outcome, whatever the block says.
    blk_status Fault(engine::BlockResult result, std::string message);
    engine::BlockOutcome OutcomeOf(blk_status status);
    void Finish(engine::BlockOutcome outcome);

    PluginRuntime& runtime_;
    LoadedBlock& block_;
    const engine::BlockCall request_;
    std::shared_ptr<engine::BlockCallSink> sink_;  // Shared with the engine until OnDone.
    std::shared_ptr<Call> keep_alive_;             // Itself, while it is open.

    // Only the turn touches these.
    blk_call table_{};
    std::array<blk_tok, 15> context_;  // As many as its first token says.
    CallInput input_;
    void* task_ = nullptr;  // The block's; null before open and after close.
    bool holds_serial_ = false;
    CallEvent event_{.kind = BLK_EV_START, .op = 0, .status = 0};  // What the block is looking at.
    Arena arena_;
    std::vector<Value> held_;
    std::vector<std::pair<std::string, Value>> stats_;
    std::string error_;
    engine::BlockResult fault_ = engine::BlockResult::kCompleted;
    std::string fault_text_;
    int64_t started_ns_ = 0;
    double cpu_s_ = 0;

    std::atomic<bool> in_step_{false};
    mutable std::atomic<uint32_t> log_lines_{0};
    std::atomic<Stop> stop_{Stop::kNone};

    std::mutex mutex_;
    std::condition_variable changed_;  // Mailbox or stop.
    Phase phase_ = Phase::kRunning;    // Guarded by mutex_, like the rest.
    Mailbox mailbox_;
    uint64_t deadline_timer_ = 0;
    uint64_t stuck_timer_ = 0;
};

}  // namespace yard::plugin
