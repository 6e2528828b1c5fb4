// What the host knows of a block without running it: the declaration from its plugin's manifest.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "base/value.h"

namespace yard::model {

class JsonSchema;

enum class BlockKind {
    kStandard,
    kInput,
    kOutput,
    kNote,
    kWebhook,
    kWebhookManual,
    kAgent,
    kAi,
    kAyrshare,
    kHumanInTheLoop,
};

// An input that takes a reference to stored credentials.
struct CredentialsField {
    std::string name;  // "credentials" or "*_credentials".
    std::vector<std::string> providers;
    std::vector<std::string> types;  // api_key, oauth2, user_password, host_scoped
    std::vector<std::string> scopes;
    std::string discriminator;    // Name of the input that selects the provider, or empty.
    Value discriminator_mapping;  // Object: discriminator value -> provider; null if there is none.
    // Not an input of its own: the reference is inside the value of input `container` (a picked
    // file, say) and reaches the block under `name`. Empty for ordinary fields.
    std::string container;

    bool automatic() const { return !container.empty(); }
};

// How a block is started by an external event.
struct WebhookConfig {
    std::string provider;
    std::string webhook_type;
    std::string resource_format;  // Template filled from the inputs; empty for manual set-up.
    std::string event_filter_input;
    std::string event_format = "{event}";
};

enum class CostType { kRun, kSecond, kByte };

struct BlockCost {
    int64_t amount = 0;  // Credits; 100 are one US dollar.
    Value filter;        // Object matched against the node's input.
    CostType type = CostType::kRun;
};

// Where the block stands on this server. Only kReady blocks are listed and run.
enum class BlockAvailability {
    kReady,
    kDisabled,      // By configuration; `availability_reason` says which setting.
    kNotInstalled,  // Known by id and name only; no loaded plugin provides it.
};

// Immutable once published in a catalog; shared by every thread.
struct BlockType {
    BlockId id;
    std::string name;  // "StoreValueBlock"
    BlockKind kind = BlockKind::kStandard;
    bool static_output = false;
    bool sensitive_action = false;
    Value input_schema;  // JSON Schema objects as the API returns them.
    Value output_schema;
    Value declaration;                          // The block's entry of GET /api/blocks, complete.
    std::vector<CredentialsField> credentials;  // Ordinary ones first, then automatic ones.
    std::vector<BlockCost> costs;
    std::optional<WebhookConfig> webhook;
    std::vector<std::string> required_inputs;  // Those without a default.
    BlockAvailability availability = BlockAvailability::kReady;
    std::string availability_reason;

    // Compiled from the schemas when the type is made. Null for blocks that are not installed.
    // Shared by the copies of the type.
    std::shared_ptr<const JsonSchema> input_validator;
    std::shared_ptr<const JsonSchema> output_validator;

    View InputProperty(std::string_view input_name) const {
        return input_schema["properties"].Get(input_name);
    }
    bool HasInput(std::string_view input_name) const {
        return input_schema["properties"].Has(input_name);
    }
    bool HasOutput(std::string_view output_name) const {
        return output_schema["properties"].Has(output_name);
    }
};

// From one entry of a manifest's `blocks` (docs/manifest.md).
Result<BlockType> ParseBlockType(View manifest_entry);

// A block known by id and name only, for the catalog to hold: availability kNotInstalled.
BlockType MakeNotInstalledBlockType(BlockId id, std::string name);

// The blocks this server knows. Thread-safe; pointers stay valid as long as the catalog.
class BlockCatalog {
public:
    virtual ~BlockCatalog() = default;
    // Includes disabled and not-installed blocks; nullptr for an id never heard of.
    virtual const BlockType* Find(const BlockId& id) const = 0;
    // Every known block in registry order.
    virtual std::vector<const BlockType*> All() const = 0;
};

}  // namespace yard::model
