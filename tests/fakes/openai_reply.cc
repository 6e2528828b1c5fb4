#include "tests/fakes/openai_reply.h"

#include <sstream>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/value.h"

namespace yard::fakes {
namespace {

constexpr size_t kBytesPerToken = 4;
constexpr std::string_view kTag = "<json_output id=\"";

int64_t TokensOf(size_t bytes) { return static_cast<int64_t>(bytes / kBytesPerToken + 1); }

std::string TextOf(const View& content) {
    return content.IsString() ? std::string(content.AsString()) : WriteJson(content);
}

// One line of the form that was asked for: `"key": "description",`.
struct WantedKey {
    std::string key;
    bool is_list = false;
};

std::vector<WantedKey> WantedKeys(const std::string& instructions) {
    std::vector<WantedKey> keys;
    std::istringstream lines(instructions);
    for (std::string line; std::getline(lines, line);) {
        const size_t start = line.find_first_not_of(' ');
        const size_t end = line.find("\": \"");
        if (start == std::string::npos || line[start] != '"' || end == std::string::npos) continue;
        const std::string key = line.substr(start + 1, end - start - 1);
        if (key == "reasoning") continue;  // Optional where the instructions mention it.
        keys.push_back({key, line.find("JSON array", end) != std::string::npos});
    }
    return keys;
}

void WriteObject(ValueBuilder& builder, const std::vector<WantedKey>& keys) {
    builder.BeginObject();
    for (const WantedKey& wanted : keys) {
        builder.Key(wanted.key);
        if (wanted.is_list) {
            builder.BeginArray().String("one").String("two").String("three").EndArray();
        } else {
            builder.String("A " + wanted.key + ".");
        }
    }
    builder.EndObject();
}

std::string FilledForm(const std::string& instructions) {
    const std::vector<WantedKey> keys = WantedKeys(instructions);
    const size_t tag = instructions.find(kTag);
    const bool has_results = instructions.find("\"results\": [") != std::string::npos;
    const bool is_list = has_results || (tag != std::string::npos &&
                                         instructions.find("\">\n[", tag) != std::string::npos);
    ValueBuilder builder;
    if (has_results) builder.BeginObject().Key("results");
    if (is_list) builder.BeginArray();
    for (int count = is_list ? 2 : 1; count > 0; --count) WriteObject(builder, keys);
    if (is_list) builder.EndArray();
    if (has_results) builder.EndObject();
    const std::string json = WriteJson(builder.Take());
    if (tag == std::string::npos) return json;
    const std::string start = instructions.substr(tag, instructions.find('>', tag) - tag + 1);
    return "Here it is:\n" + start + "\n" + json + "\n</json_output>";
}

}  // namespace

std::string OpenAiBody(const std::string& text, size_t prompt_bytes) {
    ValueBuilder builder;
    builder.BeginObject().Member("id", "chatcmpl-1").Member("object", "chat.completion");
    builder.Key("choices").BeginArray().BeginObject().Key("index").Int(0);
    builder.Key("message").BeginObject().Member("role", "assistant").Member("content", text);
    builder.EndObject().Member("finish_reason", "stop").EndObject().EndArray();
    builder.Key("usage").BeginObject().Key("prompt_tokens").Int(TokensOf(prompt_bytes));
    builder.Key("completion_tokens").Int(TokensOf(text.size())).EndObject().EndObject();
    return WriteJson(builder.Take());
}

std::string AnthropicBody(const std::string& text, size_t prompt_bytes) {
    ValueBuilder builder;
    builder.BeginObject().Member("type", "message").Member("role", "assistant");
    builder.Key("content").BeginArray().BeginObject().Member("type", "text").Member("text", text);
    builder.EndObject().EndArray().Key("usage").BeginObject();
    builder.Key("input_tokens").Int(TokensOf(prompt_bytes));
    builder.Key("output_tokens").Int(TokensOf(text.size())).EndObject().EndObject();
    return WriteJson(builder.Take());
}

std::string ReplyTo(const std::string& request_body) {
    const auto parsed = ParseJson(request_body);
    if (!parsed || !View(parsed.value())["messages"].IsArray()) return {};
    const View request = parsed.value();
    std::string instructions, said;
    if (request["system"].IsString()) instructions = request["system"].AsString();
    for (const View message : request["messages"].items()) {
        const std::string content = TextOf(message["content"]);
        if (!message["role"].IsString()) continue;
        if (message["role"].AsString() == "system") instructions = content;
        if (message["role"].AsString() == "user") said = content;
    }
    if (!WantedKeys(instructions).empty()) return FilledForm(instructions);
    return "You said: " + said;
}

}  // namespace yard::fakes
