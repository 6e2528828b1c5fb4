#include "plugins/web/data_uri.h"

#include <blk/blk.hpp>

#include <charconv>

namespace web {
namespace {

constexpr std::string_view scheme = "data:";
constexpr std::string_view base64_mark = ";base64";

int base64_digit(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+' || c == '-') return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

// Both alphabets of RFC 4648; padding may be missing.
std::string base64_decoded(std::string_view text) {
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
    std::string out;
    out.reserve(text.size() * 3 / 4);
    uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const int digit = base64_digit(c);
        if (digit < 0) blk::fail("a file's data URI holds a character that is not base64");
        bits = bits << 6 | static_cast<uint32_t>(digit);
        if ((count += 6) < 8) continue;
        count -= 8;
        out += static_cast<char>(bits >> count & 0xff);
    }
    if (text.size() % 4 == 1) blk::fail("a file's data URI ends in the middle of its base64");
    return out;
}

}  // namespace

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (size_t at = 0; at < text.size(); ++at) {
        unsigned byte = 0;
        const char* digits = text.data() + at + 1;
        if (text[at] == '%' && at + 2 < text.size() &&
            std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
            out += static_cast<char>(byte);
            at += 2;
        } else {
            out += text[at];
        }
    }
    return out;
}

bool is_data_uri(std::string_view text) { return text.starts_with(scheme); }

file read_data_uri(std::string_view uri) {
    uri.remove_prefix(scheme.size());
    const size_t comma = uri.find(',');
    if (comma == uri.npos) blk::fail("a file's data URI has no comma before its content");
    std::string_view type = uri.substr(0, comma);
    const std::string_view data = uri.substr(comma + 1);
    const bool is_base64 = type.ends_with(base64_mark);
    if (is_base64) type.remove_suffix(base64_mark.size());
    file f;
    f.name = "file";
    f.content_type = type.empty() ? "text/plain" : type;
    f.content = is_base64 ? base64_decoded(data) : percent_decoded(data);
    return f;
}

}  // namespace web
