#include "plugins/shared/template_value.h"

#include <charconv>
#include <cmath>

namespace shared {
namespace {

constexpr size_t characters_max = 1'000'000;

void append_quoted(std::string& out, std::string_view text) {
    const bool has_single = text.find('\'') != std::string_view::npos;
    const char quote = has_single && text.find('"') == std::string_view::npos ? '"' : '\'';
    out += quote;
    for (const char c : text) {
        if (c == quote || c == '\\')
            (out += '\\') += c;
        else if (c == '\n')
            out += "\\n";
        else if (c == '\r')
            out += "\\r";
        else if (c == '\t')
            out += "\\t";
        else
            out += c;
    }
    out += quote;
}

std::string text_of_double(double number) {
    char digits[40];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    std::string text(digits, end);
    const bool plain = text.find_first_of(".en") == std::string::npos;
    return plain ? text + ".0" : text;
}

void append_repr(std::string& out, blk::view v) {
    const char* separator = "";
    if (v.is_array()) {
        out += '[';
        for (const blk::view item : v.items()) {
            out += separator;
            append_repr(out, item);
            separator = ", ";
        }
        out += ']';
    } else if (v.is_object()) {
        out += '{';
        for (const auto& [key, item] : v.members()) {
            out += separator;
            append_quoted(out, key);
            out += ": ";
            append_repr(out, item);
            separator = ", ";
        }
        out += '}';
    } else if (v.is_string()) {
        append_quoted(out, v.as_string());
    } else {
        out += text_of_value(blk::json::borrow(v));
    }
}

}  // namespace

void check_size(size_t bytes) {
    if (bytes > value_bytes_max) blk::fail("the template makes a value of over 16 MiB");
}

size_t bytes_of(blk::view v) {
    size_t bytes = v.token_count() * sizeof(blk_tok);
    for (size_t at = 0; at < v.token_count(); ++at) {
        if (v.token()[at].type == BLK_T_STR) bytes += v.token()[at].n;
    }
    return bytes;
}

std::vector<std::string> characters_of(std::string_view text) {
    std::vector<std::string> characters;
    for (const char c : text) {
        if ((c & 0xc0) == 0x80 && !characters.empty()) {
            characters.back() += c;
        } else {
            if (characters.size() == characters_max) {
                blk::fail("the template takes a text of over a million characters apart");
            }
            characters.emplace_back(1, c);
        }
    }
    return characters;
}

blk::json bounded(const blk::tape& built) {
    check_size(bytes_of(built.as_view()));
    return blk::json(built);
}

std::string text_of_value(const value& v) {
    const blk::view view = v.view();
    if (!v.defined) return {};
    if (view.is_string()) return std::string(view.as_string());
    if (view.is_null()) return "None";
    if (view.is_bool()) return view.as_bool() ? "True" : "False";
    if (view.is_int()) return std::to_string(view.as_int());
    if (view.is_number()) return text_of_double(view.as_double());
    std::string out;
    append_repr(out, view);
    return out;
}

bool is_true(const value& v) {
    const blk::view view = v.view();
    if (view.is_bool()) return view.as_bool();
    if (view.is_number()) return view.as_double() != 0;
    if (view.is_string()) return !view.as_string().empty();
    return !view.empty();
}

}  // namespace shared
