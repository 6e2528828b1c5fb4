// The block that summarizes: a long text is cut into chunks of words, each is summarized, and the
// summaries become one.
#include <algorithm>

#include "plugins/llm/answer_format.h"
#include "plugins/llm/blocks.h"
#include "plugins/llm/text.h"

namespace {

constexpr size_t kTextBytesMax = 1'000'000;
constexpr size_t kChunksMax = 100;
constexpr int kRoundsMax = 5;
constexpr const char* kDefaultFocus = "general information";

using style_choice =
    blk::choice<"Summary Style", "concise", "detailed", "bullet points", "numbered list">;

std::vector<std::string_view> words_of(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r\n\v\f";
    std::vector<std::string_view> words;
    for (size_t start = text.find_first_not_of(kBlanks); start != std::string_view::npos;) {
        const size_t end = std::min(text.find_first_of(kBlanks, start), text.size());
        words.push_back(text.substr(start, end - start));
        start = text.find_first_not_of(kBlanks, end);
    }
    return words;
}

std::string join(const std::vector<std::string_view>& words, size_t begin, size_t end) {
    std::string text;
    for (size_t k = begin; k < end; ++k) text.append(k > begin ? " " : "").append(words[k]);
    return text;
}

// Windows of `size` words that overlap; at least one, at most kChunksMax.
std::vector<std::string> chunks_of(std::string_view text, int64_t size, int64_t overlap) {
    const std::vector<std::string_view> words = words_of(text);
    const auto window = static_cast<size_t>(size);
    const auto step = static_cast<size_t>(std::max<int64_t>(1, size - overlap));
    std::vector<std::string> chunks;
    for (size_t begin = 0; begin < words.size() && chunks.size() < kChunksMax; begin += step) {
        chunks.push_back(join(words, begin, begin + std::min(window, words.size() - begin)));
    }
    if (chunks.empty()) chunks.emplace_back();
    return chunks;
}

struct AITextSummarizer : llm::llm_block {
    static constexpr const char *id = "a0a69be1-4528-491c-a85a-a4ab6873e3f0",
                                *name = "AITextSummarizerBlock";
    struct in {
        std::string text;
        blk::defaulted<std::string> model = llm::kDefaultModel;
        blk::defaulted<std::string> focus = kDefaultFocus;
        blk::defaulted<style_choice> style = "concise";
        llm::credential credentials;
        blk::defaulted<int64_t> max_tokens = 4096;
        blk::defaulted<int64_t> chunk_overlap = 100;
        blk::defaulted<std::string> ollama_host = "localhost:11434";
        BLK_IN(text, model, focus, style, credentials, max_tokens, chunk_overlap, ollama_host)
    };
    static constexpr blk::port<std::string> summary{"summary", "The final summary of the text."};
    static constexpr blk::port<blk::list> prompt{"prompt",
                                                 "The prompt sent to the language model."};
    BLK_OUT(summary, prompt)
    using llm_block::llm_block;

    static void describe(blk::declaration& d) {
        d.category("AI").category("TEXT").description(
            "A block that summarizes long texts using a Large Language Model (LLM), with "
            "configurable focus topics and summary styles.");
        d.input("text")
            .description("The text to summarize.")
            .placeholder("Enter the text to summarize here...");
        d.input("focus").description("The topic to focus on in the summary");
        d.input("style").description("The style of the summary to generate.");
        d.input("chunk_overlap")
            .minimum(0)
            .description("The number of overlapping tokens between chunks to maintain context.");
        describe_limits(d);
        d.input("max_tokens").minimum(1);
        llm::describe_model(d, "The language model to use for summarizing the text.");
    }

    blk::task run(blk::call& c, in i) {
        if (*i.max_tokens < 1 || *i.chunk_overlap < 0) {
            blk::fail("max_tokens must be at least 1 and chunk_overlap must not be negative");
        }
        std::string text(llm::beginning(i.text, kTextBytesMax));
        std::string wish = wish_of(i.style->text(), *i.focus);
        for (int round = 1; round <= kRoundsMax; ++round) {
            std::string summaries;
            const std::vector<std::string> chunks =
                chunks_of(text, *i.max_tokens, *i.chunk_overlap);
            for (const std::string& chunk : chunks) {
                const std::string order = "Summarize the following text. " + wish;
                const part one = co_await summarize(c, i, order, chunk, "summary");
                summaries += (summaries.empty() ? "" : "\n\n") + one.text;
            }
            if (words_of(summaries).size() <= static_cast<size_t>(*i.max_tokens)) {
                const std::string order =
                    "Combine the following summaries of parts of a text into one. " + wish;
                const part all = co_await summarize(c, i, order, summaries, "final_summary");
                co_yield summary(all.text);
                co_yield prompt(all.messages);
                co_return;
            }
            // What is still too long is summarized again like any other text.
            text = summaries;
            wish = wish_of("concise", kDefaultFocus);
        }
        blk::fail("the summaries did not become shorter than max_tokens (" +
                  std::to_string(*i.max_tokens) + " words); give a larger max_tokens");
    }

private:
    struct part {
        std::string text;
        blk::json messages;
    };

    static std::string wish_of(std::string_view style, const std::string& focus) {
        return "Give the summary a " + std::string(style) + " form and focus it on the topic \"" +
               focus + "\".";
    }

    // One answer of the model, given under the name `key`.
    blk::async<part> summarize(blk::call& c, const in& i, std::string order, std::string text,
                               std::string key) {
        llm::question q = question_for(i);
        q.prompt = order + "\n\n```\n" + text + "\n```";
        const blk::json format = blk::json::object({{key, "The summary, as one text."}});
        q.expected_format = blk::dict(format);
        const llm::reply answer = co_await llm::ask(c, urls_, q);
        const blk::view value = answer.response[key];
        if (!value.is_string()) {
            blk::fail("LLM generation failed: Expected a string summary, but received " +
                      std::string(llm::type_name(value)) + "; try another model or a shorter text");
        }
        part result{std::string(value.as_string()), answer.messages};
        co_return result;
    }
};

}  // namespace

blk::block_list llm_summarizers() { return blk::blocks<AITextSummarizer>(); }
