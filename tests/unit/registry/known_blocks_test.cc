#include "registry/known_blocks.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/unit/registry/plugin_directory.h"

namespace yard::registry {
namespace {

TEST(KnownBlocksTest, ShippedDirectoryHasEveryPlatformBlockOnce) {
    const auto blocks = LoadKnownBlocks(YARD_KNOWN_BLOCKS);
    ASSERT_TRUE(blocks.ok()) << blocks.error().message;
    EXPECT_EQ(blocks.value().size(), 466u);
    std::set<std::string> ids;
    for (const KnownBlock& block : blocks.value()) EXPECT_TRUE(ids.insert(block.id).second);
}

TEST(KnownBlocksTest, EntriesKeepTheirCredentials) {
    const auto blocks = LoadKnownBlocks(YARD_KNOWN_BLOCKS);
    for (const KnownBlock& block : blocks.value()) {
        if (block.name != "AIConditionBlock") continue;
        const View field = block.entry["inputSchema"]["properties"]["credentials"];
        EXPECT_EQ(field["discriminator"].StringOr(""), "model");
        EXPECT_GT(field["credentials_provider"].size(), 3u);
        return;
    }
    FAIL() << "AIConditionBlock is not in the directory";
}

TEST(KnownBlocksTest, WrongFilesAreRefused) {
    const testing::PluginDirectory directory;
    EXPECT_FALSE(LoadKnownBlocks(directory.path() + "/none.json").ok());
    for (const char* text : {"", "{}", "[{}]", R"([{"id":"a"}])", R"([7])"}) {
        SCOPED_TRACE(text);
        directory.Write("known.json", text);
        EXPECT_FALSE(LoadKnownBlocks(directory.path() + "/known.json").ok());
    }
}

}  // namespace
}  // namespace yard::registry
