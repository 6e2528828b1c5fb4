// The block that makes a list: of what it is asked for, or of what is in a text.
#include "plugins/llm/answer_format.h"
#include "plugins/llm/blocks.h"
#include "plugins/llm/text.h"

namespace {

constexpr const char* kSystemPrompt =
    "You make lists. Answer with the list that the user asks for, complete and without duplicates, "
    "one short text per item. Take the items from the source data if there is any, and do not make "
    "up others. If nothing belongs on the list, answer with an empty list.";

std::string instruction(const std::optional<std::string>& focus,
                        const std::optional<std::string>& source_data) {
    const bool has_source = source_data && !source_data->empty();
    std::string text;
    if (focus && !focus->empty())
        text = "Make a list of this:\n<focus>\n" + *focus + "\n</focus>";
    else if (has_source)
        text = "Make a list of the main items of the source data.";
    else
        text = "Make a list of random items.";
    if (has_source) text += "\n\n<source_data>\n" + *source_data + "\n</source_data>";
    return text;
}

// What is no text is given as its JSON.
std::vector<std::string> texts_of(const blk::call& c, blk::view list) {
    if (!list.is_array()) {
        blk::fail(std::string("Expected a list, but got ") + llm::type_name(list) + ": " +
                  std::string(llm::beginning(c.write_json(list), 200)));
    }
    std::vector<std::string> texts;
    for (blk::view item : list.items()) {
        texts.emplace_back(item.is_string() ? item.as_string() : c.write_json(item));
    }
    return texts;
}

struct AIListGenerator : llm::llm_block {
    static constexpr const char *id = "9c0b0450-d199-458b-a731-072189dd6593",
                                *name = "AIListGeneratorBlock";
    struct in {
        std::optional<std::string> focus, source_data;
        blk::defaulted<std::string> model = llm::kDefaultModel;
        llm::credential credentials;
        blk::defaulted<int64_t> max_retries = 3;
        blk::defaulted<bool> force_json_output = false;
        std::optional<int64_t> max_tokens;
        blk::defaulted<std::string> ollama_host = "localhost:11434";
        BLK_IN(focus, source_data, model, credentials, max_retries, force_json_output, max_tokens,
               ollama_host)
    };
    static constexpr blk::port<std::vector<std::string>> generated_list{"generated_list",
                                                                        "The generated list."};
    static constexpr blk::port<std::string> list_item{"list_item",
                                                      "Each individual item in the list."};
    static constexpr blk::port<blk::list> prompt{"prompt",
                                                 "The prompt sent to the language model."};
    BLK_OUT(generated_list, list_item, prompt)
    using llm_block::llm_block;

    static void describe(blk::declaration& d) {
        d.category("AI").category("TEXT").description(
            "A block that creates lists of items based on prompts using a Large Language Model "
            "(LLM), with optional source data for context.");
        d.input("focus")
            .placeholder("The top 5 most interesting news stories in the data.")
            .description("The focus of the list to generate.")
            .advanced(false);
        d.input("source_data")
            .placeholder(
                "News Today: Humans land on Mars: Today humans landed on mars. -- AI wins Nobel "
                "Prize: AI wins Nobel Prize for solving world hunger. -- New AI Model: A new AI "
                "model has been released.")
            .description("The data to generate the list from.")
            .advanced(false);
        d.input("max_retries")
            .minimum(1)
            .maximum(5)
            .description("Maximum number of retries for generating a valid list.");
        describe_json_only(d);
        describe_limits(d);
        llm::describe_model(d, "The language model to use for generating the list.");
    }

    blk::task run(blk::call& c, in i) {
        llm::question q = question_for(i);
        q.sys_prompt = kSystemPrompt;
        q.prompt = instruction(i.focus, i.source_data);
        const blk::json format =
            blk::json::object({{"list", "A JSON array with the items of the list, as strings."}});
        q.expected_format = blk::dict(format);
        q.attempts_max = *i.max_retries;
        q.chat.json_only = *i.force_json_output;
        q.chat.max_tokens = i.max_tokens;
        const llm::reply answer = co_await llm::ask(c, urls_, q);
        const std::vector<std::string> items = texts_of(c, answer.response["list"]);
        co_yield generated_list(items);
        co_yield prompt(answer.messages);
        for (const std::string& item : items) co_yield list_item(item);
    }
};

}  // namespace

blk::block_list llm_lists() { return blk::blocks<AIListGenerator>(); }
