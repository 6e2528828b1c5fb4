#pragma once

#include <string_view>

namespace yard {

// Well-formed by table 3-7 of the Unicode standard: no overlong forms, no surrogates, at most
// U+10FFFF.
bool IsUtf8(std::string_view text);

}  // namespace yard
