// Registry: the plugins of this server and where each stands.

#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "config/settings.h"
#include "registry/plugin_record.h"

namespace yard::registry {

struct RegistryState {
    std::vector<PluginRecord> plugins;         // In directory order.
    std::vector<std::string> disabled_blocks;  // Ids or names, from plugins.disabled_blocks.

    bool IsBlockDisabled(std::string_view id, std::string_view name) const;
};

// Thread-safe. A state is never changed after it was published: whoever holds one goes on reading
// it.
class Registry {
public:
    // Scans the directories.
    explicit Registry(const config::PluginsSettings& settings);

    std::shared_ptr<const RegistryState> state() const;

    // The result of loading a plugin, told by whoever loads. `index` is its place in the state.
    void SetLoaded(size_t index);
    void SetRefused(size_t index, PluginState state, Reason reason, std::string sentence,
                    std::string evidence = {});

private:
    template <typename Change>
    void Publish(size_t index, const Change& change);

    mutable std::mutex mutex_;
    std::shared_ptr<const RegistryState> state_;  // Guarded by mutex_; shared with readers.
};

}  // namespace yard::registry
