// Manifests come with plugins of strangers.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "registry/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const auto manifest =
        yard::registry::ParseManifest({reinterpret_cast<const char*>(data), size});
    if (!manifest && manifest.error().message.empty()) __builtin_trap();
    if (manifest && manifest.value().blocks.empty()) __builtin_trap();
    return 0;
}
