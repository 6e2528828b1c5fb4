// Loads a plugin and checks what it says about its blocks.

#pragma once

#include <string>
#include <vector>

#include "base/value.h"

namespace yard::blkc {

struct PluginDescription {
    std::string id, version, sdk;
    uint32_t abi_major = 0, abi_minor = 0, need_minor = 0;
    std::vector<Value> blocks;  // Entries of the manifest's "blocks", complete.
};

// Loads a library and calls its entry function. The plugin lives as long as the process. kInvalid
// if it is no plugin or needs another ABI.
Result<const blk_plugin*> LoadPlugin(const std::string& path);

// Runs the plugin's code: dlopen and its entry function, nothing else. The library stays loaded.
// kInvalid names the block and the fault.
Result<PluginDescription> DescribePlugin(const std::string& path);

// Checks one declaration (the text of blk_block.spec_json) and adds the members that it leaves out.
// `flags` are those of the block.
Result<Value> CheckBlock(std::string_view id, uint32_t flags, std::string_view spec_json);

// A UUID, or lower-case words joined by dots as in com.acme.chat.
bool IsBlockId(std::string_view id);

}  // namespace yard::blkc
