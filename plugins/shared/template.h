// Text templates in the dialect of Jinja2 that agents use: {{ expressions }}, {% if %}, {% for %},
// {% set %},
// {% raw %}, {# comments #}, filters and tests. No includes, macros or imports. docs/templates.md
// lists what is there and docs/decisions/0007-own-template-engine.md says why it is our own.
#pragma once

#include <blk/blk.hpp>

#include <string>
#include <string_view>

namespace shared {

enum class escape { none, html };

// Renders `text` with the members of `values` as variables. Unknown variables render as nothing.
// Throws blk::error with the line and what is wrong; the size of the result and the number of steps
// are bounded.
std::string render_template(std::string_view text, blk::view values, escape how);

}  // namespace shared
