#include "plugins/llm/dialect.h"

#include <algorithm>
#include <string_view>

#include "plugins/llm/compress.h"
#include "plugins/llm/text.h"

namespace llm {
namespace {

constexpr uint64_t kTimeoutMs = 600'000;
constexpr uint64_t kResponseBytesMax = 32u << 20;
constexpr int64_t kOutputMaxUnknown = 32768;  // Tokens, for models that do not say.
constexpr size_t kQuotedMax = 500;            // Bytes of a provider's message.
constexpr std::string_view kOllamaHost = "localhost:11434";

bool has_json_mode(provider_id id) {
    return id == provider_id::openai || id == provider_id::groq || id == provider_id::v0 ||
           id == provider_id::ollama;
}

int64_t output_limit(const chat_request& r) {
    const int64_t model_max = r.model->output_max > 0 ? r.model->output_max : kOutputMaxUnknown;
    const int64_t room = r.model->context_window - estimate_tokens(r.messages);
    return std::max<int64_t>(1, std::min({room, model_max, r.max_tokens.value_or(model_max)}));
}

// The input `ollama_host` decides unless it has the value that nobody chose.
bool users_own_ollama(const chat_request& r) {
    return r.model->provider == provider_id::ollama && !r.ollama_host.empty() &&
           r.ollama_host != kOllamaHost;
}

std::string ollama_url(const endpoints& urls, const chat_request& r) {
    std::string url = users_own_ollama(r) ? r.ollama_host : urls.base_url(r.model->host());
    if (url.find("://") == std::string::npos) url.insert(0, "http://");
    while (url.ends_with('/')) url.pop_back();
    return url.ends_with("/v1") ? url : url + "/v1";
}

blk::json openai_body(const chat_request& r) {
    blk::tape t;
    t.object().key("model").string(r.model->name).key("messages").copy(r.messages);
    const bool is_openai = r.model->provider == provider_id::openai;
    t.key(is_openai ? "max_completion_tokens" : "max_tokens").integer(output_limit(r));
    if (r.json_only && has_json_mode(r.model->provider)) {
        t.key("response_format").object().key("type").string("json_object").end();
    }
    return blk::json(t.end());
}

struct turn {
    std::string_view role;
    blk::json content;
};

// Anthropic wants roles to take turns, so texts of the same role become one.
std::vector<turn> turns_of(blk::view messages) {
    std::vector<turn> turns;
    for (blk::view message : messages.items()) {
        const blk::view role = message["role"], content = message["content"];
        if (!role.is_string() || role.as_string() == "system") continue;
        if (role.as_string() != "user" && role.as_string() != "assistant") continue;
        const bool joins = !turns.empty() && turns.back().role == role.as_string() &&
                           turns.back().content->is_string() && content.is_string();
        if (joins) {
            turns.back().content = blk::json(std::string(turns.back().content.as_string()) +
                                             std::string(content.as_string()));
        } else {
            turns.push_back({role.as_string(), blk::json::borrow(content)});
        }
    }
    return turns;
}

blk::json anthropic_body(const chat_request& r) {
    std::string system;
    for (blk::view message : r.messages.items()) {
        const blk::view role = message["role"], content = message["content"];
        if (!role.is_string() || role.as_string() != "system" || !content.is_string()) continue;
        system += (system.empty() ? "" : " ") + std::string(content.as_string());
    }
    const std::vector<turn> turns = turns_of(r.messages);
    blk::tape t;
    t.object().key("model").string(r.model->name).key("max_tokens").integer(output_limit(r));
    t.key("system").string(system).key("messages").array();
    for (const turn& one : turns) {
        t.object().key("role").string(one.role).key("content").copy(one.content).end();
    }
    return blk::json(t.end().end());
}

blk::view parse_or_null(const blk::call& c, const std::string& text) {
    try {
        return c.parse_json(text);
    } catch (const blk::error&) {
        return {};  // The caller says what the text is instead.
    }
}

int64_t count_of(blk::view usage, std::string_view key) {
    return usage[key].is_int() ? usage[key].as_int() : 0;
}

chat_answer read_openai(const std::string& name, blk::view body) {
    const blk::view message = body["choices"].at(0)["message"];
    if (!message.is_object()) {
        throw unusable_answer(name + " sent an answer without choices");
    }
    chat_answer answer;
    if (message["content"].is_string()) answer.text = message["content"].as_string();
    answer.input_tokens = count_of(body["usage"], "prompt_tokens");
    answer.output_tokens = count_of(body["usage"], "completion_tokens");
    return answer;
}

chat_answer read_anthropic(blk::view body) {
    const blk::view first = body["content"].at(0);
    if (!first.is_object()) throw unusable_answer("No content returned from Anthropic.");
    chat_answer answer;
    if (first["text"].is_string()) answer.text = first["text"].as_string();
    answer.input_tokens = count_of(body["usage"], "input_tokens");
    answer.output_tokens = count_of(body["usage"], "output_tokens");
    return answer;
}

}  // namespace

blk::request chat_http_request(const blk::call& c, const endpoints& urls, const chat_request& r) {
    blk::request request;
    switch (r.model->provider) {
        case provider_id::anthropic:
            request = blk::request::post(urls.base_url(r.model->host()) + "/v1/messages");
            request.auth(r.key, "header:x-api-key").header("anthropic-version", "2023-06-01");
            request.json(c, anthropic_body(r));
            break;
        case provider_id::ollama:
            request = blk::request::post(ollama_url(urls, r) + "/chat/completions");
            // The operator's key is for the operator's server only.
            if (!users_own_ollama(r)) request.auth(r.key);
            request.json(c, openai_body(r));
            break;
        case provider_id::openai:
        case provider_id::groq:
        case provider_id::open_router:
        case provider_id::llama_api:
        case provider_id::v0:
        case provider_id::aiml_api:
            request = blk::request::post(urls.base_url(r.model->host()) + "/chat/completions");
            request.auth(r.key).json(c, openai_body(r));
            break;
    }
    request.max_response = kResponseBytesMax;
    return request.timeout(kTimeoutMs);
}

chat_answer read_answer(const blk::call& c, const model& m, const blk::response& response) {
    const std::string name(m.host().title);
    const blk::view body = parse_or_null(c, response.body);
    if (!body.is_object())
        throw unusable_answer(name + " sent an answer that is not a JSON object");
    return m.provider == provider_id::anthropic ? read_anthropic(body) : read_openai(name, body);
}

std::string describe_failure(const blk::call& c, const model& m, const blk::response& response) {
    const blk::view body = parse_or_null(c, response.body);
    std::string reason;
    for (blk::view said : {body["error"]["message"], body["error"], body["message"]}) {
        if (reason.empty() && said.is_string()) reason = said.as_string();
    }
    if (reason.size() > kQuotedMax) reason = std::string(beginning(reason, kQuotedMax)) + "...";
    return std::string(m.host().title) + " answered HTTP " + std::to_string(response.status) +
           (reason.empty() ? "" : ": " + reason);
}

}  // namespace llm
