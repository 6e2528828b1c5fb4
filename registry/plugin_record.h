// One plugin found on disk: where it stands and why. docs/plugins-admin.md lists the reasons.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "registry/elf_scan.h"
#include "registry/manifest.h"
#include "registry/plugin_file.h"

namespace yard::registry {

enum class PluginState {
    kReady,         // Checked; may be loaded.
    kLoaded,        // Its blocks run.
    kDisabled,      // By configuration.
    kIncompatible,  // Made for another ABI or machine.
    kBroken,        // Its files or its code are wrong.
    kDuplicate,     // Another plugin, found earlier, has its id or one of its blocks.
};

std::string_view ToString(PluginState state);

// Stable, for programs; the sentence is for people.
enum class Reason {
    kNone,
    kDisabledByConfiguration,
    kAbiMajor,
    kAbiTooNew,
    kArchitecture,
    kNoManifest,
    kBadManifest,
    kManifestFile,  // The manifest cannot be read.
    kNoLibrary,
    kLibraryFile,  // The library cannot be read, or is no plain file.
    kSizeMismatch,
    kHashMismatch,
    kBadElf,
    kNoNote,
    kNoteMismatch,
    kNoEntry,
    kExtraExports,
    kRunPath,
    kTextRelocations,
    kExecutableStack,
    kDuplicatePlugin,
    kDuplicateBlock,
    kFileChanged,
    kLoadFailed,
    kBadTable,
    kInitFailed,
    kCreateFailed,
};

std::string_view ToString(Reason reason);  // "hash_mismatch"

struct PluginRecord {
    std::string directory;
    std::string manifest_path;  // Empty for a library without a manifest.
    std::string library_path;   // Empty while unknown.
    Manifest manifest;          // Empty parts if it could not be read.
    ElfFacts elf;
    FileIdentity library_identity;  // When it was checked.
    PluginState state = PluginState::kReady;
    Reason reason = Reason::kNone;
    std::string sentence;               // Empty for ready and loaded plugins.
    std::string evidence;               // What was found, when the sentence does not say it.
    std::vector<std::string> warnings;  // Tolerated faults.

    // The id, or the file's name when there is none to know.
    std::string DisplayName() const;
    void Refuse(PluginState new_state, Reason new_reason, std::string new_sentence,
                std::string new_evidence = {});
};

}  // namespace yard::registry
