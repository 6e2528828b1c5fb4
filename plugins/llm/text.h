#pragma once

#include <string_view>

namespace llm {

// The longest beginning of at most `bytes` bytes that ends with a whole UTF-8 character.
inline std::string_view beginning(std::string_view text, size_t bytes) {
    if (text.size() <= bytes) return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
    return text.substr(0, bytes);
}

}  // namespace llm
