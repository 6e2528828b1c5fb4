// Files of a plugin directory, read whole and without following links out of it.

#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/result.h"

namespace yard::registry {

inline constexpr size_t kLibraryBytesMax = 256u << 20;

// Changes whenever the content may have changed.
struct FileIdentity {
    dev_t device = 0;
    ino_t inode = 0;
    uint64_t size_bytes = 0;
    int64_t changed_ns = 0;  // Of the inode; cannot be set back by its owner.

    friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

struct PluginFile {
    FileIdentity identity;
    std::string content;
};

// Refuses anything but a regular file of at most `bytes_max`; a symbolic link is refused because it
// could point outside of the directory. kNotFound if there is no such file.
Result<PluginFile> ReadPluginFile(const std::string& path, size_t bytes_max);

Result<FileIdentity> IdentifyPluginFile(const std::string& path);

}  // namespace yard::registry
