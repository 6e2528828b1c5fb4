#include "registry/registry.h"

#include <gtest/gtest.h>

#include "tests/unit/registry/plugin_directory.h"

namespace yard::registry {
namespace {

TEST(RegistryTest, StateThatSomebodyHoldsDoesNotChange) {
    const testing::PluginDirectory directory;
    directory.Install("good");
    Registry registry(directory.Settings());
    const auto before = registry.state();
    registry.SetLoaded(0);
    EXPECT_EQ(before->plugins.at(0).state, PluginState::kReady);
    EXPECT_EQ(registry.state()->plugins.at(0).state, PluginState::kLoaded);
}

TEST(RegistryTest, RefusalKeepsStateReasonAndWords) {
    const testing::PluginDirectory directory;
    directory.Install("good");
    Registry registry(directory.Settings());
    registry.SetRefused(0, PluginState::kBroken, Reason::kInitFailed, "it failed", "status -1");
    const PluginRecord& record = registry.state()->plugins.at(0);
    EXPECT_EQ(record.state, PluginState::kBroken);
    EXPECT_EQ(record.reason, Reason::kInitFailed);
    EXPECT_EQ(record.sentence, "it failed");
    EXPECT_EQ(record.evidence, "status -1");
}

TEST(RegistryTest, BlocksAreDisabledByIdOrName) {
    RegistryState state;
    state.disabled_blocks = {"id-1", "NameBlock"};
    EXPECT_TRUE(state.IsBlockDisabled("id-1", "x"));
    EXPECT_TRUE(state.IsBlockDisabled("x", "NameBlock"));
    EXPECT_FALSE(state.IsBlockDisabled("x", "nameblock"));
}

}  // namespace
}  // namespace yard::registry
