// Makes values fit to store and to send as events.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/value.h"

namespace yard::model {

// Without control characters in strings and keys (tab, LF and CR stay) and without members whose
// name starts with `_sa`. Shares the tape when there is nothing to remove.
Value SafeJson(const Value& value);
std::string SafeText(std::string_view text);

// Shortens long strings and lists until the Python text of the value has at most `limit`
// characters, or until nothing more can be cut. Strings over 65,536 characters and lists over
// 4,096 items are always shortened.
Value TruncateForEvent(const Value& value, size_t limit);

struct TruncateLimits {
    size_t string_max;  // Characters.
    size_t list_max;    // Items.
};
Value TruncateTo(const Value& value, TruncateLimits limits);

}  // namespace yard::model
