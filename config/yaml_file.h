#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/value.h"

namespace yard::config {

struct YamlEntry {
    std::string key;  // Dotted; of a setting, or of something that is none.
    Value value;
    bool is_section = false;  // The key is a part of settings' keys; the value does not count.
    int line = 0;
};

// The file's entries in their order. The error is a sentence with file and line: unreadable, larger
// than 1 MiB, not YAML, not UTF-8, the same key twice, nested or repeated by aliases without end.
Result<std::vector<YamlEntry>> ReadYamlFile(const std::string& file);

}  // namespace yard::config
