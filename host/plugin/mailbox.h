// What a call waits for: its open operations and the events that nobody has looked at yet.

#pragma once

#include <blk/abi.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/value.h"

namespace yard::plugin {

struct CallEvent {
    uint32_t kind = 0;
    blk_op op = 0;
    int32_t status = 0;
    std::string bytes = {};
    Value data = {};
};

// How to end an operation early.
struct CallOperation {
    enum class Kind { kHttp, kTimer, kRun };
    Kind kind = Kind::kTimer;
    uint64_t id = 0;            // Of the HTTP client or the timer queue.
    GraphExecutionId run = {};  // With kRun.
};

// Not thread-safe: its call locks. Operations that are over are told apart from later ones by a
// generation in their number, so a stale number does nothing.
class Mailbox {
public:
    static constexpr size_t kOperationsMax = 256;

    blk_op Open(CallOperation::Kind kind);  // 0: too many are open.
    // nullptr when it is over.
    CallOperation* Find(blk_op op);
    // Ends it and drops its events; nothing if it was over.
    std::optional<CallOperation> Close(blk_op op);
    std::vector<CallOperation> CloseAll();

    // False: the operation is over, the event is dropped.
    bool Push(CallEvent event);
    // The oldest event, if any. The last event of an operation ends it.
    bool Take(CallEvent& event);

    // The block was told to wait for room; Drain makes the event it waits for.
    void ExpectDrain();
    void Drain();

    bool empty() const { return first_ == events_.size(); }
    // Whether an event can still come.
    bool IsExpecting() const { return open_ > 0 || drain_expected_; }
    size_t unread_bytes() const { return unread_bytes_; }

private:
    struct Slot {
        uint32_t generation = 0;
        bool is_open = false;
        CallOperation operation;
    };

    Slot* FindSlot(blk_op op);
    void PushDrain();

    std::vector<Slot> slots_;
    size_t open_ = 0;
    std::vector<CallEvent> events_;  // From first_ on.
    size_t first_ = 0;
    size_t unread_bytes_ = 0;
    bool drain_expected_ = false;
    bool drain_came_early_ = false;  // Before the block was told to wait.
};

}  // namespace yard::plugin
