// The cryptographic building blocks of the host, over OpenSSL. All functions are thread-safe.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace yard {

// From the operating system's generator; aborts if there is none.
std::string RandomBytes(size_t count);

std::string Sha256(std::string_view data);     // 32 raw bytes.
std::string Sha256Hex(std::string_view data);  // 64 lower-case digits.
Result<std::string> Sha256HexOfFile(const std::string& path);

std::string HexEncode(std::string_view bytes);

// RFC 4648 base64, and its URL-safe form without padding.
std::string Base64Encode(std::string_view bytes);
std::string Base64UrlEncode(std::string_view bytes);
Result<std::string> Base64Decode(std::string_view text);
Result<std::string> Base64UrlDecode(std::string_view text);

// Time depends on the lengths only.
bool ConstantTimeEquals(std::string_view a, std::string_view b);

}  // namespace yard
