#include "host/engine/admission.h"

namespace yard::engine {

void Admission::Close(Lanes::iterator lane) {
    if (!lane->second.waiting.empty()) open_.erase(lane->second.waiting.begin()->first);
}

void Admission::Open(Lanes::iterator lane) {
    const Lane& state = lane->second;
    if (state.active == 0 && state.waiting.empty()) {
        lanes_.erase(lane);
    } else if (state.active < limits_.active_per_lane_max && !state.waiting.empty()) {
        open_.emplace(state.waiting.begin()->first, lane);
    }
}

void Admission::Add(const GraphExecutionId& id, const UserId& user, const GraphId& graph) {
    const uint64_t ticket = next_ticket_++;
    const auto lane = lanes_.try_emplace(user.text() + '\n' + graph.text()).first;
    Close(lane);
    lane->second.waiting.emplace(ticket, id);
    Open(lane);
    entries_.emplace(id, Entry{lane, ticket});
}

void Admission::Remove(const GraphExecutionId& id) {
    const auto found = entries_.find(id);
    if (found == entries_.end()) return;
    const Entry entry = found->second;
    entries_.erase(found);
    Close(entry.lane);
    if (entry.active) {
        --entry.lane->second.active;
        --active_;
    } else {
        entry.lane->second.waiting.erase(entry.ticket);
    }
    Open(entry.lane);
}

std::optional<GraphExecutionId> Admission::TakeNext() {
    if (open_.empty() || active_ >= limits_.active_max) return std::nullopt;
    const auto lane = open_.begin()->second;
    Close(lane);
    GraphExecutionId id = lane->second.waiting.begin()->second;
    lane->second.waiting.erase(lane->second.waiting.begin());
    ++lane->second.active;
    ++active_;
    Open(lane);
    entries_.find(id)->second.active = true;
    return id;
}

}  // namespace yard::engine
