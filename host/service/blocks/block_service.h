#pragma once

#include <functional>
#include <string>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "base/value.h"
#include "host/engine/block_execution.h"
#include "host/engine/block_runtime.h"
#include "host/model/block_type.h"
#include "host/storage/database.h"

namespace yard::service {

// The block catalog as users see it, and blocks run on their own. Thread-safe.
class BlockService {
public:
    // All must outlive the service and every call it starts.
    BlockService(storage::Database& database, const model::BlockCatalog& catalog,
                 engine::BlockRuntime& runtime, const Clock& clock);

    // JSON text: an array with the declaration of every block that can run here.
    std::string ListJson() const;

    struct Outcome {
        engine::BlockOutcome outcome;
        engine::BlockOutputs outputs;
    };
    // Runs one block with `input`, an object, for at most ten minutes. Nothing is recorded or
    // charged. `done` is called once, from any thread, possibly before this returns; with kNotFound
    // or kNotAllowed if the block is unknown or not available, kInvalid if the user is unknown.
    // Blocks on the database.
    using Done = std::function<void(Result<Outcome>)>;
    void Execute(const UserId& user, const BlockId& id, const Value& input, const Done& done);

private:
    Result<Ok> CheckUser(const UserId& user);

    storage::Database& database_;
    const model::BlockCatalog& catalog_;
    engine::BlockRuntime& runtime_;
    const Clock& clock_;
};

}  // namespace yard::service
