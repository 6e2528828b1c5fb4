#include "tools/blkc/elf_notes.h"

#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include <blk/abi.h>

namespace yard::blkc {
namespace {

std::string Plugin() {
    std::ifstream in(YARD_BUILD_DIR "/test_plugins/example_reverse.so", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

TEST(ElfNotesTest, ReadsMachineBuildIdAndAbi) {
    ElfNotes notes = ReadElfNotes(Plugin()).value();
    EXPECT_FALSE(notes.machine.empty());
    EXPECT_GE(notes.build_id.size(), 16u);
    ASSERT_TRUE(notes.abi.has_value());
    EXPECT_EQ(notes.abi->major, BLK_ABI_MAJOR);
    EXPECT_EQ(notes.abi->minor, BLK_ABI_MINOR);
    EXPECT_EQ(notes.abi->need_minor, 0u);
    EXPECT_EQ(notes.abi->call_size, sizeof(blk_call));
}

TEST(ElfNotesTest, RefusesWhatIsNoSharedObject) {
    for (std::string text : {std::string(), std::string("\x7f"), std::string(4096, '\0')}) {
        EXPECT_FALSE(ReadElfNotes(text).ok());
    }
    std::string executable = Plugin();
    executable[offsetof(Elf64_Ehdr, e_type)] = ET_EXEC;
    EXPECT_FALSE(ReadElfNotes(executable).ok());
    std::string narrow = Plugin();
    narrow[EI_CLASS] = ELFCLASS32;
    EXPECT_FALSE(ReadElfNotes(narrow).ok());
    std::string foreign = Plugin();
    foreign[offsetof(Elf64_Ehdr, e_machine)] = EM_386;
    EXPECT_EQ(ReadElfNotes(foreign).error().message,
              "The file is for a machine that the plugin ABI does not cover.");
}

TEST(ElfNotesTest, NoPlaceToCutAFileReadsOutsideOfIt) {
    std::string whole = Plugin();
    for (size_t size = 0; size < whole.size(); size += 97) {
        auto notes = ReadElfNotes(std::string_view(whole).substr(0, size));
        EXPECT_FALSE(notes.ok()) << size;  // The section table is at the end.
    }
}

TEST(ElfNotesTest, HostileOffsetsAndSizesAreRefusedOrIgnored) {
    Elf64_Ehdr head;
    std::string file = Plugin();
    std::memcpy(&head, file.data(), sizeof head);
    std::string far = file;
    uint64_t huge = ~uint64_t{0} - 8;
    std::memcpy(far.data() + offsetof(Elf64_Ehdr, e_shoff), &huge, sizeof huge);
    EXPECT_FALSE(ReadElfNotes(far).ok());
    for (unsigned k = 0; k < head.e_shnum; ++k) {
        size_t section = head.e_shoff + k * sizeof(Elf64_Shdr);
        std::string wide = file;
        std::memcpy(wide.data() + section + offsetof(Elf64_Shdr, sh_size), &huge, sizeof huge);
        EXPECT_TRUE(ReadElfNotes(wide).ok()) << k;  // A section outside of the file has no notes.
    }
}

}  // namespace
}  // namespace yard::blkc
