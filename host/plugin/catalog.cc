#include "host/plugin/catalog.h"

#include <utility>

#include "base/log.h"

namespace yard::plugin {

using model::BlockAvailability;
using registry::PluginState;

PluginCatalog::PluginCatalog(const registry::RegistryState& state,
                             const std::vector<registry::KnownBlock>& known) {
    for (const PluginState wanted : {PluginState::kLoaded, PluginState::kDisabled}) {
        for (const registry::PluginRecord& record : state.plugins) {
            if (record.state == wanted) AddPlugin(record, state);
        }
    }
    for (const registry::KnownBlock& block : known) AddKnown(block);
}

void PluginCatalog::AddPlugin(const registry::PluginRecord& record,
                              const registry::RegistryState& state) {
    for (const registry::ManifestBlock& block : record.manifest.blocks) {
        auto parsed = model::ParseBlockType(block.declaration);
        if (!parsed) {
            LogError("plugins", "a block is left out, its declaration is wrong",
                     {{"plugin", record.manifest.id},
                      {"block", block.id},
                      {"error", parsed.error().message}});
            continue;
        }
        model::BlockType type = std::move(parsed).value();
        if (record.state == PluginState::kDisabled) {
            type.availability = BlockAvailability::kDisabled;
            type.availability_reason = record.sentence;
        } else if (state.IsBlockDisabled(block.id, block.name)) {
            type.availability = BlockAvailability::kDisabled;
            type.availability_reason =
                "the block " + block.name + " is listed in plugins.disabled_blocks";
        }
        Add(std::move(type));
    }
}

void PluginCatalog::AddKnown(const registry::KnownBlock& block) {
    if (by_id_.contains(BlockId(block.id))) return;
    auto parsed = model::ParseBlockType(block.entry);
    model::BlockType type = parsed
                                ? std::move(parsed).value()
                                : model::MakeNotInstalledBlockType(BlockId(block.id), block.name);
    type.availability = BlockAvailability::kNotInstalled;
    // Only the credentials fields of its schemas are known: nothing can be checked against them.
    type.input_validator = nullptr;
    type.output_validator = nullptr;
    type.availability_reason = "no installed plugin provides the block " + block.name;
    Add(std::move(type));
}

void PluginCatalog::Add(model::BlockType type) {
    auto owned = std::make_unique<const model::BlockType>(std::move(type));
    const model::BlockType* added = owned.get();
    if (by_id_.emplace(added->id, added).second) types_.push_back(std::move(owned));
}

const model::BlockType* PluginCatalog::Find(const BlockId& id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second;
}

std::vector<const model::BlockType*> PluginCatalog::All() const {
    std::vector<const model::BlockType*> all;
    all.reserve(types_.size());
    for (const auto& type : types_) all.push_back(type.get());
    return all;
}

}  // namespace yard::plugin
