// The block directory: platform blocks that exist elsewhere, so that an imported agent whose blocks
// are not installed keeps their names.

#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/value.h"

namespace yard::registry {

struct KnownBlock {
    std::string id;
    std::string name;
    std::string ui_type;  // "Standard", "Input", ...
    bool static_output = false;
    Value entry;  // As in the file; its inputSchema has the credentials fields only.
};

// `path` is known_blocks.json, a JSON array. Entries of one file share a tape.
Result<std::vector<KnownBlock>> LoadKnownBlocks(const std::string& path);

}  // namespace yard::registry
