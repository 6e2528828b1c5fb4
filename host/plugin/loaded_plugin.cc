#include "host/plugin/loaded_plugin.h"

#include <utility>

#include "base/log.h"
#include "host/plugin/call.h"

namespace yard::plugin {

LoadedPlugins::~LoadedPlugins() {
    for (auto& plugin : plugins_) {
        if (plugin->calls_open != 0) {
            LogWarning("plugins", "a plugin still runs calls at the end, it is left as it is",
                       {{"plugin", plugin->id}});
            static_cast<void>(plugin.release());
            continue;
        }
        for (const auto& block : plugin->blocks) block->table->destroy(block->instance);
        if (plugin->table->fini != nullptr) plugin->table->fini();
    }
}

void LoadedPlugins::Add(std::unique_ptr<LoadedPlugin> plugin) {
    for (const auto& block : plugin->blocks) blocks_.emplace(BlockId(block->id), block.get());
    plugins_.push_back(std::move(plugin));
}

LoadedBlock* LoadedPlugins::Find(const BlockId& id) const {
    const auto found = blocks_.find(id);
    return found == blocks_.end() ? nullptr : found->second;
}

}  // namespace yard::plugin
