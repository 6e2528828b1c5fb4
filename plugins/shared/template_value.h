// Values inside a template: JSON, plus "not defined" and "already safe for HTML".
#pragma once

#include <blk/blk.hpp>

#include <string>

namespace shared {

struct value {
    blk::json json;
    bool defined = true;
    bool safe = false;

    value() : defined(false) {}
    value(blk::json j)
        : json(std::move(j)) {}  // NOLINT(google-explicit-constructor): a value is one
    blk::view view() const { return json; }
};

// As the platform prints values: texts as they are, True, None, ['a', 1], {'k': 1.5}.
std::string text_of_value(const value& v);
bool is_true(const value& v);

}  // namespace shared
