#include "host/engine/run.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/log.h"

namespace yard::engine {
namespace {

using model::ExecutionStatus;

// Events and dispatches of one turn, so that a busy run cannot starve the others.
constexpr size_t kStepsPerTurn = 256;

// The run that this thread is advancing.
thread_local const Run* current_run = nullptr;

}  // namespace

Run::Run(RunEnvironment& environment, std::shared_ptr<const CompiledGraph> graph, Setup setup)
    : environment_(environment),
      graph_(std::move(graph)),
      setup_(std::move(setup)),
      execution_(setup_.execution),
      recorder_(environment.parts.journal, environment.parts.events, execution_),
      router_(*graph_, setup_.compiled_masks, execution_, recorder_),
      skipped_(graph_->nodes().size(), false),
      calls_(graph_->nodes().size()) {
    for (const NodeId& id : setup_.nodes_to_skip) {
        if (const auto node = graph_->IndexOf(id)) skipped_[*node] = true;
    }
    for (size_t i = 0; i < skipped_.size(); ++i) {
        const model::BlockType* block = graph_->nodes()[i].block;
        if (block != nullptr && block->kind == model::BlockKind::kNote) skipped_[i] = true;
    }
}

bool Run::Post(Event event) {
    if (current_run == this) {
        // What is in the mailbox came first.
        if (has_mail_.load(std::memory_order_acquire)) FetchMail();
        events_.push_back(std::move(event));
        return true;
    }
    {
        std::lock_guard lock(mutex_);
        if (closed_) return false;
        mailbox_.push_back(std::move(event));
        has_mail_.store(true, std::memory_order_release);
        if (std::exchange(scheduled_, true)) return true;
    }
    Schedule();
    return true;
}

void Run::Schedule() {
    if (environment_.parts.workers.Post([self = shared_from_this()] { self->TakeTurn(); })) return;
    LogWarning("engine", "a run cannot go on because the worker pool has stopped",
               {{"execution", execution_.id.text()}});
}

void Run::FetchMail() {
    std::vector<Event> mail;
    {
        std::lock_guard lock(mutex_);
        mail.swap(mailbox_);
        has_mail_.store(false, std::memory_order_relaxed);
    }
    std::move(mail.begin(), mail.end(), std::back_inserter(events_));
}

void Run::TakeTurn() {
    if (phase_ == Phase::kGone) return;
    const Run* outer = std::exchange(current_run, this);
    recorder_.LookWhoWatches();
    size_t steps = 0;
    const size_t records_max = environment_.options.records_per_append;
    while (steps < kStepsPerTurn && recorder_.pending() < records_max && TakeStep()) ++steps;
    EndIfIdle();
    // An end is recorded in one piece: half of it would make the next process resume a run that was
    // being stopped.
    if (phase_ != Phase::kEnding && phase_ != Phase::kGone) Flush();
    current_run = outer;
    YieldTurn();
}

bool Run::TakeStep() {
    if (has_mail_.load(std::memory_order_acquire)) FetchMail();
    if (phase_ == Phase::kGone) return false;
    if (!events_.empty()) {
        Event event = std::move(events_.front());
        events_.pop_front();
        std::visit([this](auto& known) { Handle(std::move(known)); }, event);
        return true;
    }
    if (!CanDispatch()) return false;
    Dispatch();
    return true;
}

void Run::YieldTurn() {
    {
        std::lock_guard lock(mutex_);
        if (closed_ || (mailbox_.empty() && events_.empty() && !CanDispatch())) {
            scheduled_ = false;
            return;
        }
    }
    Schedule();
}

void Run::Flush() {
    const auto position = recorder_.Flush();
    if (!position) return;
    environment_.parts.journal.OnDurable(
        *position, [self = shared_from_this(), at = *position] { self->Post(Durable{at}); });
}

void Run::Handle(Admitted) {
    if (phase_ != Phase::kWaiting) return;
    phase_ = Phase::kChecking;
    if (environment_.charging->is_free()) {
        Handle(BalanceKnown{int64_t{1}});
        return;
    }
    auto check = [self = shared_from_this(), charging = environment_.charging] {
        self->Post(BalanceKnown{charging->Balance(self->setup_.execution.user_id)});
    };
    WorkerPool* pool = environment_.parts.blocking;
    if (pool == nullptr || !pool->Post(check)) check();
}

void Run::Handle(BalanceKnown event) {
    if (phase_ != Phase::kChecking) return;
    const Timestamp now = environment_.parts.clock.Now();
    started_ns_ = environment_.parts.clock.MonotonicNs();
    phase_ = Phase::kRunning;
    if (execution_.status != ExecutionStatus::kRunning) {
        execution_.status = ExecutionStatus::kRunning;
        execution_.started_at = now;
        recorder_.Record(storage::RunStatusChanged{execution_.id, execution_.status, now, {}});
    }
    TellRun();
    if (!event.balance) {
        Fail(event.balance.error().message);
    } else if (event.balance.value() <= 0) {
        Fail("You have no credits left to run an agent.");
    }
}

void Run::Handle(StopRequested event) {
    if (event.stopped) stopped_.push_back(std::move(event.stopped));
    if (phase_ <= Phase::kRunning) BeginEnd(ExecutionStatus::kTerminated, {});
}

void Run::Handle(GraceOver) {
    if (phase_ == Phase::kEnding) AbandonCalls();
}

void Run::Handle(DrainRequested) { draining_ = true; }

void Run::Handle(ParkRequested event) {
    if (phase_ == Phase::kEnding) {
        AbandonCalls();
    } else if (phase_ < Phase::kEnding) {
        Park();
    } else if (phase_ == Phase::kEnded && event.even_if_ended) {
        Leave();
    }
}

void Run::Handle(Durable event) {
    recorder_.Publish(event.position);
    if (phase_ != Phase::kEnded || event.position < end_position_) return;
    if (setup_.observer != nullptr) setup_.observer->OnEnd(execution_.status, stats_);
    Leave();
    for (const auto& stopped : stopped_) stopped();
}

void Run::Fail(std::string error) { BeginEnd(ExecutionStatus::kFailed, std::move(error)); }

void Run::BeginEnd(ExecutionStatus status, std::string error) {
    if (phase_ >= Phase::kEnding) return;
    phase_ = Phase::kEnding;
    final_status_ = status;
    const Timestamp now = environment_.parts.clock.Now();
    Value stats;
    if (!error.empty()) {
        stats = Value::Object({{"error", Value::String(error)}});
        stats_.error = std::move(error);
    }
    for (QueuedNode& queued : ready_) {
        recorder_.Record(storage::NodeStatusChanged{queued.id, status, now, stats});
        const CompiledNode& node = graph_->nodes()[queued.node];
        if (!recorder_.watched() || node.block == nullptr) continue;
        NodeCall call(shared_from_this(), std::move(queued), node, {});
        call.status = status;
        call.stats = stats;
        recorder_.Tell(call.Snapshot(execution_.id));
    }
    ready_.clear();
    for (const auto& call : in_flight_) {
        if (call->held_outcome) {
            events_.push_back(Finished{call, std::move(*call->held_outcome)});
            call->held_outcome.reset();
        } else if (call->task != nullptr) {
            call->task->Cancel();
        }
    }
    if (in_flight_.empty()) return;
    environment_.timer.After(environment_.options.cancel_grace, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->Post(GraceOver{});
    });
}

