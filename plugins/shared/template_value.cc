#include "plugins/shared/template_value.h"

#include <charconv>
#include <cmath>

namespace shared {
namespace {

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
