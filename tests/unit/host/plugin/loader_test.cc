#include "host/plugin/loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/registry/plugin_directory.h"

namespace yard::plugin {
namespace {

using registry::PluginState;
using registry::Reason;
using ::testing::HasSubstr;

class LoaderTest : public ::testing::Test {
protected:
    const registry::PluginRecord& Load() {
        registry_ = std::make_unique<registry::Registry>(directory_.Settings());
        plugins_ = LoadPlugins(*registry_, {});
        state_ = registry_->state();
        return state_->plugins.at(0);
    }
    void ExpectRefused(const std::string& name, Reason reason, const std::string& words) {
        directory_.Install(name);
        const registry::PluginRecord& record = Load();
        EXPECT_EQ(record.state, PluginState::kBroken);
        EXPECT_EQ(ToString(record.reason), ToString(reason));
        EXPECT_THAT(record.sentence, HasSubstr(words));
        EXPECT_EQ(plugins_->Find(BlockId("00000000-0000-4000-8000-000000000001")), nullptr);
    }

    testing::PluginDirectory directory_;
    std::unique_ptr<registry::Registry> registry_;
    std::unique_ptr<LoadedPlugins> plugins_;
    std::shared_ptr<const registry::RegistryState> state_;
};

TEST_F(LoaderTest, GoodPluginIsLoadedAndItsBlockFound) {
    directory_.Install("good");
    EXPECT_EQ(Load().state, PluginState::kLoaded) << Load().sentence;
    EXPECT_NE(plugins_->Find(BlockId("00000000-0000-4000-8000-000000000001")), nullptr);
    EXPECT_EQ(plugins_->Find(BlockId("00000000-0000-4000-8000-000000000009")), nullptr);
}

TEST_F(LoaderTest, UnresolvedSymbolIsRefusedByName) {
    ExpectRefused("unresolved", Reason::kLoadFailed, "nobody_defines_this");
}

TEST_F(LoaderTest, MajorInTheCodeThatDiffersFromTheManifestIsRefused) {
    ExpectRefused("wrong_major", Reason::kBadTable, "another block ABI in its code");
}

TEST_F(LoaderTest, NeedInTheCodeThatDiffersFromTheManifestIsRefused) {
    ExpectRefused("need_too_new", Reason::kBadTable, "another block ABI in its code");
}

TEST_F(LoaderTest, TableWithoutSizeIsRefused) {
    ExpectRefused("struct_size_zero", Reason::kBadTable, "too short");
}

TEST_F(LoaderTest, MissingTableIsRefused) {
    ExpectRefused("null_entry", Reason::kBadTable, "returns no plugin table");
}

TEST_F(LoaderTest, BlockWithoutStepIsRefused) {
    ExpectRefused("null_step", Reason::kBadTable, "empty function in its block 0");
}

TEST_F(LoaderTest, PluginThatCallsItselfSomethingElseIsRefused) {
    ExpectRefused("other_id", Reason::kBadTable, "calls itself test.other 1.0.0");
}

TEST_F(LoaderTest, BlockTheManifestDoesNotDeclareIsRefused) {
    ExpectRefused("block_count", Reason::kBadTable, "has 2 blocks and its manifest declares 1");
}

TEST_F(LoaderTest, BlockWithAnotherIdThanDeclaredIsRefused) {
    directory_.Install("good", {}, "plugin", R"([{"id":"declared-only","name":"B"}])");
    EXPECT_EQ(Load().reason, Reason::kBadTable);
    EXPECT_THAT(Load().sentence, HasSubstr("which its manifest does not declare"));
}

TEST_F(LoaderTest, PluginThatCannotStartIsRefusedWithItsStatus) {
    ExpectRefused("init_fails", Reason::kInitFailed, "status -10");
}

TEST_F(LoaderTest, BlockThatCannotBeCreatedNamesTheSettings) {
    ExpectRefused("create_fails", Reason::kCreateFailed, "check plugins.settings.test.bad");
}

TEST_F(LoaderTest, LibraryThatChangedAfterTheScanIsRefused) {
    directory_.Install("good");
    registry::Registry registry(directory_.Settings());
    ASSERT_EQ(registry.state()->plugins.at(0).state, PluginState::kReady);
    directory_.Write("plugin.so", testing::ReadFile(testing::BadPlugin("other_id")));
    const auto plugins = LoadPlugins(registry, {});
    EXPECT_EQ(registry.state()->plugins.at(0).reason, Reason::kFileChanged);
}

TEST_F(LoaderTest, BadPluginDoesNotKeepAGoodOneOut) {
    directory_.Install("init_fails", {{"id", "\"test.first\""}}, "a",
                       R"([{"id":"00000000-0000-4000-8000-00000000000a","name":"A"}])");
    directory_.Install("good", {}, "b");
    Load();
    EXPECT_EQ(state_->plugins.at(0).state, PluginState::kBroken);
    EXPECT_EQ(state_->plugins.at(1).state, PluginState::kLoaded);
}

}  // namespace
}  // namespace yard::plugin
