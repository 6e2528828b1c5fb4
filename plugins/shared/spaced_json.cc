#include "plugins/shared/spaced_json.h"

#include <algorithm>
#include <cstdio>

namespace {

using blk::view;

// The code point at `text`'s start, removed from it. The host hands out well-formed UTF-8 only.
uint32_t take_code_point(std::string_view& text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    uint32_t code = size == 1 ? lead : lead & (0xffu >> (size + 1));
    for (size_t k = 1; k < size && k < text.size(); ++k) {
        code = code << 6 | (static_cast<unsigned char>(text[k]) & 0x3fu);
    }
    text.remove_prefix(std::min(size, text.size()));
    return code;
}

void append_escape(std::string& out, uint32_t unit) {
    char escape[16];
    std::snprintf(escape, sizeof escape, "\\u%04x", unit);
    out += escape;
}

// JSON text in ASCII, as a converted value shows it.
void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const uint32_t code = take_code_point(text);
        if (code == '"' || code == '\\')
            (out += '\\') += static_cast<char>(code);
        else if (code == '\n')
            out += "\\n";
        else if (code == '\t')
            out += "\\t";
        else if (code == '\r')
            out += "\\r";
        else if (code >= 0x20 && code < 0x7f)
            out += static_cast<char>(code);
        else if (code < 0x10000)
            append_escape(out, code);
        else {
            append_escape(out, 0xd800 + ((code - 0x10000) >> 10));
            append_escape(out, 0xdc00 + ((code - 0x10000) & 0x3ff));
        }
    }
    out += '"';
}

void append_text(std::string& out, blk::call& c, view v) {
    const char* separator = "";
    if (v.is_array()) {
        out += '[';
        for (const view item : v.items()) {
            out += separator;
            append_text(out, c, item);
            separator = ", ";
        }
        out += ']';
    } else if (v.is_object()) {
        out += '{';
        for (const auto& [key, value] : v.members()) {
            out += separator;
            append_quoted(out, key);
            out += ": ";
            append_text(out, c, value);
            separator = ", ";
        }
        out += '}';
    } else if (v.is_string()) {
        append_quoted(out, v.as_string());
    } else {
        out += c.write_json(v);
    }
}

}  // namespace

std::string shared::spaced_json(blk::call& c, blk::view value) {
    std::string text;
    append_text(text, c, value);
    return text;
}
