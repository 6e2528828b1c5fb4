#include "registry/scan.h"

#include <blk/abi.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "base/crypto.h"
#include "base/log.h"

namespace yard::registry {
namespace {

constexpr char kManifestSuffix[] = ".blk.json";
constexpr char kLibrarySuffix[] = ".so";
constexpr char kEntrySymbol[] = "blk_plugin_entry_v1";
constexpr size_t kFilesMax = 10'000;  // Per directory.

std::string VersionText(uint32_t major, uint32_t minor) {
    return std::to_string(major) + "." + std::to_string(minor);
}

std::string NameAndVersion(const Manifest& manifest) {
    return manifest.id + " " + manifest.version;
}

std::string Joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

bool CheckWindow(PluginRecord& record) {
    const Manifest& manifest = record.manifest;
    const std::string host = VersionText(BLK_ABI_MAJOR, BLK_ABI_MINOR);
    if (manifest.abi_major != BLK_ABI_MAJOR) {
        record.Refuse(PluginState::kIncompatible, Reason::kAbiMajor,
                      NameAndVersion(manifest) + " was built for block ABI major " +
                          std::to_string(manifest.abi_major) + ", this host has " + host +
                          ": install a build for major " + std::to_string(BLK_ABI_MAJOR));
        return false;
    }
    if (manifest.abi_need > BLK_ABI_MINOR) {
        record.Refuse(PluginState::kIncompatible, Reason::kAbiTooNew,
                      NameAndVersion(manifest) + " needs block ABI " +
                          VersionText(manifest.abi_major, manifest.abi_need) + ", this host has " +
                          host + ": upgrade the host or install an older " + manifest.id);
        return false;
    }
    if (!manifest.library_arch.empty() && manifest.library_arch != HostArch()) {
        record.Refuse(PluginState::kIncompatible, Reason::kArchitecture,
                      NameAndVersion(manifest) + " was built for " + manifest.library_arch +
                          ", this host is " + std::string(HostArch()));
        return false;
    }
    return true;
}

bool CheckContent(PluginRecord& record, const PluginFile& library) {
    const Manifest& manifest = record.manifest;
    record.library_identity = library.identity;
    if (library.content.size() != manifest.library_size_bytes) {
        record.Refuse(PluginState::kBroken, Reason::kSizeMismatch,
                      "the library " + record.library_path + " has " +
                          std::to_string(library.content.size()) + " bytes, its manifest says " +
                          std::to_string(manifest.library_size_bytes) +
                          ": install library and manifest of one build");
        return false;
    }
    const std::string hash = Sha256Hex(library.content);
    if (hash != manifest.library_sha256) {
        record.Refuse(PluginState::kBroken, Reason::kHashMismatch,
                      "the library " + record.library_path +
                          " is not the one its manifest describes: the SHA-256 differs",
                      "found " + hash + ", manifest " + manifest.library_sha256);
        return false;
    }
    return true;
}

bool CheckNote(PluginRecord& record) {
    if (!record.elf.note) {
        record.Refuse(PluginState::kBroken, Reason::kNoNote,
                      "the library " + record.library_path +
                          " carries no block ABI note: build it with the plugin SDK");
        return false;
    }
    const AbiNote& note = *record.elf.note;
    const Manifest& manifest = record.manifest;
    if (note.major == manifest.abi_major && note.built == manifest.abi_built &&
        note.need == manifest.abi_need) {
        return true;
    }
    record.Refuse(PluginState::kBroken, Reason::kNoteMismatch,
                  "the manifest of " + NameAndVersion(manifest) +
                      " states another block ABI than its library: generate it anew",
                  "library " + VersionText(note.major, note.built) + " needing minor " +
                      std::to_string(note.need) + ", manifest " +
                      VersionText(manifest.abi_major, manifest.abi_built) + " needing minor " +
                      std::to_string(manifest.abi_need));
    return false;
}

bool CheckExports(PluginRecord& record) {
    const std::vector<std::string>& names = record.elf.exported;
    if (std::find(names.begin(), names.end(), kEntrySymbol) == names.end()) {
        record.Refuse(PluginState::kBroken, Reason::kNoEntry,
                      "the library " + record.library_path + " does not export " + kEntrySymbol,
                      "exports: " + Joined(names));
        return false;
    }
    if (names.size() == 1) return true;
    // A sanitizer's runtime exports symbols through every library built with it.
    if (record.elf.sanitized) {
        record.warnings.push_back("built with a sanitizer; it exports more than its entry");
        return true;
    }
    record.Refuse(PluginState::kBroken, Reason::kExtraExports,
                  "the library " + record.library_path + " exports more than " + kEntrySymbol +
                      ": link it with the plugin SDK's version script",
                  "exports: " + Joined(names));
    return false;
}

bool CheckElf(PluginRecord& record) {
    const ElfFacts& elf = record.elf;
    const std::string library = "the library " + record.library_path;
    if (elf.arch != HostArch()) {
        record.Refuse(
            PluginState::kIncompatible, Reason::kArchitecture,
            library + " is for " + elf.arch + ", this host is " + std::string(HostArch()));
        return false;
    }
    if (!CheckNote(record) || !CheckExports(record)) return false;
    if (!elf.run_path.empty() && elf.run_path != "$ORIGIN") {
        record.Refuse(
            PluginState::kBroken, Reason::kRunPath,
            library + " searches other directories for libraries; only $ORIGIN is allowed",
            "run path: " + elf.run_path);
        return false;
    }
    if (elf.text_relocations) {
        record.Refuse(PluginState::kBroken, Reason::kTextRelocations,
                      library + " has text relocations: compile it with -fPIC");
        return false;
    }
    if (elf.executable_stack) {
        record.Refuse(PluginState::kBroken, Reason::kExecutableStack,
                      library + " asks for an executable stack: link it with -z noexecstack");
        return false;
    }
    return true;
}

void CheckLibrary(PluginRecord& record) {
    auto library = ReadPluginFile(record.library_path, kLibraryBytesMax);
    if (!library) {
        const bool absent = library.error().kind == ErrorKind::kNotFound;
        record.Refuse(PluginState::kBroken, absent ? Reason::kNoLibrary : Reason::kLibraryFile,
                      library.error().message);
        return;
    }
    if (!CheckContent(record, library.value())) return;
    auto elf = ScanElf(library.value().content);
    if (!elf) {
        record.Refuse(PluginState::kBroken, Reason::kBadElf,
                      record.library_path + ": " + elf.error().message);
        return;
    }
    record.elf = std::move(elf).value();
    CheckElf(record);
}

class Scan {
public:
    explicit Scan(const config::PluginsSettings& settings) : settings_(settings) {}

