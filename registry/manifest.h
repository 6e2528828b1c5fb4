// The declaration of a plugin, `<name>.blk.json` beside its library. docs/manifest.md describes the
// format.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/value.h"

namespace yard::registry {

inline constexpr size_t kManifestBytesMax = 8u << 20;

struct ManifestBlock {
    std::string id;
    std::string name;
    Value declaration;  // The whole entry; shares the manifest's tape.
};

struct Manifest {
    std::string id;  // "com.acme.ai"
    std::string version;
    std::string vendor;  // May be empty, like license.
    std::string license;
    uint32_t abi_major = 0;
    uint32_t abi_built = 0;
    uint32_t abi_need = 0;
    std::string library_file;  // A plain file name in the manifest's directory.
    std::string library_arch;  // Empty = not stated.
    std::string library_sha256;
    uint64_t library_size_bytes = 0;
    std::vector<ManifestBlock> blocks;
};

// kInvalid with one sentence that names the member at fault. Members it does not know are ignored,
// so that an old host reads a new manifest.
Result<Manifest> ParseManifest(std::string_view text);

}  // namespace yard::registry
