// The part of a call that other threads reach: events, cancelling, deadlines; and what services ask
// of it.

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/utf8.h"
#include "host/plugin/block_runtime.h"
#include "host/plugin/call.h"

namespace yard::plugin {
namespace {

constexpr size_t kUnreadBytesMax = 1u << 20;
constexpr size_t kStatsMax = 64;

}  // namespace

bool Call::IsStopped() const {
    if (stop_ != Stop::kNone) return true;
    return request_.deadline_ns != 0 &&
           runtime_.parts().clock.MonotonicNs() >= request_.deadline_ns;
}

void Call::Cancel() {
    RequestStop(Stop::kCancelled);
    WatchForStuck();
}

void Call::RequestStop(Stop reason) {
    std::unique_lock lock(mutex_);
    if (phase_ == Phase::kDone) return;
    Stop none = Stop::kNone;
    stop_.compare_exchange_strong(none, reason);
    Wake(std::move(lock));
}

void Call::Drain() {
    std::unique_lock lock(mutex_);
    if (phase_ == Phase::kDone) return;
    mailbox_.Drain();
    Wake(std::move(lock));
}

void Call::Post(CallEvent event) {
    std::unique_lock lock(mutex_);
    if (event.kind == BLK_EV_HTTP_DATA) {
        changed_.wait(lock, [&] {
            return mailbox_.unread_bytes() < kUnreadBytesMax || mailbox_.Find(event.op) == nullptr;
        });
    }
    if (mailbox_.Push(std::move(event))) Wake(std::move(lock));
}

// Lets the call notice what changed: a suspended one takes a turn, a blocked one goes on.
void Call::Wake(std::unique_lock<std::mutex> lock) {
    const bool is_idle =
        phase_ == Phase::kSuspended || (phase_ == Phase::kQueued && stop_ != Stop::kNone);
    if (is_idle) phase_ = Phase::kScheduled;
    lock.unlock();
    changed_.notify_all();
    if (is_idle) PostTurn();
}

// Precondition: mutex_ is held. Only calls that wait need it: the others look at the clock.
void Call::ArmDeadline() {
    if (request_.deadline_ns == 0 || deadline_timer_ != 0) return;
    deadline_timer_ = runtime_.timers().Add(request_.deadline_ns, [weak = weak_from_this()] {
        if (const auto call = weak.lock()) call->RequestStop(Stop::kTimedOut);
    });
}

void Call::WatchForStuck() {
    const std::lock_guard lock(mutex_);
    if (phase_ != Phase::kRunning || stuck_timer_ != 0) return;
    const int64_t due_ns = runtime_.parts().clock.MonotonicNs() + runtime_.options().stuck_after_ns;
    stuck_timer_ = runtime_.timers().Add(due_ns, [weak = weak_from_this()] {
        const auto call = weak.lock();
        if (call == nullptr) return;
        LogWarning("plugins", "a block goes on although it was cancelled; its thread is lost to it",
                   {{"plugin", call->block_.plugin->id},
                    {"block", call->request_.block->name},
                    {"node_execution", call->request_.node_execution_id.text()}});
    });
}

blk_op Call::OpenOperation(CallOperation::Kind kind) {
    const std::lock_guard lock(mutex_);
    return mailbox_.Open(kind);
}

void Call::NameOperation(blk_op op, CallOperation operation) {
    const std::lock_guard lock(mutex_);
    if (CallOperation* found = mailbox_.Find(op)) *found = std::move(operation);
}

void Call::CancelOperation(blk_op op) {
    std::optional<CallOperation> operation;
    {
        const std::lock_guard lock(mutex_);
        operation = mailbox_.Close(op);
    }
    changed_.notify_all();
    if (operation) EndOperation(*operation);
}

// Precondition: mutex_ is not held: ending one may wait for an event that is being posted.
void Call::EndOperation(const CallOperation& operation) {
    // Without a name it never began.
    if (operation.id == 0 && operation.run.empty()) return;
    switch (operation.kind) {
        case CallOperation::Kind::kHttp: runtime_.parts().http.Cancel(operation.id); return;
        case CallOperation::Kind::kTimer: runtime_.timers().Cancel(operation.id); return;
        case CallOperation::Kind::kRun: runtime_.sub_runs()->Stop(operation.run); return;
    }
}

void Call::SetError(std::string message) {
    error_ = IsUtf8(message) ? std::move(message) : "the block's error message is not UTF-8 text";
}

blk_tape Call::Hold(Value value) {
    held_.push_back(std::move(value));
    return held_.back()->tape();
}

blk_status Call::AddStats(View object) {
    if (!object.IsObject()) return BLK_E_TYPE;
    for (const auto& [key, number] : object.members()) {
        if (!number.IsNumber()) return BLK_E_TYPE;
        const std::string_view name = key;
        auto sum = std::find_if(stats_.begin(), stats_.end(),
                                [&](const auto& entry) { return entry.first == name; });
        if (sum == stats_.end()) {
            if (stats_.size() == kStatsMax) return BLK_E_NOMEM;
            stats_.emplace_back(name, Value::Copy(number));
            continue;
        }
        const View old = sum->second;
        int64_t whole = 0;
        const bool is_whole = old.IsInt() && number.IsInt() &&
                              !__builtin_add_overflow(old.AsInt(), number.AsInt(), &whole);
        sum->second =
            is_whole ? Value::Int(whole) : Value::Double(old.AsDouble() + number.AsDouble());
    }
    return BLK_OK;
}

const CredentialHandle* Call::FindCredential(uint64_t handle) const {
    for (const CredentialHandle& known : input_.credentials) {
        if (known.handle == handle) return &known;
    }
    return nullptr;
}

std::string Call::WithoutSecrets(std::string text) const {
    for (const CredentialHandle& known : input_.credentials) {
        const std::string& secret = known.credential.secret;
        if (secret.empty()) continue;
        for (size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
            text.replace(at, secret.size(), "***");
            at += 3;
        }
    }
    return text;
}

}  // namespace yard::plugin