    void Directory(const std::string& directory) {
        const std::vector<std::string> names = FileNames(directory);
        std::set<std::string> described;
        for (const std::string& name : names) {
            if (!name.ends_with(kManifestSuffix)) continue;
            records_.push_back(CheckManifest(directory, name));
            described.insert(records_.back().manifest.library_file);
            // The library of a manifest that cannot be read is not a second fault.
            const size_t stem = name.size() - (sizeof(kManifestSuffix) - 1);
            described.insert(name.substr(0, stem) + kLibrarySuffix);
        }
        for (const std::string& name : names) {
            if (!name.ends_with(kLibrarySuffix) || described.contains(name)) continue;
            PluginRecord record;
            record.directory = directory;
            record.library_path = directory + "/" + name;
            record.Refuse(PluginState::kBroken, Reason::kNoManifest,
                          "the library " + record.library_path +
                              " has no manifest: create one with `blkc manifest " + name + "`");
            records_.push_back(std::move(record));
        }
    }

    std::vector<PluginRecord> Take() { return std::move(records_); }

private:
    static std::vector<std::string> FileNames(const std::string& directory) {
        std::vector<std::string> names;
        std::error_code error;
        std::filesystem::directory_iterator files(directory, error);
        for (; !error && files != std::filesystem::directory_iterator(); files.increment(error)) {
            if (names.size() == kFilesMax) {
                LogWarning("plugins", "too many files in a plugin directory, the rest is ignored",
                           {{"directory", directory}, {"limit", std::to_string(kFilesMax)}});
                break;
            }
            names.push_back(files->path().filename().string());
        }
        if (error) {
            LogWarning("plugins", "a plugin directory cannot be read",
                       {{"directory", directory}, {"error", error.message()}});
        }
        std::sort(names.begin(), names.end());
        return names;
    }

    PluginRecord CheckManifest(const std::string& directory, const std::string& name) {
        PluginRecord record;
        record.directory = directory;
        record.manifest_path = directory + "/" + name;
        auto file = ReadPluginFile(record.manifest_path, kManifestBytesMax);
        if (!file) {
            record.Refuse(PluginState::kBroken, Reason::kManifestFile, file.error().message);
            return record;
        }
        auto manifest = ParseManifest(file.value().content);
        if (!manifest) {
            record.Refuse(PluginState::kBroken, Reason::kBadManifest,
                          record.manifest_path + ": " + manifest.error().message);
            return record;
        }
        record.manifest = std::move(manifest).value();
        record.library_path = directory + "/" + record.manifest.library_file;
        if (!IsDisabled(record) && CheckWindow(record)) CheckLibrary(record);
        if (record.state == PluginState::kReady) ClaimIds(record);
        return record;
    }

    bool IsDisabled(PluginRecord& record) const {
        const auto& disabled = settings_.disabled;
        if (std::find(disabled.begin(), disabled.end(), record.manifest.id) == disabled.end()) {
            return false;
        }
        record.Refuse(PluginState::kDisabled, Reason::kDisabledByConfiguration,
                      "the plugin " + record.manifest.id + " is listed in plugins.disabled");
        return true;
    }

    // The first plugin with an id keeps it.
    void ClaimIds(PluginRecord& record) {
        if (const auto owner = plugins_.find(record.manifest.id); owner != plugins_.end()) {
            record.Refuse(PluginState::kDuplicate, Reason::kDuplicatePlugin,
                          "the plugin " + record.manifest.id + " is there twice: " + owner->second +
                              " is used, " + record.manifest_path + " is not");
            return;
        }
        for (const ManifestBlock& block : record.manifest.blocks) {
            const auto owner = blocks_.find(block.id);
            if (owner == blocks_.end()) continue;
            record.Refuse(PluginState::kDuplicate, Reason::kDuplicateBlock,
                          "the block " + block.name + " (" + block.id + ") of " +
                              record.manifest.id + " is already provided by " + owner->second);
            return;
        }
        plugins_[record.manifest.id] = record.manifest_path;
        for (const ManifestBlock& block : record.manifest.blocks) {
            blocks_[block.id] = record.manifest.id;
        }
    }

    const config::PluginsSettings& settings_;
    std::vector<PluginRecord> records_;
    std::map<std::string, std::string> plugins_;  // Plugin id -> path of its manifest.
    std::map<std::string, std::string> blocks_;   // Block id -> plugin id.
};

}  // namespace

std::vector<PluginRecord> ScanPlugins(const config::PluginsSettings& settings) {
    Scan scan(settings);
    for (const std::string& directory : settings.dirs) scan.Directory(directory);
    return scan.Take();
}

}  // namespace yard::registry
