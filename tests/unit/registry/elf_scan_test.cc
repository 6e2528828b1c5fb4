#include "registry/elf_scan.h"

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "tests/unit/registry/plugin_directory.h"

namespace yard::registry {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

std::string Library(const std::string& name) { return testing::ReadFile(testing::BadPlugin(name)); }

ElfFacts Scan(const std::string& name) {
    auto facts = ScanElf(Library(name));
    EXPECT_TRUE(facts.ok()) << facts.error().message;
    return std::move(facts).value();
}

TEST(ElfScanTest, GoodPluginTellsItsNoteItsEntryAndItsMachine) {
    const ElfFacts facts = Scan("good");
    EXPECT_EQ(facts.arch, HostArch());
    ASSERT_TRUE(facts.note.has_value());
    EXPECT_EQ(facts.note->major, 1u);
    EXPECT_EQ(facts.note->need, 0u);
    EXPECT_THAT(facts.exported, Contains("blk_plugin_entry_v1"));
    EXPECT_TRUE(facts.run_path.empty());
    EXPECT_FALSE(facts.text_relocations);
    EXPECT_FALSE(facts.executable_stack);
}

TEST(ElfScanTest, FaultsOfALibraryAreSeen) {
    EXPECT_FALSE(Scan("no_note").note.has_value());
    EXPECT_THAT(Scan("no_entry").exported, Contains("blk_something_else"));
    EXPECT_THAT(Scan("extra_export").exported, Contains("blk_surprise"));
    EXPECT_EQ(Scan("run_path").run_path, "/usr/local/lib/anything");
    EXPECT_TRUE(Scan("executable_stack").executable_stack);
}

TEST(ElfScanTest, ThisProgramAndTextFilesAreNotLibraries) {
    EXPECT_FALSE(ScanElf("").ok());
    EXPECT_FALSE(ScanElf("\x7f"
                         "ELF")
                     .ok());
    EXPECT_FALSE(ScanElf("#!/bin/sh\necho hello\n").ok());
}

TEST(ElfScanTest, ForeignClassesAndMachinesAreTold) {
    std::string image = Library("good");
    image[EI_CLASS] = ELFCLASS32;
    const auto narrow = ScanElf(image);
    ASSERT_FALSE(narrow.ok());
    EXPECT_THAT(narrow.error().message, HasSubstr("64-bit"));
    image = Library("good");
    const Elf64_Half machine = EM_S390;
    std::memcpy(image.data() + offsetof(Elf64_Ehdr, e_machine), &machine, sizeof(machine));
    EXPECT_EQ(ScanElf(image).value().arch, "machine 22");
}

// Under a sanitizer this proves that nothing outside of the image is read.
TEST(ElfScanTest, FileCutAnywhereNeverReadsBeyondItsEnd) {
    const std::string image = Library("good");
    const size_t step = std::max<size_t>(1, image.size() / 3000);
    for (size_t size = 0; size < image.size(); size += step) {
        const auto cut = std::make_unique<std::string>(image.substr(0, size));
        const auto facts = ScanElf(*cut);
        if (size < sizeof(Elf64_Ehdr)) {
            EXPECT_FALSE(facts.ok());
        }
    }
}

TEST(ElfScanTest, RandomDamageNeverHangsOrCrashes) {
    const std::string image = Library("good");
    std::mt19937 random(7);
    for (int round = 0; round < 3000; ++round) {
        std::string damaged = image;
        for (int i = 0; i < 8; ++i) {
            damaged[random() % std::min<size_t>(damaged.size(), 4096)] =
                static_cast<char>(random());
        }
        const auto facts = ScanElf(damaged);
        if (!facts) {
            EXPECT_FALSE(facts.error().message.empty());
        }
    }
}

}  // namespace
}  // namespace yard::registry
