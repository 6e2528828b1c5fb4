// Price of running a block once.

#pragma once

#include <cstdint>

#include "base/value.h"
#include "host/model/block_type.h"

namespace yard::model {

struct BlockCharge {
    int64_t credits = 0;
    Value filter = Value::EmptyObject();  // Of the entry that decided; recorded with the charge.
};

// What a cost entry may depend on besides the input.
struct BlockUsage {
    double run_time_s = 0;
    double size_bytes = 0;
};

// Whether `data` meets `filter`: every member of the filter matches, where absent, null and other
// empty values are the same.
bool CostFilterMatches(View filter, View data);

// The first entry of the block that matches decides.
BlockCharge BlockCostFor(const BlockType& block, View input, const BlockUsage& usage = {});

// What an execution costs on top of its blocks when it is the `count`th node execution of its
// user: `per_threshold` credits every `threshold` node executions. 0 for a threshold <= 0.
int64_t ExecutionSurcharge(int64_t count, int64_t threshold, int64_t per_threshold);

}  // namespace yard::model
