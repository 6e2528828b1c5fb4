// A plugin whose code is in this process.

#pragma once

#include <blk/abi.h>

#include <atomic>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/id.h"
#include "base/value.h"

namespace yard::plugin {

class Call;
struct LoadedPlugin;

// One block of a loaded plugin and the instance that all its calls share.
struct LoadedBlock {
    const blk_block* table = nullptr;
    void* instance = nullptr;
    LoadedPlugin* plugin = nullptr;
    std::string id;

    bool is_blocking() const { return (table->flags & BLK_F_BLOCKING) != 0; }
    bool is_serial() const { return (table->flags & BLK_F_SERIAL) != 0; }

    // Of a serial block: whether a call is open, and the calls that wait for it.
    std::mutex serial_mutex;
    bool serial_busy = false;
    std::deque<std::shared_ptr<Call>> serial_waiting;
};

struct LoadedPlugin {
    const blk_plugin* table = nullptr;
    std::string id;
    std::string version;
    Value settings;  // What create() was given.
    blk_host host{};
    std::vector<std::unique_ptr<LoadedBlock>> blocks;
    std::atomic<size_t> calls_open{0};
};

// The plugins of this process. Immutable once loaded, so any thread may read it. Ends their
// instances when it goes; the code stays mapped until the process ends, because a library that was
// unloaded once leaves pointers behind nobody can find.
class LoadedPlugins {
public:
    LoadedPlugins() = default;
    ~LoadedPlugins();
    LoadedPlugins(const LoadedPlugins&) = delete;
    LoadedPlugins& operator=(const LoadedPlugins&) = delete;

    void Add(std::unique_ptr<LoadedPlugin> plugin);
    LoadedBlock* Find(const BlockId& id) const;  // nullptr: no loaded plugin has it.

private:
    std::vector<std::unique_ptr<LoadedPlugin>> plugins_;
    std::unordered_map<BlockId, LoadedBlock*> blocks_;
};

}  // namespace yard::plugin
