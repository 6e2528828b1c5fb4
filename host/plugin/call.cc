#include "host/plugin/call.h"

#include <time.h>

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/utf8.h"
#include "host/plugin/block_runtime.h"

namespace yard::plugin {
namespace {

using engine::BlockOutcome;
using engine::BlockResult;

// After so many steps a call lets others have the worker.
constexpr size_t kStepsPerTurn = 64;
constexpr size_t kErrorBytesMax = 64u << 10;

int64_t ThreadCpuNs() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

blk_str Borrow(std::string_view text) { return {text.data(), text.size()}; }

std::string DefaultError(blk_status status) {
    switch (status) {
        case BLK_E_INVALID: return "the block refused its input";
        case BLK_E_TYPE: return "the block was given a value of the wrong type";
        case BLK_E_NOT_FOUND: return "the block did not find what it needs";
        case BLK_E_CANCELLED: return "the block was cancelled";
        case BLK_E_TIMEOUT: return "the block waited too long";
        case BLK_E_DENIED: return "the block may not do this on this server";
        case BLK_E_UNSUPPORTED: return "the block needs something this server does not have";
        case BLK_E_NOMEM: return "the block ran out of memory";
        case BLK_E_IO: return "the block could not read or write";
        default: return "Unknown error occurred";
    }
}

}  // namespace

Call::Call(PluginRuntime& runtime, LoadedBlock& block, engine::BlockCall&& request,
           std::shared_ptr<engine::BlockCallSink> sink)
    : runtime_(runtime), block_(block), request_(std::move(request)), sink_(std::move(sink)) {
    runtime_.CountCall(+1);
    ++block_.plugin->calls_open;
}

Call::~Call() = default;

void Call::FillTable() {
    table_.struct_size = sizeof(table_);
    table_.host = &block_.plugin->host;
    table_.host_data = this;
    table_.run_id = Borrow(request_.graph_execution_id.text());
    table_.node_id = Borrow(request_.node_id.text());
    table_.deadline_ns = static_cast<uint64_t>(request_.deadline_ns);
    table_.input = input_.value->tape();
    table_.emit = [](blk_call* call, blk_str port, blk_tape value) noexcept {
        return Of(call)->Emit(port, value);
    };
    table_.set_error = [](blk_call* call, blk_status, blk_str message) noexcept {
        if (!Of(call)->in_step_ || message.ptr == nullptr) return;
        Of(call)->SetError({message.ptr, std::min<size_t>(message.len, kErrorBytesMax)});
    };
    table_.poll_cancel = [](const blk_call* call) noexcept -> blk_status {
        return Of(call)->IsStopped() ? BLK_E_CANCELLED : BLK_OK;
    };
    table_.alloc = [](blk_call* call, uint64_t size, uint64_t align) noexcept -> void* {
        return Of(call)->Alloc(size, align);
    };
    table_.wait = [](blk_call* call, blk_event* out) noexcept { return Of(call)->Wait(out); };
    FillContext();
}

void Call::FillContext() {
    blk_tok* next = &context_[1];
    const auto text = [&next](std::string_view value) {
        *next = {};
        next->type = BLK_T_STR;
        next->n = static_cast<uint32_t>(value.size());
        next->u.p = value.data();
        ++next;
    };
    const auto fact = [&](std::string_view key, std::string_view value) {
        if (value.empty()) return;
        text(key);
        text(value);
    };
    fact("user_id", request_.user_id.text());
    fact("graph_id", request_.graph_id.text());
    fact("graph_exec_id", request_.graph_execution_id.text());
    fact("node_id", request_.node_id.text());
    fact("node_exec_id", request_.node_execution_id.text());
    fact("user_timezone", request_.context.user_timezone);
    if (!request_.graph_id.empty()) {
        text("graph_version");
        *next = {};
        next->type = BLK_T_I64;
        next->u.i = request_.graph_version;
        ++next;
    }
    context_[0] = {};
    context_[0].type = BLK_T_OBJECT;
    context_[0].u.i = next - context_.data();
    context_[0].n = static_cast<uint32_t>(context_[0].u.i / 2);
    table_.context = {context_.data(), static_cast<uint64_t>(context_[0].u.i)};
}

void Call::Begin() {
    keep_alive_ = shared_from_this();
    started_ns_ = runtime_.parts().clock.MonotonicNs();
    auto input = PrepareCallInput(request_, runtime_.parts().credentials);
    if (!input) {
        Fault(BlockResult::kFailed, input.error().message);
        return Finish(OutcomeOf(BLK_DONE));
    }
    input_ = std::move(input).value();
    FillTable();
    if (block_.is_serial() && !EnterSerial()) return;
    if (!block_.is_blocking()) return Turn();
    {
        const std::lock_guard lock(mutex_);
        phase_ = Phase::kScheduled;
    }
    PostTurn();
}

bool Call::EnterSerial() {
    // The call must look queued before anybody can find it in the queue.
    const std::lock_guard lock(mutex_);
    const std::lock_guard serial(block_.serial_mutex);
    if (!block_.serial_busy) {
        block_.serial_busy = holds_serial_ = true;
        return true;
    }
    phase_ = Phase::kQueued;
    ArmDeadline();
    block_.serial_waiting.push_back(shared_from_this());
    return false;
}

void Call::LeaveSerial() {
    if (!holds_serial_) return;
    holds_serial_ = false;
    for (;;) {
        std::shared_ptr<Call> next;
        {
            const std::lock_guard serial(block_.serial_mutex);
            if (block_.serial_waiting.empty()) {
                block_.serial_busy = false;
                return;
            }
            next = std::move(block_.serial_waiting.front());
            block_.serial_waiting.pop_front();
        }
        if (next->StartQueued()) return;
    }
}

// False: it was cancelled while it waited.
bool Call::StartQueued() {
    {
        const std::lock_guard lock(mutex_);
        if (phase_ != Phase::kQueued) return false;
        phase_ = Phase::kScheduled;
        holds_serial_ = true;
    }
    PostTurn();
    return true;
}

// Precondition: the phase is kScheduled, so nobody else takes the turn.
void Call::PostTurn() {
    engine::WorkerPool& pool =
        block_.is_blocking() ? runtime_.parts().blocking_pool : runtime_.parts().step_pool;
    // keep_alive_ holds the call until its last turn, so the work needs no reference of its own.
    if (pool.Post([this] { Turn(); })) return;
    if (block_.is_blocking()) {
        Fault(BlockResult::kFailed,
              "no thread is free for the block: raise engine.blocking_threads_max or try later");
        return Finish(OutcomeOf(BLK_DONE));
    }
    // The pool is full or stops. Steps are short, so this thread takes the turn: no event is lost.
    Turn();
}

bool Call::Open() {
    if (task_ != nullptr) return true;
    in_step_.store(true, std::memory_order_release);
    task_ = block_.table->open(block_.instance, &table_);
    in_step_.store(false, std::memory_order_release);
    if (task_ != nullptr) return true;
    Fault(BlockResult::kUnexpected,
          error_.empty() ? "the block could not be opened" : std::move(error_));
    return false;
}

void Call::Turn() {
    bool is_start = task_ == nullptr;
    if (is_start) {
        const std::lock_guard lock(mutex_);
        phase_ = Phase::kRunning;
    }
    if (is_start && !IsStopped() && !Open()) return Finish(OutcomeOf(BLK_DONE));
    for (size_t steps = 0;; ++steps) {
        switch (is_start && !IsStopped() ? Next::kStep : NextEvent(steps)) {
            case Next::kLeave: return;
            case Next::kStop: return Finish(OutcomeOf(BLK_E_CANCELLED));
            case Next::kHang:
                Fault(BlockResult::kUnexpected, "the block waits although nothing can wake it up");
                return Finish(OutcomeOf(BLK_DONE));
            case Next::kStep: break;
        }
        is_start = false;
        const blk_status status = Step();
        if (status != BLK_WAIT) return Finish(OutcomeOf(status));
    }
}

// Puts the next event into event_ and says kStep; otherwise what to do without one.
Call::Next Call::NextEvent(size_t steps) {
    if (fault_ != BlockResult::kCompleted || IsStopped()) return Next::kStop;
    bool is_tired = false;
    {
        const std::lock_guard lock(mutex_);
        if (mailbox_.empty()) {
            if (!mailbox_.IsExpecting()) return Next::kHang;
            // Checked again under the lock: whoever stops a suspended call wakes it up.
            if (stop_ != Stop::kNone) return Next::kStop;
            ArmDeadline();
            phase_ = Phase::kSuspended;
            return Next::kLeave;
        }
        is_tired = steps >= kStepsPerTurn;
        if (is_tired) {
            phase_ = Phase::kScheduled;
        } else {
            mailbox_.Take(event_);
            phase_ = Phase::kRunning;
        }
    }
    if (!is_tired) {
        changed_.notify_all();
        return Next::kStep;
    }
    PostTurn();
    return Next::kLeave;
}

void Call::FillEvent(blk_event* out) const {
    *out = blk_event{.struct_size = sizeof(blk_event),
                     .kind = event_.kind,
                     .op = event_.op,
                     .status = event_.status,
                     .reserved = 0,
                     .bytes = Borrow(event_.bytes),
                     .data = event_.data->tape()};
}

blk_status Call::Step() {
    blk_event event;
    FillEvent(&event);
    // Asking for the CPU time of a thread costs more than a small step. A step that never blocks
    // spends what the clock says, and the first one begins with the call.
    const bool is_blocking = block_.is_blocking();
    const bool is_first = event_.kind == BLK_EV_START && !is_blocking && !block_.is_serial();
    const auto now_ns = [&] {
        return is_blocking ? ThreadCpuNs() : runtime_.parts().clock.MonotonicNs();
    };
    const int64_t before_ns = is_first ? started_ns_ : now_ns();
    in_step_.store(true, std::memory_order_release);
    const blk_status status = block_.table->step(task_, &table_, &event);
    in_step_.store(false, std::memory_order_release);
    cpu_s_ += static_cast<double>(now_ns() - before_ns) * 1e-9;
    if (status > BLK_WAIT || status == BLK_OK) {
        Fault(BlockResult::kUnexpected,
              "the block ended a step with the unknown status " + std::to_string(status));
        return BLK_E_INTERNAL;
    }
    return status;
}

blk_status Call::Fault(BlockResult result, std::string message) {
    if (fault_ == BlockResult::kCompleted) {
        fault_ = result;
        fault_text_ = std::move(message);
    }
    return BLK_E_INVALID;
}

blk_status Call::Emit(blk_str port, blk_tape value) {
    if (!in_step_) return BLK_E_INVALID;
    if (IsStopped()) return BLK_E_CANCELLED;
    if (fault_ != BlockResult::kCompleted) return BLK_E_INVALID;
    const std::string_view pin(port.ptr == nullptr ? "" : port.ptr,
                               port.ptr == nullptr ? 0 : port.len);
    const bool is_checked = request_.block->kind == model::BlockKind::kStandard;
    if (is_checked && pin != "error" && !request_.block->HasOutput(pin)) {
        return Fault(BlockResult::kFailed,
                     "Invalid property name " + std::string(pin.substr(0, 100)));
    }
    if (pin.size() > 255 || !IsUtf8(pin)) {
        return Fault(BlockResult::kUnexpected,
                     "the block emitted on an output without a valid name");
    }
    auto imported = ImportTape(value, runtime_.options().value_limits);
    if (!imported) {
        const bool is_large = imported.error().kind == ErrorKind::kTooLarge;
        return Fault(is_large ? BlockResult::kFailed : BlockResult::kUnexpected,
                     "the output '" + std::string(pin) + "': " + imported.error().message);
    }
    if (sink_->OnEmit(pin, std::move(imported).value())) return BLK_OK;
    const std::lock_guard lock(mutex_);
    mailbox_.ExpectDrain();
    return BLK_WAIT;
}

blk_status Call::Wait(blk_event* out) {
    if (!block_.is_blocking() || !in_step_ || out == nullptr) return BLK_E_UNSUPPORTED;
    std::unique_lock lock(mutex_);
    ArmDeadline();
    while (stop_ == Stop::kNone && mailbox_.empty()) {
        if (!mailbox_.IsExpecting()) {
            return Fault(BlockResult::kUnexpected,
                         "the block waits although nothing can wake it up");
        }
        changed_.wait(lock);
    }
    if (stop_ != Stop::kNone) return BLK_E_CANCELLED;
    mailbox_.Take(event_);
    changed_.notify_all();
    FillEvent(out);
    return BLK_OK;
}

BlockOutcome Call::OutcomeOf(blk_status status) {
    BlockOutcome outcome;
    outcome.cpu_s = cpu_s_;
    if (!stats_.empty()) {
        ValueBuilder builder;
        builder.BeginObject();
        for (const auto& [name, number] : stats_) builder.Member(name, number);
        outcome.stats = builder.EndObject().Take();
    }
    // The deadline may have passed without anybody but the block noticing.
    const bool is_late = stop_ == Stop::kTimedOut || (stop_ == Stop::kNone && IsStopped());
    if (stop_ == Stop::kCancelled) {
        outcome.result = BlockResult::kCancelled;
        outcome.error = "cancelled";
    } else if (is_late && status != BLK_DONE) {
        const int64_t limit_s = (request_.deadline_ns - started_ns_ + 500'000'000) / 1'000'000'000;
        outcome.result = BlockResult::kFailed;
        outcome.error = "timed out after " + std::to_string(limit_s) + " s";
    } else if (fault_ != BlockResult::kCompleted) {
        outcome.result = fault_;
        outcome.error = std::move(fault_text_);
    } else if (status < 0) {
        const bool is_known = status >= BLK_E_IO && status != BLK_E_INTERNAL;
        outcome.result = status == BLK_E_CANCELLED ? BlockResult::kCancelled
                         : is_known                ? BlockResult::kFailed
                                                   : BlockResult::kUnexpected;
        outcome.error = error_.empty() ? DefaultError(status) : std::move(error_);
    }
    return outcome;
}

void Call::Finish(BlockOutcome outcome) {
    std::vector<CallOperation> operations;
    uint64_t deadline_timer = 0, stuck_timer = 0;
    {
        const std::lock_guard lock(mutex_);
        phase_ = Phase::kDone;
        operations = mailbox_.CloseAll();
        deadline_timer = std::exchange(deadline_timer_, 0);
        stuck_timer = std::exchange(stuck_timer_, 0);
    }
    changed_.notify_all();
    for (const CallOperation& operation : operations) EndOperation(operation);
    if (deadline_timer != 0) runtime_.timers().Cancel(deadline_timer);
    if (stuck_timer != 0) runtime_.timers().Cancel(stuck_timer);
    if (task_ != nullptr) block_.table->close(std::exchange(task_, nullptr));
    input_.credentials.clear();
    held_.clear();
    arena_.Clear();
    LeaveSerial();
    --block_.plugin->calls_open;
    runtime_.CountCall(-1);
    const auto sink = std::move(sink_);
    const auto self = std::move(keep_alive_);
    sink->OnDone(std::move(outcome));
}

}  // namespace yard::plugin
