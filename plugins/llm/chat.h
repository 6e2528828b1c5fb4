// One question to a language model over HTTP, whoever serves it.
#pragma once

#include <blk/blk.hpp>

#include "plugins/llm/models.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace llm {

using credential = blk::cred<"openai">;  // Of any provider: to a block it is a handle.

// An answer that is of no use, where the same question may get a better one.
struct unusable_answer : blk::error {
    explicit unusable_answer(const std::string& message) : error(BLK_E_IO, message) {}
};

// Whether a provider's refusal says that question and answer are too long together.
bool is_about_length(std::string_view failure);

// Where the providers' APIs are: the operator's settings, else their public addresses.
class endpoints {
public:
    explicit endpoints(const blk::json& config);
    // Without a slash at the end.
    std::string base_url(const provider& p) const;

private:
    std::map<std::string, std::string, std::less<>> configured_;
};

struct chat_request {
    const llm::model* model = nullptr;
    blk::json messages;                 // [{"role": ..., "content": ...}]
    std::optional<int64_t> max_tokens;  // Of the answer; none: as many as the model can.
    bool json_only = false;
    bool compress = true;  // Shorten messages that fill over half of the model's context window.
    std::string ollama_host;
    credential key;
};

struct chat_answer {
    std::string text;
    int64_t input_tokens = 0, output_tokens = 0;
};

// Asks, and again after a wait when the provider is busy (429, 5xx; three times at most). Throws
// unusable_answer, or blk::error when asking again is of no use.
blk::async<chat_answer> complete(blk::call& c, const endpoints& urls, chat_request request);

}  // namespace llm
