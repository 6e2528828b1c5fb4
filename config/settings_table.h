// The one table of settings. Everything else in this folder reads it: loading, checking, showing,
// the default file and the reference page.

#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "config/settings.h"

namespace yard::config {

// Where a setting's value is stored; its alternative is the setting's type.
using Target = std::variant<bool*, int64_t*, std::string*, std::vector<std::string>*,
                            std::map<std::string, Value>*>;

struct Setting {
    std::string key;  // Dotted, as in the file.
    std::function<Target(Settings&)> target;
    std::string default_text = {};      // As in an environment variable.
    std::string computed_default = {};  // Prose, if the default depends on the machine.
    int64_t min = 0;                    // Of integers.
    int64_t max = std::numeric_limits<int64_t>::max();
    std::vector<std::string> allowed = {};  // Of strings, compared without case; empty = any.
    std::vector<std::string> reference_environment = {};  // Names the reference platform uses.
    // Checks a non-default value and brings it into its normal form.
    Result<Ok> (*normalise)(Target) = nullptr;
    bool secret = false;
    std::string help;

    // BLOCKYARD_A__B_C for a.b_c, then the reference platform's names; the first one set counts.
    std::vector<std::string> EnvironmentNames() const;
    std::string TypeName() const;
};

// In the order of the default file: all settings of a section stand together.
const std::vector<Setting>& SettingsTable();
const Setting* FindSetting(std::string_view key);

// The text in the forms of an environment variable: true/false/1/0, digits, text, a JSON list or
// words separated by commas, a JSON object.
Result<Value> ParseSettingText(const Setting& setting, std::string_view text);
// Checks type, range and form, then stores. The error says what is allowed, without the key and,
// for a secret, without the value.
Result<Ok> StoreSetting(const Setting& setting, View value, Settings& settings);

}  // namespace yard::config
