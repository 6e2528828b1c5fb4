#pragma once

#include <string>
#include <string_view>

namespace yard {

// A fresh random (version 4) UUID as 36 lower-case characters. Thread-safe.
std::string NewUuid();

// 8-4-4-4-12 lower-case hexadecimal digits.
bool IsUuid(std::string_view text);

}  // namespace yard
