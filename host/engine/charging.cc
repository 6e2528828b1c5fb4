#include "host/engine/charging.h"

#include <string>

#include "host/model/cost.h"

namespace yard::engine {
namespace {

constexpr size_t kUsersMax = 100'000;

}  // namespace

int64_t Charging::CountNext(const UserId& user) {
    std::lock_guard lock(mutex_);
    // Forgetting everybody's count costs the operator at most one surcharge per user.
    if (counts_.size() >= kUsersMax && !counts_.contains(user)) counts_.clear();
    return ++counts_[user];
}

Charging::Price Charging::PriceNext(const UserId& user, const model::BlockType& block, View input) {
    model::BlockCharge charge = model::BlockCostFor(block, input);
    return {charge.credits,
            model::ExecutionSurcharge(CountNext(user), count_threshold_, cost_per_threshold_),
            std::move(charge.filter)};
}

Result<int64_t> Charging::Take(const Item& item, const Price& price) {
    const std::string& run_id = item.run.id.text();
    const std::string& graph_id = item.run.graph_id.text();
    if (price.block > 0) {
        ValueBuilder metadata;
        metadata.BeginObject()
            .Member("graph_exec_id", run_id)
            .Member("graph_id", graph_id)
            .Member("node_exec_id", item.node_execution_id.text())
            .Member("node_id", item.node_id.text())
            .Member("block_id", item.block.id.text())
            .Member("block", item.block.name)
            .Member("input", price.filter)
            .Member("reason", "Ran block " + item.block.id.text() + " " + item.block.name)
            .EndObject();
        TRY(ledger_.Spend(item.run.user_id, price.block, metadata.Take()));
    }
    if (price.surcharge > 0) {
        const std::string count = std::to_string(count_threshold_);
        ValueBuilder metadata;
        metadata.BeginObject()
            .Member("graph_exec_id", run_id)
            .Member("graph_id", graph_id)
            .Key("input")
            .BeginObject()
            .Member("execution_count", count_threshold_)
            .Member("charge", "Execution Cost")
            .EndObject()
            .Member("reason", "Execution Cost for " + count + " blocks of ex_id:" + run_id +
                                  " g_id:" + graph_id)
            .EndObject();
        TRY(ledger_.Spend(item.run.user_id, price.surcharge, metadata.Take()));
    }
    return price.total();
}

}  // namespace yard::engine
