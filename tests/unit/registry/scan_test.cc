#include "registry/scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/unit/registry/plugin_directory.h"

namespace yard::registry {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class ScanTest : public ::testing::Test {
protected:
    PluginRecord ScanOne() {
        const auto records = ScanPlugins(directory_.Settings());
        EXPECT_EQ(records.size(), 1u);
        return records.empty() ? PluginRecord() : records.front();
    }
    void ExpectRefused(PluginState state, Reason reason, const std::string& words) {
        const PluginRecord record = ScanOne();
        EXPECT_EQ(ToString(record.state), ToString(state));
        EXPECT_EQ(ToString(record.reason), ToString(reason));
        EXPECT_THAT(record.sentence, HasSubstr(words));
    }

    testing::PluginDirectory directory_;
};

TEST_F(ScanTest, GoodPluginIsReady) {
    directory_.Install("good");
    const PluginRecord record = ScanOne();
    EXPECT_EQ(record.state, PluginState::kReady) << record.sentence << " " << record.evidence;
    EXPECT_TRUE(record.sentence.empty());
}

TEST_F(ScanTest, EmptyAndMissingDirectoriesHaveNoPlugins) {
    EXPECT_TRUE(ScanPlugins(directory_.Settings()).empty());
    config::PluginsSettings settings;
    settings.dirs = {"/nonexistent/plugins"};
    EXPECT_TRUE(ScanPlugins(settings).empty());
}

TEST_F(ScanTest, OtherMajorIsIncompatibleAndBothSidesAreNamed) {
    directory_.Install("good", {{"abi.major", "2"}});
    ExpectRefused(PluginState::kIncompatible, Reason::kAbiMajor,
                  "test.bad 1.0.0 was built for block ABI major 2, this host has 1.");
}

TEST_F(ScanTest, NewerNeedIsIncompatibleAndSaysWhatToDo) {
    directory_.Install("good", {{"abi.need", "99"}});
    ExpectRefused(PluginState::kIncompatible, Reason::kAbiTooNew, "needs block ABI 1.99");
}

TEST_F(ScanTest, OtherArchitectureIsIncompatible) {
    directory_.Install("good", {{"library.arch", "\"riscv64-linux-gnu\""}});
    ExpectRefused(PluginState::kIncompatible, Reason::kArchitecture, "riscv64-linux-gnu");
}

TEST_F(ScanTest, OtherHashOrSizeIsBrokenWithBothHashesAsEvidence) {
    directory_.Install("good", {{"library.sha256", "\"" + std::string(64, '0') + "\""}});
    ExpectRefused(PluginState::kBroken, Reason::kHashMismatch, "the SHA-256 differs");
    EXPECT_THAT(ScanOne().evidence, HasSubstr(std::string(64, '0')));
    directory_.Install("good", {{"library.size", "3"}});
    ExpectRefused(PluginState::kBroken, Reason::kSizeMismatch, "its manifest says 3");
}

TEST_F(ScanTest, MissingLibraryIsBroken) {
    directory_.Install("good");
    std::filesystem::remove(directory_.path() + "/plugin.so");
    ExpectRefused(PluginState::kBroken, Reason::kNoLibrary, "does not exist");
}

TEST_F(ScanTest, LibraryBehindALinkIsRefused) {
    directory_.Install("good");
    std::filesystem::rename(directory_.path() + "/plugin.so", directory_.path() + "/real");
    std::filesystem::create_symlink("real", directory_.path() + "/plugin.so");
    ExpectRefused(PluginState::kBroken, Reason::kLibraryFile, "symbolic link");
}

TEST_F(ScanTest, LibraryWithoutManifestIsReported) {
    directory_.Write("stray.so", "anything");
    ExpectRefused(PluginState::kBroken, Reason::kNoManifest, "blkc manifest stray.so");
}

TEST_F(ScanTest, UnreadableManifestIsOneFaultNotTwo) {
    directory_.Install("good");
    directory_.Write("plugin.blk.json", "{");
    ExpectRefused(PluginState::kBroken, Reason::kBadManifest, "not valid JSON");
}

TEST_F(ScanTest, TruncatedLibraryIsNoElfFile) {
    const std::string whole = testing::ReadFile(testing::BadPlugin("good"));
    const std::string half = whole.substr(0, 100);
    directory_.Install("good", {{"library.sha256", JsonQuote(Sha256Hex(half))},
                                {"library.size", std::to_string(half.size())}});
    directory_.Write("plugin.so", half);
    ExpectRefused(PluginState::kBroken, Reason::kBadElf, "not a well-formed ELF file");
}

struct BadLibrary {
    const char* name;
    Reason reason;
    const char* words;
};

class BadLibraryTest : public ScanTest, public ::testing::WithParamInterface<BadLibrary> {};

TEST_P(BadLibraryTest, IsRefusedBeforeItsCodeRuns) {
    directory_.Install(GetParam().name);
    ExpectRefused(PluginState::kBroken, GetParam().reason, GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(
    Libraries, BadLibraryTest,
    ::testing::Values(BadLibrary{"no_note", Reason::kNoNote, "no block ABI note"},
                      BadLibrary{"no_entry", Reason::kNoEntry, "does not export"},
                      BadLibrary{"run_path", Reason::kRunPath, "only $ORIGIN"},
                      BadLibrary{"executable_stack", Reason::kExecutableStack, "noexecstack"}),
    [](const auto& test) { return test.param.name; });

TEST_F(ScanTest, SecondExportIsRefusedUnlessASanitizerBroughtIt) {
    directory_.Install("extra_export");
    const PluginRecord record = ScanOne();
    if (record.elf.sanitized) {
        EXPECT_EQ(record.state, PluginState::kReady);
        EXPECT_EQ(record.warnings.size(), 1u);
    } else {
        EXPECT_EQ(record.reason, Reason::kExtraExports);
        EXPECT_THAT(record.evidence, HasSubstr("blk_surprise"));
    }
}

TEST_F(ScanTest, ManifestThatContradictsTheNoteIsBroken) {
    directory_.Install("good", {{"abi.built", "7"}});
    ExpectRefused(PluginState::kBroken, Reason::kNoteMismatch,
                  "another block ABI than its library");
}

TEST_F(ScanTest, SecondPluginWithAnIdIsADuplicateOfTheFirst) {
    directory_.Install("good", {}, "a");
    directory_.Install("good", {}, "b");
    const auto records = ScanPlugins(directory_.Settings());
    ASSERT_EQ(records.size(), 2u);
    EXPECT_EQ(records[0].state, PluginState::kReady);
    EXPECT_EQ(records[1].state, PluginState::kDuplicate);
    EXPECT_THAT(records[1].sentence, AllOf(HasSubstr("a.blk.json"), HasSubstr("b.blk.json")));
}

TEST_F(ScanTest, BlockOfTwoPluginsStaysWithTheFirst) {
    directory_.Install("good", {{"id", "\"test.first\""}}, "a");
    directory_.Install("good", {{"id", "\"test.second\""}}, "b");
    const auto records = ScanPlugins(directory_.Settings());
    EXPECT_EQ(records.at(1).reason, Reason::kDuplicateBlock);
    EXPECT_THAT(records.at(1).sentence, AllOf(HasSubstr("test.first"), HasSubstr("test.second")));
}

TEST_F(ScanTest, RefusedPluginDoesNotKeepItsIdsFromOthers) {
    directory_.Install("no_note", {}, "a");
    directory_.Install("good", {}, "b");
    const auto records = ScanPlugins(directory_.Settings());
    EXPECT_EQ(records.at(1).state, PluginState::kReady);
}

TEST_F(ScanTest, DisabledPluginIsListedAsSuch) {
    directory_.Install("good");
    config::PluginsSettings settings = directory_.Settings();
    settings.disabled = {"test.bad"};
    const auto records = ScanPlugins(settings);
    EXPECT_EQ(records.at(0).state, PluginState::kDisabled);
    EXPECT_THAT(records.at(0).sentence, HasSubstr("plugins.disabled"));
}

TEST_F(ScanTest, DirectoriesAreSearchedInTheirOrder) {
    const testing::PluginDirectory second;
    directory_.Install("good", {}, "z");
    second.Install("good", {}, "a");
    config::PluginsSettings settings = directory_.Settings();
    settings.dirs.push_back(second.path());
    const auto records = ScanPlugins(settings);
    EXPECT_EQ(records.at(0).directory, directory_.path());
    EXPECT_EQ(records.at(1).state, PluginState::kDuplicate);
}

}  // namespace
}  // namespace yard::registry
