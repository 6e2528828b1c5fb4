// The two protocols of chat: chat completions as OpenAI defined them, and Anthropic's messages.
#pragma once

#include "plugins/llm/chat.h"

namespace llm {

blk::request chat_http_request(const blk::call& c, const endpoints& urls, const chat_request& r);

// The answer in a successful response. Throws unusable_answer.
chat_answer read_answer(const blk::call& c, const model& m, const blk::response& response);

// "OpenAI answered HTTP 401: Incorrect API key provided"
std::string describe_failure(const blk::call& c, const model& m, const blk::response& response);

}  // namespace llm
