#include "host/model/cost.h"

#include <cmath>

#include "host/model/python_text.h"

namespace yard::model {
namespace {

// Equality where true is 1 and false is 0.
bool LooselyEqual(View a, View b) {
    if (a.IsBool() && b.IsNumber()) return b.AsDouble() == (a.AsBool() ? 1 : 0);
    if (a.IsNumber() && b.IsBool()) return LooselyEqual(b, a);
    return Equal(a, b);
}

}  // namespace

bool CostFilterMatches(View filter, View data) {
    if (!filter.IsObject() || !data.IsObject()) return LooselyEqual(filter, data);
    for (auto [name, wanted] : filter.members()) {
        View given = data[name];
        bool matches = PythonTruth(given) ? CostFilterMatches(wanted, given) : !PythonTruth(wanted);
        if (!matches) return false;
    }
    return true;
}

BlockCharge BlockCostFor(const BlockType& block, View input, const BlockUsage& usage) {
    for (const BlockCost& cost : block.costs) {
        if (!CostFilterMatches(cost.filter, input)) continue;
        auto amount = static_cast<double>(cost.amount);
        switch (cost.type) {
            case CostType::kRun: return {cost.amount, cost.filter};
            case CostType::kSecond:
                return {static_cast<int64_t>(std::floor(usage.run_time_s * amount)), cost.filter};
            case CostType::kByte:
                return {static_cast<int64_t>(std::floor(usage.size_bytes * amount)), cost.filter};
        }
    }
    return {};
}

int64_t ExecutionSurcharge(int64_t count, int64_t threshold, int64_t per_threshold) {
    return threshold > 0 && count % threshold == 0 ? per_threshold : 0;
}

}  // namespace yard::model
