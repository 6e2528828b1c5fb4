// Values inside a template: JSON, plus "not defined" and "already safe for HTML".
#pragma once

#include <blk/blk.hpp>

#include <string>
#include <string_view>
#include <vector>

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

// The largest text or list that a template may make, counted with everything inside.
constexpr size_t value_bytes_max = 16u << 20;

// Throws blk::error if `bytes` are too many for a value.
void check_size(size_t bytes);
// A copy of a finished list or dictionary. Throws blk::error if it is too large.
blk::json bounded(const blk::tape& built);
// The characters of a text, each whole. Throws blk::error if there are over a million.
std::vector<std::string> characters_of(std::string_view text);
// The bytes that a copy of it takes.
size_t bytes_of(blk::view v);

// As the platform prints values: texts as they are, True, None, ['a', 1], {'k': 1.5}.
std::string text_of_value(const value& v);
bool is_true(const value& v);

}  // namespace shared
