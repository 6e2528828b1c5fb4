// From the sources of settings to Settings, and back to text for the operator.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/settings.h"

namespace yard::config {

// Rising precedence: the table's defaults, the file, the environment, the overrides.
struct Sources {
    std::string file = {};  // YAML; empty = none.
    std::map<std::string, std::string> environment = {};
    std::vector<std::string> overrides = {};  // "key=value", as given to --set.
    std::string executable = {};  // Path of the running program; plugins lie next to it.
};

// The environment of this process. Call it before the first thread starts.
std::map<std::string, std::string> ProcessEnvironment();

// Checks every source completely. The error has one line per fault, each naming the place, the key
// and what is allowed there. Touches nothing but the file. An environment variable that is set to
// nothing counts as absent.
Result<Settings> Load(const Sources& sources);

// One line per setting, "key: value  # origin", secrets masked: the output of `config show`.
std::string ShowSettings(const Settings& settings);

// config/blockyard.yaml: every setting, commented out, with its default.
std::string DefaultSettingsFile();

// docs/configuration.md.
std::string SettingsReference();

}  // namespace yard::config
