#include "registry/registry.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "registry/scan.h"

namespace yard::registry {

bool RegistryState::IsBlockDisabled(std::string_view id, std::string_view name) const {
    return std::any_of(disabled_blocks.begin(), disabled_blocks.end(),
                       [&](const std::string& entry) { return entry == id || entry == name; });
}

Registry::Registry(const config::PluginsSettings& settings)
    : state_(std::make_shared<const RegistryState>(
          RegistryState{ScanPlugins(settings), settings.disabled_blocks})) {}

std::shared_ptr<const RegistryState> Registry::state() const {
    const std::lock_guard lock(mutex_);
    return state_;
}

template <typename Change>
void Registry::Publish(size_t index, const Change& change) {
    const std::lock_guard lock(mutex_);
    auto next = std::make_shared<RegistryState>(*state_);
    ASSERT(index < next->plugins.size());
    change(next->plugins[index]);
    state_ = std::move(next);
}

void Registry::SetLoaded(size_t index) {
    Publish(index, [](PluginRecord& record) { record.state = PluginState::kLoaded; });
}

void Registry::SetRefused(size_t index, PluginState state, Reason reason, std::string sentence,
                          std::string evidence) {
    Publish(index, [&](PluginRecord& record) {
        record.Refuse(state, reason, std::move(sentence), std::move(evidence));
    });
}

}  // namespace yard::registry
