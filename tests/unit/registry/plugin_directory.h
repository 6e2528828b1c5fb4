// A plugin directory of its own for a test, with manifests as wrong as the test wants them.

#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "base/crypto.h"
#include "base/json.h"
#include "base/uuid.h"
#include "base/value.h"
#include "config/settings.h"

namespace yard::testing {

inline std::string BadPlugin(const std::string& name) {
    return std::string(YARD_BAD_PLUGIN_DIR) + "/" + name + ".so";
}

inline std::string ReadFile(const std::string& path) {
    std::ostringstream content;
    content << std::ifstream(path, std::ios::binary).rdbuf();
    return std::move(content).str();
}

// Texts of members of a manifest, by dotted path: {"library.sha256", "\"...\""}.
using ManifestChanges = std::map<std::string, std::string>;

class PluginDirectory {
public:
    PluginDirectory()
        : path_(std::filesystem::temp_directory_path() / ("yard-plugins-" + NewUuid())) {
        std::filesystem::create_directories(path_);
    }
    ~PluginDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    PluginDirectory(const PluginDirectory&) = delete;
    PluginDirectory& operator=(const PluginDirectory&) = delete;

    std::string path() const { return path_.string(); }

    void Write(const std::string& name, const std::string& content) const {
        std::ofstream(path_ / name, std::ios::binary) << content;
    }

    // Copies a plugin of tests/plugins/bad here, as <as>.so, and describes it. `blocks` is the text
    // of the manifest's array.
    void Install(const std::string& name, const ManifestChanges& changes = {},
                 const std::string& as = "plugin",
                 const std::string& blocks =
                     R"([{"id":"00000000-0000-4000-8000-000000000001","name":"BadBlock"}])") const {
        const std::string library = ReadFile(BadPlugin(name));
        Write(as + ".so", library);
        ManifestChanges members{{"manifest", "1"},
                                {"id", "\"test.bad\""},
                                {"version", "\"1.0.0\""},
                                {"abi.major", "1"},
                                {"abi.built", "0"},
                                {"abi.need", "0"},
                                {"library.file", JsonQuote(as + ".so")},
                                {"library.sha256", JsonQuote(Sha256Hex(library))},
                                {"library.size", std::to_string(library.size())},
                                {"blocks", blocks}};
        for (const auto& [key, text] : changes) members[key] = text;
        Write(as + ".blk.json", ManifestText(members));
    }

    // An empty text leaves the member out.
    static std::string ManifestText(const ManifestChanges& members) {
        std::map<std::string, std::string> objects;
        std::string text;
        for (const auto& [key, value] : members) {
            if (value.empty()) continue;
            const size_t dot = key.find('.');
            std::string& target = dot == std::string::npos ? text : objects[key.substr(0, dot)];
            target += (target.empty() ? "" : ",") + JsonQuote(key.substr(dot + 1)) + ":" + value;
        }
        for (const auto& [key, inner] : objects) {
            text += (text.empty() ? "" : ",") + JsonQuote(key) + ":{" + inner + "}";
        }
        return "{" + text + "}";
    }

    config::PluginsSettings Settings() const {
        config::PluginsSettings settings;
        settings.dirs = {path()};
        return settings;
    }

private:
    std::filesystem::path path_;
};

}  // namespace yard::testing
