#include "host/plugin/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"

namespace yard::plugin {
namespace {

using model::BlockAvailability;
using registry::PluginState;
using ::testing::HasSubstr;

constexpr char kA[] = "00000000-0000-4000-8000-00000000000a";
constexpr char kB[] = "00000000-0000-4000-8000-00000000000b";

registry::PluginRecord Plugin(PluginState state, const std::string& id, const std::string& name) {
    registry::PluginRecord record;
    record.manifest.id = "test." + name;
    record.state = state;
    record.sentence = state == PluginState::kDisabled ? "the plugin is disabled" : "";
    record.manifest.blocks.push_back(
        {id, name,
         ParseJson(R"({"id":")" + id + R"(","name":")" + name +
                   R"(","inputSchema":{"properties":{}},"outputSchema":{"properties":{}}})")
             .value()});
    return record;
}

TEST(PluginCatalogTest, LoadedBlocksAreReadyAndDisabledOnesSayWhy) {
    registry::RegistryState state;
    state.plugins = {Plugin(PluginState::kDisabled, kB, "OffBlock"),
                     Plugin(PluginState::kLoaded, kA, "OnBlock")};
    const PluginCatalog catalog(state, {});
    EXPECT_EQ(catalog.Find(BlockId(kA))->availability, BlockAvailability::kReady);
    EXPECT_EQ(catalog.Find(BlockId(kB))->availability, BlockAvailability::kDisabled);
    EXPECT_EQ(catalog.Find(BlockId(kB))->availability_reason, "the plugin is disabled");
    EXPECT_EQ(catalog.All().size(), 2u);
}

TEST(PluginCatalogTest, SingleBlocksCanBeDisabled) {
    registry::RegistryState state;
    state.plugins = {Plugin(PluginState::kLoaded, kA, "OnBlock")};
    state.disabled_blocks = {"OnBlock"};
    const PluginCatalog catalog(state, {});
    EXPECT_EQ(catalog.Find(BlockId(kA))->availability, BlockAvailability::kDisabled);
    EXPECT_THAT(catalog.Find(BlockId(kA))->availability_reason,
                HasSubstr("plugins.disabled_blocks"));
}

TEST(PluginCatalogTest, BrokenPluginsHaveNoBlocks) {
    registry::RegistryState state;
    state.plugins = {Plugin(PluginState::kBroken, kA, "OnBlock")};
    const PluginCatalog catalog(state, {});
    EXPECT_EQ(catalog.Find(BlockId(kA)), nullptr);
}

TEST(PluginCatalogTest, KnownBlocksFillTheGapsOnly) {
    registry::RegistryState state;
    state.plugins = {Plugin(PluginState::kLoaded, kA, "OnBlock")};
    const Value entry =
        ParseJson(R"({"id":"00000000-0000-4000-8000-00000000000b","name":"GoneBlock",)"
                  R"("inputSchema":{"properties":{"credentials":{"credentials_provider":["x"],)"
                  R"("credentials_types":["api_key"]}}},"outputSchema":{"properties":{}}})")
            .value();
    const PluginCatalog catalog(state, {{kA, "OldName", "Standard", false, entry},
                                        {kB, "GoneBlock", "Standard", false, entry}});
    EXPECT_EQ(catalog.Find(BlockId(kA))->name, "OnBlock");
    const model::BlockType* gone = catalog.Find(BlockId(kB));
    ASSERT_NE(gone, nullptr);
    EXPECT_EQ(gone->availability, BlockAvailability::kNotInstalled);
    EXPECT_EQ(gone->credentials.size(), 1u);
    EXPECT_EQ(catalog.All().size(), 2u);
}

}  // namespace
}  // namespace yard::plugin
