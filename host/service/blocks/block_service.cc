#include "host/service/blocks/block_service.h"

#include <utility>

#include "base/json.h"
#include "base/uuid.h"
#include "host/model/json_schema.h"
#include "host/storage/user_store.h"

namespace yard::service {
namespace {

constexpr int64_t kExecutionNsMax = 600'000'000'000;

// What the schema says against the input; nothing if it fits.
std::optional<std::string> FaultOf(const model::BlockType& block, View input) {
    if (!block.input_validator) return std::nullopt;
    return block.input_validator->ValidateIgnoringNulls(input);
}

}  // namespace

BlockService::BlockService(storage::Database& database, const model::BlockCatalog& catalog,
                           engine::BlockRuntime& runtime, const Clock& clock)
    : database_(database), catalog_(catalog), runtime_(runtime), clock_(clock) {}

std::string BlockService::ListJson() const {
    std::string json = "[";
    for (const model::BlockType* block : catalog_.All()) {
        if (block->availability != model::BlockAvailability::kReady) continue;
        if (json.size() > 1) json.push_back(',');
        AppendJson(block->declaration, json);
    }
    json.push_back(']');
    return json;
}

void BlockService::Execute(const UserId& user, const BlockId& id, const Value& input,
                           const Done& done) {
    const model::BlockType* block = catalog_.Find(id);
    if (block == nullptr || block->availability == model::BlockAvailability::kNotInstalled) {
        return done(NotFound("Block #" + id.text() + " not found."));
    }
    if (block->availability != model::BlockAvailability::kReady) {
        return done(NotAllowed("Block #" + id.text() + " is disabled."));
    }
    Result<Ok> known = CheckUser(user);
    if (!known) return done(std::move(known).error());
    if (auto fault = FaultOf(*block, input)) {
        std::string message = "Unable to execute block with invalid input data: " + *fault;
        return done(Invalid(engine::BlockErrorText(*block, message)));
    }
    engine::BlockCall call;
    call.block = block;
    call.input = input;
    call.user_id = user;
    call.node_execution_id = NodeExecutionId(NewOrderedUuid());
    call.deadline_ns = clock_.MonotonicNs() + kExecutionNsMax;
    engine::ExecuteBlock(runtime_, std::move(call),
                         [done](engine::BlockOutcome outcome, engine::BlockOutputs outputs) {
                             done(Outcome{std::move(outcome), std::move(outputs)});
                         });
}

Result<Ok> BlockService::CheckUser(const UserId& user) {
    return database_.Read([&](storage::Stores& stores) -> Result<Ok> {
        if (TRY(stores.users.Find(user))) return Ok{};
        return Invalid("User not found with ID: " + user.text());
    });
}

}  // namespace yard::service
