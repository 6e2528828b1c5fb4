// Turns any value into one of five types by the platform's rules of conversion (docs/graphs.md).
#include "plugins/basic/blocks.h"
#include "plugins/shared/spaced_json.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>

namespace {

using blk::view;

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

// The value of a JSON text, or absent if it is not one.
view parsed(blk::call& c, std::string_view text) {
    try {
        return c.parse_json(text);
    } catch (const blk::error&) {
        return {};
    }
}

blk::json to_text(blk::call& c, view v) {
    if (v.is_string()) return blk::json::borrow(v);
    return blk::json(shared::spaced_json(c, v));
}

// A text that is no number counts as 0, a container as its size.
blk::json to_number(view v) {
    if (v.is_number()) return blk::json(v.as_double());
    if (v.is_bool()) return blk::json(v.as_bool() ? 1.0 : 0.0);
    if (!v.is_string()) return blk::json(static_cast<double>(v.size()));
    std::string digits(trim(v.as_string()));
    std::erase(digits, '_');
    char* end = nullptr;
    const double number = std::strtod(digits.c_str(), &end);
    const bool is_hex = digits.find_first_of("xX") != std::string::npos;
    const bool is_number = !digits.empty() && *end == '\0' && !is_hex && !std::isnan(number);
    return blk::json(is_number ? number : 0.0);
}

blk::json to_boolean(view v) {
    if (v.is_string()) {
        std::string text(v.as_string());
        std::transform(text.begin(), text.end(), text.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        return blk::json(text == "true" || text == "1");
    }
    if (v.is_bool()) return blk::json(v.as_bool());
    if (v.is_number()) return blk::json(v.as_double() != 0);
    return blk::json(!v.empty());
}

blk::json to_list(blk::call& c, view v) {
    if (v.is_array()) return blk::json::borrow(v);
    blk::tape t;
    t.array();
    if (v.is_object()) {
        for (const auto& [key, value] : v.members()) t.array().string(key).copy(value).end();
    } else if (v.is_string()) {
        const std::string_view text = trim(v.as_string());
        const view list = text.starts_with('[') && text.ends_with(']') ? parsed(c, text) : view();
        if (list.is_array()) return blk::json::borrow(list);
        t.string(text);
    } else {
        t.copy(v);
    }
    return blk::json(t.end());
}

blk::json to_dictionary(blk::call& c, view v) {
    if (v.is_string()) {
        const view value = parsed(c, v.as_string());
        if (value.present()) v = value;
    }
    if (v.is_object()) return blk::json::borrow(v);
    blk::tape t;
    t.object();
    if (!v.is_array()) return blk::json(t.key("value").copy(v).end());
    std::vector<std::string> keys;  // The tape borrows them.
    keys.reserve(v.size());
    for (const view item : v.items()) {
        keys.push_back(std::to_string(keys.size()));
        t.key(keys.back()).copy(item);
    }
    return blk::json(t.end());
}

struct UniversalTypeConverter {
    static constexpr const char *id = "95d1b990-ce13-4d88-9737-ba5c2070c97b",
                                *name = "UniversalTypeConverterBlock";
    static constexpr bool pure = true;
    struct in {
        blk::json value;
        blk::choice<"TypeOptions", "string", "number", "boolean", "list", "dictionary"> type;
        BLK_IN(value, type)
    };
    static constexpr blk::port<blk::json> value{"value", "The converted value."};
    BLK_OUT(value)

    static void describe(blk::declaration& d) {
        d.category("BASIC").description(
            "This block is used to convert a value to a universal type.");
        d.input("value").description("The value to convert to a universal type.");
        d.input("type").description("The type to convert the value to.");
    }

    void run(blk::call& c, in i) {
        if (i.type.is<"string">())
            c.emit(value(to_text(c, i.value)));
        else if (i.type.is<"number">())
            c.emit(value(to_number(i.value)));
        else if (i.type.is<"boolean">())
            c.emit(value(to_boolean(i.value)));
        else if (i.type.is<"list">())
            c.emit(value(to_list(c, i.value)));
        else
            c.emit(value(to_dictionary(c, i.value)));
    }
};

}  // namespace

blk::block_list convert_blocks() { return blk::blocks<UniversalTypeConverter>(); }
