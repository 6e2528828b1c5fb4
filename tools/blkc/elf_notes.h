// The two notes of a plugin's ELF file that its manifest repeats.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace yard::blkc {

struct AbiNote {
    uint32_t major = 0, minor = 0, need_minor = 0, call_size = 0;
};

struct ElfNotes {
    std::string machine;         // "x86_64-linux-gnu" or "aarch64-linux-gnu"
    std::string build_id;        // Lower-case hex; empty if the linker wrote none.
    std::optional<AbiNote> abi;  // From .note.blk, written by BLK_PLUGIN and BLK_NOTE.
};

// kInvalid for anything but a complete 64-bit little-endian shared object of a known machine.
Result<ElfNotes> ReadElfNotes(std::string_view file);

}  // namespace yard::blkc
