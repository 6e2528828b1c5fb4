// Loader: from checked files to running code.

#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/value.h"
#include "host/plugin/loaded_plugin.h"
#include "registry/registry.h"

namespace yard::plugin {

struct LoaderOptions {
    std::map<std::string, Value> settings;             // Plugin id -> the operator's object for it.
    std::map<std::string, std::string> provider_urls;  // Provider -> base URL.
};

// Loads every ready plugin of `registry`, one after the other, and tells the registry what became
// of it. A plugin that cannot be loaded is refused with a sentence; it never fails the start.
std::unique_ptr<LoadedPlugins> LoadPlugins(registry::Registry& registry,
                                           const LoaderOptions& options);

}  // namespace yard::plugin
