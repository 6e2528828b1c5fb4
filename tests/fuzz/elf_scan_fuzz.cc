// Libraries are looked at before anybody decided to trust them.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "registry/elf_scan.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const auto facts = yard::registry::ScanElf({reinterpret_cast<const char*>(data), size});
    if (!facts && facts.error().message.empty()) __builtin_trap();
    return 0;
}
