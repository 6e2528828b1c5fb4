// What a plugin's library says about itself, read without running a byte of it.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace yard::registry {

// The description of the ELF note that every plugin carries: section .note.blk, name "BLK", type 1.
struct AbiNote {
    uint32_t major = 0;
    uint32_t built = 0;  // Minor of the header the plugin was built with.
    uint32_t need = 0;
    uint32_t call_bytes = 0;  // sizeof(blk_call) of that header.
};

struct ElfFacts {
    std::string arch;                   // "x86_64-linux-gnu"
    std::vector<std::string> exported;  // Defined global and weak dynamic symbols.
    std::vector<std::string> needed;    // DT_NEEDED
    std::string run_path;               // DT_RPATH or DT_RUNPATH, empty if none.
    std::string build_id;               // Hexadecimal, empty if none.
    std::optional<AbiNote> note;
    bool text_relocations = false;
    bool executable_stack = false;
    bool sanitized = false;  // Built with a sanitizer: it brings symbols of its runtime.
};

// `image` is the whole file. kInvalid says what is malformed; nothing outside of `image` is read,
// whatever its offsets claim.
Result<ElfFacts> ScanElf(std::string_view image);

// The architecture this host loads.
std::string_view HostArch();

}  // namespace yard::registry