void Run::EndIfIdle() {
    if (!in_flight_.empty()) return;
    if (phase_ == Phase::kEnding) {
        End(final_status_);
    } else if (phase_ == Phase::kRunning && events_.empty() && ready_.empty()) {
        End(ExecutionStatus::kCompleted);
    } else if (draining_ && phase_ < Phase::kEnding && events_.empty()) {
        Park();
    }
}

void Run::End(ExecutionStatus status) {
    phase_ = Phase::kEnded;
    const Timestamp now = environment_.parts.clock.Now();
    execution_.status = status;
    execution_.ended_at = now;
    stats_.walltime_s = Walltime();
    TellRun();
    recorder_.Record(storage::RunStatusChanged{execution_.id, status, now, stats_});
    recorder_.Flush();
    end_position_ = recorder_.last_position();
    environment_.host.OnRunEnded(execution_.id);
    environment_.parts.journal.OnDurable(
        end_position_,
        [self = shared_from_this(), at = end_position_] { self->Post(Durable{at}); });
}

void Run::AbandonCalls() {
    const Timestamp now = environment_.parts.clock.Now();
    for (const auto& call : in_flight_) {
        LogError("engine", "a block did not return after it was cancelled",
                 {{"execution", execution_.id.text()},
                  {"node", call->node.node->id.text()},
                  {"block", call->node.block->name}});
        environment_.host.OnCallAbandoned();
        recorder_.Record(storage::NodeStatusChanged{call->queued.id, ExecutionStatus::kTerminated,
                                                    now, Value()});
        call->status = ExecutionStatus::kTerminated;
        if (recorder_.watched()) recorder_.Tell(call->Snapshot(execution_.id));
        call->task = nullptr;
    }
    in_flight_.clear();
}

// What the journal has is enough to go on later; calls in flight begin again then.
void Run::Park() {
    recorder_.Flush();
    phase_ = Phase::kEnded;
    for (const auto& call : in_flight_) {
        if (call->task != nullptr) call->task->Cancel();
    }
    Leave();
}

void Run::Leave() {
    phase_ = Phase::kGone;
    {
        std::lock_guard lock(mutex_);
        closed_ = true;
    }
    FetchMail();
    for (Event& event : events_) {
        auto* stop = std::get_if<StopRequested>(&event);
        if (stop != nullptr && stop->stopped) stopped_.push_back(std::move(stop->stopped));
    }
    for (const auto& call : in_flight_) call->task = nullptr;
    in_flight_.clear();
    for (auto& queue : calls_) queue.clear();
    events_.clear();
    ready_.clear();
    environment_.host.OnRunGone(execution_.id);
}

void Run::TellRun() {
    if (!recorder_.watched()) return;
    stats_.walltime_s = Walltime();
    execution_.stats = stats_;
    recorder_.TellRun();
}

double Run::Walltime() const {
    if (started_ns_ == 0) return walltime_before_s_;
    const int64_t passed_ns = environment_.parts.clock.MonotonicNs() - started_ns_;
    return walltime_before_s_ + static_cast<double>(passed_ns) / 1e9;
}

}  // namespace yard::engine
