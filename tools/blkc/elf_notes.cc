#include "tools/blkc/elf_notes.h"

#include <elf.h>

#include <cstring>

#include "base/crypto.h"

namespace yard::blkc {
namespace {

// Copies a T from anywhere in the file; false if it would end outside.
template <typename T>
bool Read(std::string_view file, uint64_t offset, T& out) {
    if (offset > file.size() || file.size() - offset < sizeof(T)) return false;
    std::memcpy(&out, file.data() + offset, sizeof(T));
    return true;
}

std::string_view Part(std::string_view file, uint64_t offset, uint64_t size) {
    if (offset > file.size() || file.size() - offset < size) return {};
    return file.substr(offset, size);
}

uint64_t RoundUp4(uint64_t n) { return (n + 3) / 4 * 4; }

void ReadNoteSection(std::string_view section, ElfNotes& notes) {
    uint64_t at = 0;
    Elf64_Nhdr head;
    while (Read(section, at, head)) {
        uint64_t name_at = at + sizeof head;
        uint64_t desc_at = name_at + RoundUp4(head.n_namesz);
        std::string_view name = Part(section, name_at, head.n_namesz);
        std::string_view desc = Part(section, desc_at, head.n_descsz);
        AbiNote abi;
        if (name == std::string_view("GNU\0", 4) && head.n_type == NT_GNU_BUILD_ID) {
            notes.build_id = HexEncode(desc);
        } else if (name == std::string_view("BLK\0", 4) && head.n_type == 1 && Read(desc, 0, abi)) {
            notes.abi = abi;
        }
        at = desc_at + RoundUp4(head.n_descsz);
    }
}

}  // namespace

Result<ElfNotes> ReadElfNotes(std::string_view file) {
    Elf64_Ehdr head;
    if (!Read(file, 0, head) || std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
        head.e_ident[EI_CLASS] != ELFCLASS64 || head.e_ident[EI_DATA] != ELFDATA2LSB ||
        head.e_type != ET_DYN) {
        return Invalid("The file is not a 64-bit little-endian ELF shared object.");
    }
    ElfNotes notes;
    if (head.e_machine == EM_X86_64) {
        notes.machine = "x86_64-linux-gnu";
    } else if (head.e_machine == EM_AARCH64) {
        notes.machine = "aarch64-linux-gnu";
    } else {
        return Invalid("The file is for a machine that the plugin ABI does not cover.");
    }
    for (uint32_t k = 0; k < head.e_shnum; ++k) {
        Elf64_Shdr section;
        if (!Read(file, head.e_shoff + uint64_t{k} * sizeof section, section)) {
            return Invalid("The file is cut off: its section table ends outside of it.");
        }
        if (section.sh_type == SHT_NOTE) {
            ReadNoteSection(Part(file, section.sh_offset, section.sh_size), notes);
        }
    }
    return notes;
}

}  // namespace yard::blkc
