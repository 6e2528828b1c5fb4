#include "host/plugin/loader.h"

#include <dlfcn.h>

#include <set>
#include <utility>

#include "base/log.h"
#include "host/plugin/services.h"

namespace yard::plugin {
namespace {

using registry::PluginRecord;
using registry::PluginState;
using registry::Reason;

constexpr char kEntrySymbol[] = "blk_plugin_entry_v1";

struct Refusal {
    PluginState state = PluginState::kBroken;
    Reason reason = Reason::kNone;
    std::string sentence;
};

std::string_view Text(blk_str text) {
    return text.ptr == nullptr ? std::string_view()
                               : std::string_view(text.ptr, static_cast<size_t>(text.len));
}

Value SettingsFor(const std::string& plugin_id, const LoaderOptions& options) {
    ValueBuilder builder;
    builder.BeginObject().Key("providers").BeginObject();
    for (const auto& [provider, url] : options.provider_urls) {
        builder.Key(provider).BeginObject().Member("base_url", url).EndObject();
    }
    builder.EndObject().Key("settings");
    const auto own = options.settings.find(plugin_id);
    builder.Copy(own == options.settings.end() ? Value::EmptyObject() : own->second);
    return builder.EndObject().Take();
}

// Everything here touches a library that is not trusted to be well made.
class Load {
public:
    Load(const PluginRecord& record, const LoaderOptions& options)
        : record_(record), options_(options), name_(record.manifest.id) {}

    // Nothing: see refusal().
    std::unique_ptr<LoadedPlugin> Run() {
        if (!CheckFile() || !Open() || !CheckPluginTable() || !CheckBlocks()) return nullptr;
        auto plugin = std::make_unique<LoadedPlugin>();
        plugin->table = table_;
        plugin->id = record_.manifest.id;
        plugin->version = record_.manifest.version;
        plugin->settings = SettingsFor(plugin->id, options_);
        plugin->host = MakeHostTable();
        const blk_status status = table_->init == nullptr ? BLK_OK : table_->init(&plugin->host);
        if (status < 0) {
            Refuse(Reason::kInitFailed, "the plugin " + name_ + " failed to start with status " +
                                            std::to_string(status) +
                                            ": see its lines in the log and its settings");
            return nullptr;
        }
        if (!CreateBlocks(*plugin)) return nullptr;
        return plugin;
    }

    const Refusal& refusal() const { return refusal_; }

private:
    bool Refuse(Reason reason, std::string sentence, PluginState state = PluginState::kBroken) {
        refusal_ = {state, reason, std::move(sentence)};
        return false;
    }

    bool CheckFile() {
        const auto identity = registry::IdentifyPluginFile(record_.library_path);
        if (identity && identity.value() == record_.library_identity) return true;
        return Refuse(Reason::kFileChanged,
                      "the library " + record_.library_path +
                          " changed after it was checked: restart the server to check it again");
    }

    bool Open() {
        // NOW: an unresolved symbol is an error here and not a crash in the middle of a run.
        void* library = dlopen(record_.library_path.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr) {
            return Refuse(Reason::kLoadFailed,
                          "the library of " + name_ + " cannot be loaded: " + dlerror());
        }
        using Entry = const blk_plugin* (*)();
        const auto entry = reinterpret_cast<Entry>(dlsym(library, kEntrySymbol));
        if (entry == nullptr) {
            return Refuse(Reason::kNoEntry, "the library of " + name_ + " has no " + kEntrySymbol);
        }
        table_ = entry();
        return true;
    }

    bool BadTable(const std::string& what) {
        return Refuse(Reason::kBadTable, "the plugin " + name_ + " " + what +
                                             ": it was not built with a released plugin SDK");
    }

    bool CheckPluginTable() {
        if (table_ == nullptr) return BadTable("returns no plugin table");
        if (!BLK_HAS(table_, fini)) return BadTable("has a plugin table that is too short");
        if (table_->abi_major != record_.manifest.abi_major ||
            table_->need_minor != record_.manifest.abi_need) {
            return BadTable("states another block ABI in its code than in its manifest");
        }
        if (Text(table_->id) != record_.manifest.id ||
            Text(table_->version) != record_.manifest.version) {
            return BadTable("calls itself " + std::string(Text(table_->id)) + " " +
                            std::string(Text(table_->version)) + " and its manifest says " +
                            record_.manifest.id + " " + record_.manifest.version);
        }
        if (table_->blocks == nullptr) return BadTable("has no list of blocks");
        return true;
    }

    bool CheckBlocks() {
        const auto& declared = record_.manifest.blocks;
        if (table_->block_count != declared.size()) {
            return BadTable("has " + std::to_string(table_->block_count) +
                            " blocks and its manifest declares " + std::to_string(declared.size()));
        }
        std::set<std::string_view> ids;
        for (const auto& block : declared) ids.insert(block.id);
        for (uint32_t i = 0; i < table_->block_count; ++i) {
            const blk_block* block = table_->blocks[i];
            const std::string place = "block " + std::to_string(i);
            if (block == nullptr || !BLK_HAS(block, close)) {
                return BadTable("has no table or a too short one for its " + place);
            }
            if (block->create == nullptr || block->destroy == nullptr || block->open == nullptr ||
                block->step == nullptr || block->close == nullptr) {
                return BadTable("has an empty function in its " + place);
            }
            if (ids.erase(Text(block->id)) == 0) {
                return BadTable("has the block " + std::string(Text(block->id)) +
                                ", which its manifest does not declare");
            }
        }
        return true;
    }

    bool CreateBlocks(LoadedPlugin& plugin) {
        for (uint32_t i = 0; i < table_->block_count; ++i) {
            auto block = std::make_unique<LoadedBlock>();
            block->table = table_->blocks[i];
            block->id = Text(block->table->id);
            block->plugin = &plugin;
            block->instance = block->table->create(&plugin.host, plugin.settings->tape());
            if (block->instance == nullptr) {
                Undo(plugin);
                return Refuse(Reason::kCreateFailed,
                              "the block " + block->id + " of " + name_ +
                                  " cannot be created: check plugins.settings." + name_);
            }
            plugin.blocks.push_back(std::move(block));
        }
        return true;
    }

    void Undo(LoadedPlugin& plugin) {
        for (const auto& block : plugin.blocks) block->table->destroy(block->instance);
        if (table_->fini != nullptr) table_->fini();
    }

    const PluginRecord& record_;
    const LoaderOptions& options_;
    const std::string name_;
    const blk_plugin* table_ = nullptr;
    Refusal refusal_;
};

}  // namespace

std::unique_ptr<LoadedPlugins> LoadPlugins(registry::Registry& registry,
                                           const LoaderOptions& options) {
    auto loaded = std::make_unique<LoadedPlugins>();
    const auto state = registry.state();
    for (size_t i = 0; i < state->plugins.size(); ++i) {
        const PluginRecord& record = state->plugins[i];
        if (record.state == PluginState::kReady) {
            Load load(record, options);
            if (auto plugin = load.Run()) {
                loaded->Add(std::move(plugin));
                registry.SetLoaded(i);
            } else {
                const Refusal& refusal = load.refusal();
                registry.SetRefused(i, refusal.state, refusal.reason, refusal.sentence);
            }
        }
        const PluginRecord& result = registry.state()->plugins[i];
        if (result.reason != Reason::kNone && result.state != PluginState::kDisabled) {
            LogWarning("plugins", result.sentence,
                       {{"plugin", result.DisplayName()},
                        {"state", std::string(ToString(result.state))},
                        {"reason", std::string(ToString(result.reason))}});
        }
    }
    return loaded;
}

}  // namespace yard::plugin
