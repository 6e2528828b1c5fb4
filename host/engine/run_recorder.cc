#include "host/engine/run_recorder.h"

namespace yard::engine {

std::optional<RunRecorder::Position> RunRecorder::Flush() {
    if (!records_.empty()) {
        const size_t size = records_.size();
        last_position_ = journal_.Append(std::exchange(records_, {}));
        records_.reserve(size);  // Steps of a run are alike.
    }
    if (told_.empty()) return std::nullopt;
    batches_.push_back({last_position_, std::exchange(told_, {})});
    return last_position_;
}

void RunRecorder::Publish(Position position) {
    while (!batches_.empty() && batches_.front().position <= position) {
        for (const Event& event : batches_.front().events) {
            if (event.node) {
                events_->OnNodeExecution(event.run, *event.node);
            } else {
                events_->OnGraphExecution(event.run);
            }
        }
        batches_.pop_front();
    }
}

}  // namespace yard::engine
