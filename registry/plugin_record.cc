#include "registry/plugin_record.h"

#include <utility>

namespace yard::registry {

std::string_view ToString(PluginState state) {
    switch (state) {
        case PluginState::kReady: return "ready";
        case PluginState::kLoaded: return "loaded";
        case PluginState::kDisabled: return "disabled";
        case PluginState::kIncompatible: return "incompatible";
        case PluginState::kBroken: return "broken";
        case PluginState::kDuplicate: return "duplicate";
    }
    return "";
}

std::string_view ToString(Reason reason) {
    switch (reason) {
        case Reason::kNone: return "";
        case Reason::kDisabledByConfiguration: return "disabled_by_configuration";
        case Reason::kAbiMajor: return "abi_major";
        case Reason::kAbiTooNew: return "abi_too_new";
        case Reason::kArchitecture: return "architecture";
        case Reason::kNoManifest: return "no_manifest";
        case Reason::kBadManifest: return "bad_manifest";
        case Reason::kManifestFile: return "manifest_file";
        case Reason::kNoLibrary: return "no_library";
        case Reason::kLibraryFile: return "library_file";
        case Reason::kSizeMismatch: return "size_mismatch";
        case Reason::kHashMismatch: return "hash_mismatch";
        case Reason::kBadElf: return "bad_elf";
        case Reason::kNoNote: return "no_note";
        case Reason::kNoteMismatch: return "note_mismatch";
        case Reason::kNoEntry: return "no_entry";
        case Reason::kExtraExports: return "extra_exports";
        case Reason::kRunPath: return "run_path";
        case Reason::kTextRelocations: return "text_relocations";
        case Reason::kExecutableStack: return "executable_stack";
        case Reason::kDuplicatePlugin: return "duplicate_plugin";
        case Reason::kDuplicateBlock: return "duplicate_block";
        case Reason::kFileChanged: return "file_changed";
        case Reason::kLoadFailed: return "load_failed";
        case Reason::kBadTable: return "bad_table";
        case Reason::kInitFailed: return "init_failed";
        case Reason::kCreateFailed: return "create_failed";
    }
    return "";
}

std::string PluginRecord::DisplayName() const {
    if (!manifest.id.empty()) return manifest.id;
    const std::string& path = manifest_path.empty() ? library_path : manifest_path;
    return path.substr(path.find_last_of('/') + 1);
}

void PluginRecord::Refuse(PluginState new_state, Reason new_reason, std::string new_sentence,
                          std::string new_evidence) {
    state = new_state;
    reason = new_reason;
    sentence = std::move(new_sentence);
    evidence = std::move(new_evidence);
}

}  // namespace yard::registry
