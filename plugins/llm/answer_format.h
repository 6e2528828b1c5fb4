// The form in which a model is asked to answer, and reading what it answered.
#pragma once

#include <blk/blk.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace llm {

struct answer_format {
    blk::dict keys;             // Key -> description of its value.
    bool is_list = false;       // Many objects with these keys.
    bool is_pure_json = false;  // JSON and nothing else; otherwise JSON in a tagged block.
    std::string tag_id;         // Of the block, so that a quoted text cannot pass for it.
};

std::string new_tag_id();

// What to tell the model, as a system message.
std::string format_instructions(const answer_format& format);

// What is wrong with an answer, in words for the model that gave it.
struct objection {
    std::string text;
};

// The object, or list of objects, in the answer. It lives until the call ends.
std::variant<blk::view, objection> read_formatted(const blk::call& c, const answer_format& format,
                                                  std::string_view answer);

const char* type_name(blk::view v);

}  // namespace llm
