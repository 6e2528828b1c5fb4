// What running a node costs, and taking it.

#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "base/id.h"
#include "base/result.h"
#include "base/value.h"
#include "host/engine/credit_ledger.h"
#include "host/model/block_type.h"
#include "host/model/execution.h"

namespace yard::engine {

// Thread-safe. `ledger` must outlive it.
class Charging {
public:
    Charging(CreditLedger& ledger, int64_t count_threshold, int64_t cost_per_threshold)
        : ledger_(ledger),
          count_threshold_(count_threshold),
          cost_per_threshold_(cost_per_threshold) {}

    bool is_free() const { return ledger_.is_free(); }
    Result<int64_t> Balance(const UserId& user) { return ledger_.Balance(user); }

    struct Price {
        int64_t block = 0;
        int64_t surcharge = 0;  // For every so many node executions of a user.
        Value filter;           // What decided the price of the block.

        int64_t total() const { return block + surcharge; }
    };
    // Counts one node execution of the user. Does not block.
    Price PriceNext(const UserId& user, const model::BlockType& block, View input);

    struct Item {
        const model::GraphExecution& run;
        const model::BlockType& block;
        const NodeId& node_id;
        const NodeExecutionId& node_execution_id;
    };
    // Takes the price; may block. What was taken, or why nothing more could be.
    Result<int64_t> Take(const Item& item, const Price& price);

private:
    int64_t CountNext(const UserId& user);

    CreditLedger& ledger_;
    const int64_t count_threshold_;
    const int64_t cost_per_threshold_;
    std::mutex mutex_;
    std::unordered_map<UserId, int64_t> counts_;  // Node executions since the process started.
};

}  // namespace yard::engine
