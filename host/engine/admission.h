// Whose turn it is: first come first served, within a limit for all runs and one for each user and
// graph. A run that must wait for its own lane does not hold up the others.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/id.h"

namespace yard::engine {

struct AdmissionLimits {
    size_t active_max = 0;
    size_t active_per_lane_max = 0;
};

// Not thread-safe.
class Admission {
public:
    explicit Admission(AdmissionLimits limits) : limits_(limits) {}

    // `id` must be new.
    void Add(const GraphExecutionId& id, const UserId& user, const GraphId& graph);
    // The run ended, or does not want to start any more. Unknown ids are ignored.
    void Remove(const GraphExecutionId& id);
    // The next run that may start, which is active from now on.
    std::optional<GraphExecutionId> TakeNext();

    size_t waiting() const { return entries_.size() - active_; }

private:
    struct Lane {
        size_t active = 0;
        std::map<uint64_t, GraphExecutionId> waiting;  // By ticket.
    };
    using Lanes = std::map<std::string, Lane>;
    struct Entry {
        Lanes::iterator lane;
        uint64_t ticket;
        bool active = false;
    };

    // Keeps open_ in step with the lane; call before and after a change of it.
    void Close(Lanes::iterator lane);
    void Open(Lanes::iterator lane);

    const AdmissionLimits limits_;
    Lanes lanes_;
    std::unordered_map<GraphExecutionId, Entry> entries_;
    std::map<uint64_t, Lanes::iterator>
        open_;  // Lanes with room, by the ticket of their first run.
    uint64_t next_ticket_ = 0;
    size_t active_ = 0;
};

}  // namespace yard::engine
