// The language models that blocks offer, and who serves them. One row per model: the choices, the
// metadata, the provider of the credentials and the costs of every block come from it.
#pragma once

#include <blk/blk.hpp>

#include <cstdint>
#include <string_view>

namespace llm {

enum class provider_id { openai, anthropic, groq, open_router, llama_api, v0, aiml_api, ollama };

struct provider {
    std::string_view name, title;
    std::string_view system_credential;  // Id of the server's own key; empty: never charged for.
    std::string_view base_url;           // Where its API is unless the operator says otherwise.
};

struct model {
    std::string_view name, title;
    provider_id provider;
    std::string_view creator;
    int price_tier;
    int64_t context_window, output_max;  // Tokens; output_max 0: not known.
    int credits;

    const llm::provider& host() const;
};

constexpr const char* kDefaultModel = "gpt-5.2-2025-12-11";

// Fails with a sentence for a name that is not in the table.
const model& find_model(std::string_view name);

// Describes the inputs `model` and `credentials` and the costs.
void describe_model(blk::declaration& d, std::string_view description);

}  // namespace llm
