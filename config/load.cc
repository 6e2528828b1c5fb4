#include "config/load.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <numeric>

#include "config/settings_table.h"
#include "config/yaml_file.h"

namespace yard::config {
namespace {

// Read by the project's tests, which hand their environment on to the host.
constexpr std::array kNotSettings = {"BLOCKYARD_CONTRACT_DIR"};

size_t EditDistance(std::string_view a, std::string_view b) {
    std::vector<size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), size_t{0});
    for (size_t i = 0; i < a.size(); ++i) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < b.size(); ++j) {
            const size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, replaced});
        }
    }
    return row.back();
}

// "; did you mean '<nearest name>'?"
std::string Suggestion(std::string_view name, const std::vector<std::string>& names) {
    constexpr size_t kLengthMax = 200;  // Keeps the search short for absurd names.
    const std::string_view wanted = name.substr(0, kLengthMax);
    const auto nearest =
        std::min_element(names.begin(), names.end(), [&](const auto& a, const auto& b) {
            return EditDistance(wanted, a) < EditDistance(wanted, b);
        });
    return "; did you mean '" + *nearest + "'?";
}

std::string UnknownKey(const std::string& key) {
    std::vector<std::string> keys;
    for (const Setting& setting : SettingsTable()) keys.push_back(setting.key);
    return "unknown setting '" + key.substr(0, 200) + "'" + Suggestion(key, keys);
}

class Loader {
public:
    explicit Loader(const Sources& sources) : sources_(sources) {}

    Result<Settings> Run() {
        StoreDefaults();
        StoreFile();
        StoreEnvironment();
        StoreOverrides();
        StoreComputedDefaults();
        if (faults_.empty()) CheckTogether();
        if (faults_.empty()) return std::move(settings_);
        std::string message;
        for (const std::string& fault : faults_) message += (message.empty() ? "" : "\n") + fault;
        return Invalid(message);
    }

private:
    void Fault(const std::string& place, const std::string& what) {
        faults_.push_back(place + ": " + what);
    }

    void Store(const Setting& setting, const Result<Value>& value, const std::string& origin) {
        Result<Ok> stored = Ok{};
        if (value) {
            stored = StoreSetting(setting, value.value(), settings_);
        } else {
            stored = value.error();
        }
        if (!stored) Fault(origin, setting.key + " " + stored.error().message);
        settings_.origins[setting.key] = origin;
    }

    void StoreDefaults() {
        for (const Setting& setting : SettingsTable()) {
            if (setting.computed_default.empty()) {
                Store(setting, ParseSettingText(setting, setting.default_text), "default");
            }
        }
    }

    void StoreFile() {
        if (sources_.file.empty()) return;
        const auto entries = ReadYamlFile(sources_.file);
        if (!entries) {
            faults_.push_back(entries.error().message);
            return;
        }
        for (const YamlEntry& entry : entries.value()) {
            const std::string place = sources_.file + ":" + std::to_string(entry.line);
            const Setting* setting = FindSetting(entry.key);
            if (setting != nullptr) {
                Store(*setting, entry.value, place);
            } else if (entry.is_section) {
                Fault(place, "'" + entry.key + "' is a section; write its settings below it");
            } else {
                Fault(place, UnknownKey(entry.key));
            }
        }
    }

    void StoreEnvironment() {
        std::vector<std::string> own_names;
        for (const Setting& setting : SettingsTable()) {
            const auto names = setting.EnvironmentNames();
            own_names.push_back(names.front());
            const auto is_set = [&](const std::string& name) {
                const auto found = sources_.environment.find(name);
                return found != sources_.environment.end() && !found->second.empty();
            };
            const auto name = std::find_if(names.begin(), names.end(), is_set);
            if (name == names.end()) continue;
            Store(setting, ParseSettingText(setting, sources_.environment.at(*name)),
                  "env " + *name);
        }
        for (const auto& [name, value] : sources_.environment) {
            if (!name.starts_with("BLOCKYARD_") ||
                std::count(own_names.begin(), own_names.end(), name) > 0 ||
                std::count(kNotSettings.begin(), kNotSettings.end(), name) > 0) {
                continue;
            }
            Fault("env " + name, "unknown setting" + Suggestion(name, own_names));
        }
    }

    void StoreOverrides() {
        for (const std::string& override : sources_.overrides) {
            const size_t equals = override.find('=');
            const std::string key = override.substr(0, equals);
            const Setting* setting = FindSetting(key);
            if (equals == std::string::npos) {
                Fault("--set", "write key=value, not '" + key.substr(0, 200) + "'");
            } else if (setting == nullptr) {
                Fault("--set", UnknownKey(key));
            } else {
                Store(*setting, ParseSettingText(*setting, override.substr(equals + 1)), "--set");
            }
        }
    }

    bool IsSet(const std::string& key) const { return settings_.origins.contains(key); }

    void StoreComputedDefaults() {
        if (!IsSet("data_dir")) {
            StoreDataDir();
        }
        if (!IsSet("database.url")) {
            settings_.database.url = "sqlite://" + settings_.data_dir + "/blockyard.db";
        }
        if (!IsSet("plugins.dirs")) {
            const auto folder = std::filesystem::path(sources_.executable).parent_path();
            for (const char* place : {"../plugins", "../lib/blockyard/plugins"}) {
                settings_.plugins.dirs.push_back((folder / place).lexically_normal().string());
            }
        }
        for (const Setting& setting : SettingsTable()) {
            settings_.origins.try_emplace(setting.key, "default");
        }
    }

    void StoreDataDir() {
        const auto get = [&](const char* name) {
            const auto found = sources_.environment.find(name);
            return found != sources_.environment.end() ? found->second : std::string();
        };
        const std::string xdg = get("XDG_DATA_HOME");
        const std::string home = get("HOME");
        // The XDG specification: a relative path there is invalid and to be ignored.
        if (xdg.starts_with('/')) {
            settings_.data_dir = xdg + "/blockyard";
        } else if (home.starts_with('/')) {
            settings_.data_dir = home + "/.local/share/blockyard";
        } else {
            Fault("data_dir", "there is no home directory; set data_dir");
        }
    }

    // What no setting can tell on its own.
    void CheckTogether() {
        const AuthSettings& auth = settings_.auth;
        const auto place = [&](const char* key) { return settings_.origins.at(key); };
        if (auth.mode == "external" && auth.jwt_verify_key.empty()) {
            Fault(place("auth.mode"), "auth.mode external needs auth.jwt_verify_key");
        }
        if (auth.mode == "embedded" && auth.jwt_sign_algorithm != "HS256") {
            Fault(place("auth.jwt_sign_algorithm"),
                  "auth.mode embedded needs auth.jwt_sign_algorithm HS256");
        }
        if (auth.first_account.email.empty() && !auth.first_account.password.empty()) {
            Fault(place("auth.first_account.password"),
                  "auth.first_account.password needs auth.first_account.email");
        }
    }

    const Sources& sources_;
    Settings settings_;
    std::vector<std::string> faults_;
};

}  // namespace

std::map<std::string, std::string> ProcessEnvironment() {
    std::map<std::string, std::string> variables;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const size_t equals = text.find('=');
        if (equals == std::string_view::npos) continue;
        variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return variables;
}

Result<Settings> Load(const Sources& sources) { return Loader(sources).Run(); }

}  // namespace yard::config
