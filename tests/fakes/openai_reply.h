// What the fake provider says to a request that has no scripted answer.

#pragma once

#include <string>

namespace yard::fakes {

// Bodies of a successful answer in the two protocols.
std::string OpenAiBody(const std::string& text, size_t prompt_bytes);
std::string AnthropicBody(const std::string& text, size_t prompt_bytes);

// The text that follows from the body of a request, in either protocol. Empty: the body is no
// request.
std::string ReplyTo(const std::string& request_body);

}  // namespace yard::fakes
