#include "plugins/llm/ask.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "plugins/llm/answer_format.h"
#include "plugins/shared/template.h"

namespace llm {
namespace {

constexpr int64_t kAttemptsMax = 100;
constexpr int64_t kMaxTokensUnknown = 4096;

blk::json message(std::string_view role, std::string_view content) {
    return blk::json::object({{"role", role}, {"content", content}});
}

bool is_falsy(blk::view v) {
    return v.is_null() || (v.is_string() && v.as_string().empty()) ||
           (v.type() >= 0x80 && v.empty());
}

blk::json list_of(const std::vector<blk::json>& messages) {
    blk::tape t;
    t.array();
    for (const blk::json& one : messages) t.copy(one);
    return blk::json(t.end());
}

void fill_templates(question& q) {
    if (q.prompt_values.empty()) return;
    blk::tape values;
    values.value(q.prompt_values);
    for (std::string* text : {&q.prompt, &q.sys_prompt}) {
        *text = shared::render_template(*text, values.as_view(), shared::escape::none);
    }
}

std::vector<blk::json> opening(const question& q, const answer_format& format) {
    std::vector<blk::json> messages;
    for (blk::view old : q.history.items()) {
        if (!is_falsy(old)) messages.push_back(blk::json::copy(old));
    }
    if (!q.sys_prompt.empty()) messages.push_back(message("system", q.sys_prompt));
    if (!format.keys->empty()) messages.push_back(message("system", format_instructions(format)));
    if (!q.prompt.empty()) messages.push_back(message("user", q.prompt));
    return messages;
}

// What one attempt came to: an answer, or why there is none.
struct attempt {
    std::string text, failure;
};

blk::async<attempt> try_once(blk::call& c, const endpoints& urls, chat_request request) {
    attempt result;
    try {
        chat_answer answer = co_await complete(c, urls, std::move(request));
        result.text = std::move(answer.text);
    } catch (const blk::error& e) {
        // BLK_E_IO: no answer or an unusable one. Everything else would happen again.
        const std::string failure = std::string("Error calling LLM: ") + e.what();
        if (e.code != BLK_E_IO) throw blk::error(e.code, failure);
        result.failure = failure;
    }
    co_return result;
}

// A provider that finds question and answer too long together gets a smaller limit next time.
void lower_limit(chat_request& chat, const std::string& failure) {
    if (!is_about_length(failure)) return;
    const int64_t model_max =
        chat.model->output_max > 0 ? chat.model->output_max : kMaxTokensUnknown;
    chat.max_tokens = std::max<int64_t>(1, chat.max_tokens.value_or(model_max) * 85 / 100);
}

reply finish(const blk::call& c, blk::json response, const std::vector<blk::json>& messages,
             int64_t attempts) {
    c.add_stats(
        blk::json::object({{"llm_call_count", attempts}, {"llm_retry_count", attempts - 1}}));
    return {std::move(response), list_of(messages)};
}

}  // namespace

blk::async<reply> ask(blk::call& c, const endpoints& urls, question q) {
    if (q.attempts_max < 1 || q.attempts_max > kAttemptsMax) {
        blk::fail("the retry count is " + std::to_string(q.attempts_max) + "; give 1 to " +
                  std::to_string(kAttemptsMax));
    }
    fill_templates(q);
    const bool is_formatted = !q.expected_format->empty();
    const answer_format format{q.expected_format, q.list_result, q.chat.json_only, new_tag_id()};
    q.chat.json_only = q.chat.json_only && is_formatted;
    std::vector<blk::json> messages = opening(q, format);
    if (messages.empty()) blk::fail("there is nothing to ask: give a prompt or messages");
    std::string failure;
    for (int64_t attempts = 1; attempts <= q.attempts_max; ++attempts) {
        q.chat.messages = list_of(messages);
        const attempt tried = co_await try_once(c, urls, q.chat);
        failure = tried.failure;
        if (!failure.empty()) {
            lower_limit(q.chat, failure);
            continue;
        }
        if (!is_formatted) {
            blk::json response = blk::json::object({{"response", tried.text}});
            co_return finish(c, response, messages, attempts);
        }
        const auto read = read_formatted(c, format, tried.text);
        if (const blk::view* value = std::get_if<blk::view>(&read)) {
            co_return finish(c, blk::json::copy(*value), messages, attempts);
        }
        failure = std::get<objection>(read).text;
        messages.push_back(message("assistant", tried.text));
        messages.push_back(message("user", failure));
    }
    blk::fail(failure);
}

}  // namespace llm
