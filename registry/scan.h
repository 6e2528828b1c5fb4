#pragma once

#include <string>
#include <vector>

#include "config/settings.h"
#include "registry/plugin_record.h"

namespace yard::registry {

// Looks through `settings.dirs` in order, and through each directory by file name, and checks what
// it finds as far as that is possible without running plugin code. Every manifest, and every
// library without one, becomes a record; nothing is skipped silently.
std::vector<PluginRecord> ScanPlugins(const config::PluginsSettings& settings);

}  // namespace yard::registry
