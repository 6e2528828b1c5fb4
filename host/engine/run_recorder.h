// Writes down what one run does: collects journal records until the step is over, and holds events
// back until what they tell is durable, so that nobody hears of a change that a read would not show
// yet.

#pragma once

#include <deque>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "base/value.h"
#include "host/engine/run_observer.h"
#include "host/model/execution.h"
#include "host/storage/execution_journal.h"

namespace yard::engine {

// Used by whoever advances the run; not thread-safe.
class RunRecorder {
public:
    using Position = storage::ExecutionJournal::Position;

    RunRecorder(storage::ExecutionJournal& journal, EventSink* events,
                const model::GraphExecution& run)
        : journal_(journal), events_(events), run_(run) {}

    void Record(storage::JournalRecord record) { records_.push_back(std::move(record)); }
    size_t pending() const { return records_.size(); }

    // Whether somebody follows the run. Asked for anew by LookWhoWatches.
    bool watched() const { return watched_; }
    void LookWhoWatches() { watched_ = events_ != nullptr && events_->Wants(run_); }
    // Call only if watched().
    void Tell(model::NodeExecution node) { told_.push_back({run_, std::move(node)}); }
    void TellRun() { told_.push_back({run_, std::nullopt}); }

    // Appends what was recorded; may block while the journal is full. The position if events wait
    // for it.
    std::optional<Position> Flush();
    Position last_position() const { return last_position_; }
    // Hands out the events up to `position`.
    void Publish(Position position);

private:
    struct Event {
        model::GraphExecution run;
        std::optional<model::NodeExecution> node;
    };
    struct Batch {
        Position position;
        std::vector<Event> events;
    };

    storage::ExecutionJournal& journal_;
    EventSink* const events_;
    const model::GraphExecution& run_;
    bool watched_ = false;
    std::vector<storage::JournalRecord> records_;
    std::vector<Event> told_;
    std::deque<Batch> batches_;
    Position last_position_ = 0;
};

}  // namespace yard::engine
