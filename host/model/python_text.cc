#include "host/model/python_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <utility>

namespace yard::model {
namespace {

struct CodePointRange {
    uint32_t first, last;
};

// What Python escapes beyond ASCII: controls, formats, separators other than space, private use and
// non-characters. Unassigned code points, which change with every Unicode version, are left as is.
constexpr CodePointRange kNotPrintable[] = {
    {0x7F, 0xA0},     {0xAD, 0xAD},       {0x600, 0x605},      {0x61C, 0x61C},   {0x6DD, 0x6DD},
    {0x70F, 0x70F},   {0x1680, 0x1680},   {0x180E, 0x180E},    {0x2000, 0x200F}, {0x2028, 0x202F},
    {0x205F, 0x206F}, {0x3000, 0x3000},   {0xD800, 0xF8FF},    {0xFEFF, 0xFEFF}, {0xFFF0, 0xFFFB},
    {0xFFFE, 0xFFFF}, {0xE0000, 0xE0FFF}, {0xF0000, 0x10FFFF},
};

bool IsPrintable(uint32_t code_point) {
    return std::none_of(std::begin(kNotPrintable), std::end(kNotPrintable), [&](auto range) {
        return code_point >= range.first && code_point <= range.last;
    });
}

// Reads one code point of valid UTF-8 at `at` and moves past it.
uint32_t NextCodePoint(std::string_view text, size_t& at) {
    auto lead = static_cast<unsigned char>(text[at++]);
    if (lead < 0x80) return lead;
    int following = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    uint32_t code_point = lead & (0x3F >> following);
    for (; following > 0 && at < text.size(); --following) {
        code_point = code_point << 6 | (static_cast<unsigned char>(text[at++]) & 0x3F);
    }
    return code_point;
}

void AppendEscape(uint32_t code_point, std::string& out) {
    std::array<char, 16> escape{};
    const char* format = code_point <= 0xFF     ? "\\x%02x"
                         : code_point <= 0xFFFF ? "\\u%04x"
                                                : "\\U%08x";
    std::snprintf(escape.data(), escape.size(), format, code_point);
    out += escape.data();
}

void AppendBytes(std::string_view bytes, std::string& out) {
    out += "b'";
    for (char c : bytes) {
        auto byte = static_cast<unsigned char>(c);
        if (c == '\'' || c == '\\') {
            out += {'\\', c};
        } else if (byte < 0x20 || byte >= 0x7F) {
            AppendEscape(byte, out);
        } else {
            out += c;
        }
    }
    out += '\'';
}

void AppendList(View list, std::string& out) {
    out += '[';
    const char* separator = "";
    for (View item : list.items()) {
        out += separator;
        AppendPythonRepr(item, out);
        separator = ", ";
    }
    out += ']';
}

void AppendDict(View object, std::string& out) {
    out += '{';
    const char* separator = "";
    for (auto [key, value] : object.members()) {
        out += separator;
        AppendPythonRepr(key, out);
        out += ": ";
        AppendPythonRepr(value, out);
        separator = ", ";
    }
    out += '}';
}

void AppendNumber(View value, std::string& out) {
    if (value.IsInt()) {
        out += std::to_string(value.AsInt());
    } else if (value.IsUint()) {
        out += std::to_string(value.AsUint());
    } else {
        out += PythonFloat(value.AsDouble());
    }
}

void AppendJsonCodePoint(uint32_t code_point, std::string& out) {
    constexpr std::pair<uint32_t, const char*> kShort[] = {
        {'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"}, {'\r', "\\r"},
        {'\t', "\\t"}, {'\b', "\\b"},  {'\f', "\\f"},
    };
    for (auto [escaped, text] : kShort) {
        if (code_point == escaped) {
            out += text;
            return;
        }
    }
    std::array<char, 16> escape{};
    if (code_point >= 0x20 && code_point < 0x7F) {
        out += static_cast<char>(code_point);
        return;
    }
    if (code_point > 0xFFFF) {
        std::snprintf(escape.data(), escape.size(), "\\u%04x\\u%04x",
                      0xD800 + ((code_point - 0x10000) >> 10),
                      0xDC00 + ((code_point - 0x10000) & 0x3FF));
    } else {
        std::snprintf(escape.data(), escape.size(), "\\u%04x", code_point);
    }
    out += escape.data();
}

void AppendJsonString(std::string_view text, std::string& out) {
    out += '"';
    for (size_t at = 0; at < text.size();) AppendJsonCodePoint(NextCodePoint(text, at), out);
    out += '"';
}

void AppendJson(View value, std::string& out) {
    const char* separator = "";
    if (value.IsString()) {
        AppendJsonString(value.AsString(), out);
    } else if (value.IsArray()) {
        out += '[';
        for (View item : value.items()) {
            out += std::exchange(separator, ", ");
            AppendJson(item, out);
        }
        out += ']';
    } else if (value.IsObject()) {
        out += '{';
        for (auto [key, member] : value.members()) {
            out += std::exchange(separator, ", ");
            AppendJsonString(key, out);
            out += ": ";
            AppendJson(member, out);
        }
        out += '}';
    } else if (value.IsNumber()) {
        AppendNumber(value, out);
    } else {
        out += value.IsBool() ? (value.AsBool() ? "true" : "false") : "null";
    }
}

}  // namespace

void AppendPythonRepr(std::string_view text, std::string& out) {
    bool double_quotes =
        text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos;
    char quote = double_quotes ? '"' : '\'';
    out += quote;
    for (size_t at = 0; at < text.size();) {
        size_t start = at;
        uint32_t code_point = NextCodePoint(text, at);
        if (code_point == static_cast<uint32_t>(quote) || code_point == '\\') {
            out += {'\\', static_cast<char>(code_point)};
        } else if (code_point == '\n') {
            out += "\\n";
        } else if (code_point == '\r') {
            out += "\\r";
        } else if (code_point == '\t') {
            out += "\\t";
        } else if (code_point < 0x20 || (code_point >= 0x7F && !IsPrintable(code_point))) {
            AppendEscape(code_point, out);
        } else {
            out += text.substr(start, at - start);
        }
    }
    out += quote;
}

std::string PythonRepr(std::string_view text) {
    std::string out;
    AppendPythonRepr(text, out);
    return out;
}

void AppendPythonRepr(View value, std::string& out) {
    switch (value.type()) {
        case Type::kNull:
        case Type::kCredential:
        case Type::kFile: out += "None"; return;
        case Type::kBool: out += value.AsBool() ? "True" : "False"; return;
        case Type::kNumber: return AppendNumber(value, out);
        case Type::kString: return AppendPythonRepr(value.AsString(), out);
        case Type::kBytes: return AppendBytes(value.AsString(), out);
        case Type::kArray: return AppendList(value, out);
        case Type::kObject: return AppendDict(value, out);
    }
}

std::string PythonRepr(View value) {
    std::string out;
    AppendPythonRepr(value, out);
    return out;
}

std::string PythonStr(View value) {
    return value.IsString() ? std::string(value.AsString()) : PythonRepr(value);
}

std::string PythonJson(View value) {
    std::string out;
    AppendJson(value, out);
    return out;
}

std::string PythonFloat(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    // Shortest digits in scientific form, then placed by Python's rule: fixed notation for
    // exponents from -4 to 15.
    std::array<char, 40> buffer{};
    auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                             std::chars_format::scientific);
    std::string text(buffer.data(), end.ptr);
    size_t mark = text.find('e');
    int exponent = std::stoi(text.substr(mark + 1));
    if (exponent < -4 || exponent >= 16) return text;
    end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                        std::chars_format::fixed);
    text.assign(buffer.data(), end.ptr);
    if (text.find('.') == std::string::npos) text += ".0";
    return text;
}

std::string PythonSet(const std::vector<std::string>& items) {
    if (items.empty()) return "set()";
    std::string out = "{";
    for (const std::string& item : items) {
        if (out.size() > 1) out += ", ";
        AppendPythonRepr(item, out);
    }
    return out + '}';
}

bool PythonTruth(View value) {
    switch (value.type()) {
        case Type::kNull: return false;
        case Type::kBool: return value.AsBool();
        case Type::kNumber: return value.AsDouble() != 0;
        case Type::kString:
        case Type::kBytes: return !value.AsString().empty();
        case Type::kArray:
        case Type::kObject: return !value.empty();
        case Type::kCredential:
        case Type::kFile: return true;
    }
    return true;
}

size_t CodePointCount(std::string_view text) {
    return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

}  // namespace yard::model
