#include "registry/known_blocks.h"

#include <utility>

#include "base/json.h"
#include "registry/plugin_file.h"

namespace yard::registry {
namespace {

constexpr size_t kFileBytesMax = 16u << 20;

}  // namespace

Result<std::vector<KnownBlock>> LoadKnownBlocks(const std::string& path) {
    const PluginFile file = TRY(ReadPluginFile(path, kFileBytesMax));
    auto parsed = ParseJson(file.content);
    if (!parsed) return Invalid("the block directory " + path + ": " + parsed.error().message);
    const Value document = std::move(parsed).value();
    if (!document->IsArray()) return Invalid("the block directory " + path + " must be an array");
    std::vector<KnownBlock> blocks;
    blocks.reserve(document->size());
    for (const View entry : document->items()) {
        KnownBlock block{.id = std::string(entry["id"].StringOr("")),
                         .name = std::string(entry["name"].StringOr("")),
                         .ui_type = std::string(entry["uiType"].StringOr("Standard")),
                         .static_output = entry["staticOutput"].BoolOr(false),
                         .entry = document.Share(entry)};
        if (block.id.empty() || block.name.empty()) {
            return Invalid("the block directory " + path + " has an entry without id or name");
        }
        blocks.push_back(std::move(block));
    }
    return blocks;
}

}  // namespace yard::registry
