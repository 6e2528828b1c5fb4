#include "registry/describe.h"

#include <gtest/gtest.h>

namespace yard::registry {
namespace {

TEST(DescribePluginsTest, EveryPluginHasALineAndEveryRefusalItsReason) {
    RegistryState state;
    PluginRecord good;
    good.manifest.id = "com.acme.ai";
    good.manifest.version = "1.0.0";
    good.manifest.blocks.resize(2);
    good.state = PluginState::kLoaded;
    PluginRecord stray;
    stray.library_path = "/plugins/stray.so";
    stray.Refuse(PluginState::kBroken, Reason::kNoManifest, "it has no manifest", "found a.so");
    state.plugins = {good, stray};
    EXPECT_EQ(DescribePlugins(state),
              "com.acme.ai  1.0.0  loaded  2 blocks\n"
              "stray.so     -      broken  0 blocks\n"
              "    no_manifest: it has no manifest\n"
              "    found a.so\n");
}

TEST(DescribePluginsTest, NoPluginsAreSaidSo) {
    EXPECT_EQ(DescribePlugins({}), "no plugins found\n");
}

}  // namespace
}  // namespace yard::registry
