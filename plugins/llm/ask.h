// A question with everything a user can say about it, asked until the answer has the wanted form.
#pragma once

#include <blk/blk.hpp>

#include "plugins/llm/chat.h"

#include <cstdint>
#include <map>
#include <string>

namespace llm {

struct question {
    std::string prompt, sys_prompt;
    std::map<std::string, std::string> prompt_values;  // Given: both prompts are templates.
    blk::json history;                                 // Earlier messages; null if none.
    blk::dict expected_format;                         // Key -> description; empty: any text.
    bool list_result = false;
    int64_t attempts_max = 3;
    chat_request chat;  // `messages` is made here.
};

struct reply {
    blk::json response;  // {"response": text} if no format was expected.
    blk::json messages;  // All that was said to the model, its rejected answers included.
};

// Throws when no attempt gave a usable answer. Adds to the statistics of the node.
blk::async<reply> ask(blk::call& c, const endpoints& urls, question q);

}  // namespace llm
