#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace yard::rest {

// The address with its domain in lower case. The error's message says what is wrong in a few words.
Result<std::string> NormaliseEmail(std::string_view text);

}  // namespace yard::rest
