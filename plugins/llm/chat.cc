#include "plugins/llm/chat.h"

#include <algorithm>
#include <charconv>

#include "plugins/llm/compress.h"
#include "plugins/llm/dialect.h"

namespace llm {
namespace {

constexpr int kBusyRetriesMax = 3;
constexpr uint64_t kWaitMsFirst = 1000, kWaitMsMax = 60'000;

bool is_busy(int status) { return status == 429 || status >= 500; }

// What the provider asks for in seconds, else 1, 2, 4 s.
uint64_t wait_ms(const blk::response& response, int retries_done) {
    const std::string_view text = response.header("retry-after");
    double seconds = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
    const bool is_seconds = !text.empty() && read.ec == std::errc() &&
                            read.ptr == text.data() + text.size() && seconds >= 0;
    if (!is_seconds) return kWaitMsFirst << retries_done;
    return static_cast<uint64_t>(std::min(seconds * 1000, static_cast<double>(kWaitMsMax)));
}

void count_tokens(const blk::call& c, const chat_answer& answer) {
    c.add_stats(blk::json::object({{"input_token_count", answer.input_tokens},
                                   {"output_token_count", answer.output_tokens}}));
}

}  // namespace

bool is_about_length(std::string_view text) {
    return text.find("maximum context length") != std::string_view::npos ||
           text.find("token limit") != std::string_view::npos;
}

endpoints::endpoints(const blk::json& config) {
    for (auto [name, settings] : config["providers"].members()) {
        const blk::view url = settings["base_url"];
        if (url.is_string() && !url.as_string().empty()) {
            configured_[std::string(name)] = url.as_string();
        }
    }
}

std::string endpoints::base_url(const provider& p) const {
    const auto found = configured_.find(p.name);
    std::string url = found == configured_.end() ? std::string(p.base_url) : found->second;
    while (url.ends_with('/')) url.pop_back();
    return url;
}

blk::async<chat_answer> complete(blk::call& c, const endpoints& urls, chat_request request) {
    const model& m = *request.model;
    if (request.compress) {
        request.messages = compress_messages(c, request.messages, m.context_window / 2);
    }
    const blk::request http = chat_http_request(c, urls, request);
    for (int retries = 0;; ++retries) {
        const blk::response response = co_await blk::fetch(c, http);
        if (response.ok()) {
            chat_answer answer = read_answer(c, m, response);
            count_tokens(c, answer);
            co_return answer;
        }
        const std::string failure = describe_failure(c, m, response);
        if (is_about_length(failure)) throw unusable_answer(failure);
        if (!is_busy(response.status) || retries == kBusyRetriesMax) blk::fail(failure);
        const uint64_t pause = wait_ms(response, retries);
        c.log(3, "a language model is busy; asking again after a wait",
              blk::json::object({{"model", m.name}, {"failure", failure}}));
        co_await blk::sleep(c, pause);
    }
}

}  // namespace llm
