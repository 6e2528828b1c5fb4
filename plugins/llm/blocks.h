#pragma once

#include <blk/blk.hpp>

#include "plugins/llm/ask.h"

blk::block_list llm_generators();
blk::block_list llm_lists();
blk::block_list llm_summarizers();

namespace llm {

// What the blocks share: where the providers are, and inputs that look alike.
class llm_block {
public:
    explicit llm_block(const blk::json& config) : urls_(config) {}

protected:
    static void describe_prompt(blk::declaration& d) {
        d.input("prompt").placeholder("Enter your prompt here...").advanced(false);
        d.output("prompt").description("The prompt sent to the language model.");
    }
    static void describe_values(blk::declaration& d) {
        d.input("sys_prompt")
            .title("System Prompt")
            .description("The system prompt to provide additional context to the model.");
        d.input("retry")
            .title("Retry Count")
            .description(
                "Number of times to retry the LLM call if the response does not match the expected "
                "format.");
        d.input("prompt_values")
            .advanced(false)
            .description(
                "Values used to fill in the prompt. The values can be used in the prompt by "
                "putting them in a double curly braces, e.g. {{variable_name}}.");
    }
    static void describe_limits(blk::declaration& d) {
        d.input("max_tokens")
            .description("The maximum number of tokens to generate in the chat completion.");
        d.input("ollama_host").description("Ollama host for local  models");
    }
    static void describe_json_only(blk::declaration& d) {
        d.input("force_json_output")
            .title("Restrict LLM to pure JSON output")
            .description(
                "Whether to force the LLM to produce a JSON-only response. This can increase the "
                "block's reliability, but may also reduce the quality of the response because it "
                "prohibits the LLM from reasoning before providing its JSON response.");
    }

    // The part of the question that every block takes from its input.
    template <class In>
    static question question_for(const In& i) {
        question q;
        q.chat.model = &find_model(*i.model);
        q.chat.ollama_host = *i.ollama_host;
        q.chat.key = i.credentials;
        return q;
    }

    const endpoints urls_;
};

}  // namespace llm
