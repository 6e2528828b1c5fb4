// PluginCatalog: the blocks of the loaded plugins, and those this server knows by name only.

#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "host/model/block_type.h"
#include "registry/known_blocks.h"
#include "registry/registry.h"

namespace yard::plugin {

// Immutable, therefore thread-safe.
class PluginCatalog final : public model::BlockCatalog {
public:
    // Blocks of plugins that are loaded, then those of disabled ones, then `known` ones that no
    // plugin provides. A declaration that cannot be understood is logged and left out.
    PluginCatalog(const registry::RegistryState& state,
                  const std::vector<registry::KnownBlock>& known);

    const model::BlockType* Find(const BlockId& id) const override;
    std::vector<const model::BlockType*> All() const override;

private:
    void AddPlugin(const registry::PluginRecord& record, const registry::RegistryState& state);
    void AddKnown(const registry::KnownBlock& block);
    void Add(model::BlockType type);

    std::vector<std::unique_ptr<const model::BlockType>> types_;
    std::unordered_map<BlockId, const model::BlockType*> by_id_;
};

}  // namespace yard::plugin
