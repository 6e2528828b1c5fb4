#include "plugins/llm/answer_format.h"

#include <cstdio>
#include <optional>
#include <random>

namespace llm {
namespace {

constexpr std::string_view kEndTag = "</json_output>";

std::string start_tag(const answer_format& format) {
    return "<json_output id=\"" + format.tag_id + "\">";
}

const char* wanted(const answer_format& format) {
    return format.is_list ? "JSON array of objects" : "JSON object";
}

std::string pretty_keys(const answer_format& format, const std::string& indent) {
    std::string text = "{";
    for (auto [key, description] : format.keys.members()) {
        text += (text.size() == 1 ? "\n" : ",\n") + indent + "  " + blk::quote(key) + ": " +
                blk::text_of(description);
    }
    return text + "\n" + indent + "}";
}

std::string example(const answer_format& format) {
    if (!format.is_list) return pretty_keys(format, "");
    if (!format.is_pure_json) return "[\n  " + pretty_keys(format, "  ") + ",\n  ...\n]";
    return "{\n  \"reasoning\": \"optional: how you came to the results\",\n  \"results\": [\n   "
           " " +
           pretty_keys(format, "    ") + ",\n    ...\n  ]\n}";
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r\n";
    const size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// Models like to put JSON between ``` lines, whatever they were asked for.
std::string_view without_fence(std::string_view text) {
    text = trim(text);
    if (!text.starts_with("```") || !text.ends_with("```") || text.size() < 6) return text;
    const size_t line_end = text.find('\n');
    if (line_end == std::string_view::npos) return text;
    return trim(text.substr(line_end + 1, text.size() - line_end - 4));
}

std::optional<blk::view> parse(const blk::call& c, std::string_view text) {
    try {
        return c.parse_json(text);
    } catch (const blk::error&) {
        return std::nullopt;  // The caller tells the model.
    }
}

// The text itself, or what stands between the outermost brackets in it.
std::optional<blk::view> parse_within(const blk::call& c, std::string_view text) {
    text = without_fence(text);
    if (auto value = parse(c, text)) return value;
    const size_t first = text.find_first_of("{[");
    if (first == std::string_view::npos) return std::nullopt;
    const size_t last = text.rfind(text[first] == '{' ? '}' : ']');
    if (last == std::string_view::npos || last < first) return std::nullopt;
    return parse(c, text.substr(first, last - first + 1));
}

objection unparsable(const answer_format& format, const std::string& reason) {
    std::string text = std::string("Your previous response did not contain a parseable ") +
                       wanted(format) + ". " + reason + "\n\nAnswer again with the " +
                       wanted(format);
    text += format.is_pure_json ? " and nothing else."
                                : " in one block that starts with " + start_tag(format) +
                                      " and ends with " + std::string(kEndTag) + ".";
    return {text};
}

std::string missing_keys(const answer_format& format, blk::view item) {
    if (!item.is_object()) return std::string("Expected a dictionary, but got ") + type_name(item);
    std::string missing;
    for (auto [key, description] : format.keys.members()) {
        if (!item[key].present())
            missing += (missing.empty() ? "'" : ", '") + std::string(key) + "'";
    }
    return missing.empty() ? "" : "Missing keys: {" + missing + "}";
}

std::string faults_of(const answer_format& format, blk::view value) {
    if (!value.is_array()) return missing_keys(format, value);
    std::string faults;
    for (blk::view item : value.items()) {
        const std::string fault = missing_keys(format, item);
        if (!fault.empty()) faults += (faults.empty() ? "" : "\n") + fault;
    }
    return faults;
}

std::variant<blk::view, objection> parse_answer(const blk::call& c, const answer_format& format,
                                                std::string_view answer) {
    constexpr const char* kInvalid = "It is not valid JSON: check quotes, commas and brackets.";
    if (!format.is_pure_json) {
        const std::string tag = start_tag(format);
        const size_t start = answer.find(tag);
        if (start != std::string_view::npos) {
            answer.remove_prefix(start + tag.size());
            answer = answer.substr(0, answer.rfind(kEndTag));
        } else if (const auto bare = parse(c, without_fence(answer))) {
            return *bare;  // All of the answer is JSON, so nothing is ambiguous.
        } else {
            return unparsable(format, "Response does not contain the expected " + tag + "..." +
                                          std::string(kEndTag) + " block.");
        }
    }
    if (const auto value = parse_within(c, answer)) return *value;
    return unparsable(format, kInvalid);
}

}  // namespace

std::string new_tag_id() {
    std::random_device random;
    char digits[17];
    std::snprintf(digits, sizeof digits, "%08x%08x", random(), random());
    return digits;
}

std::string format_instructions(const answer_format& format) {
    if (format.is_pure_json) {
        return "Answer with one JSON object and nothing else. It has this form:\n" +
               example(format) +
               "\nUse an empty string for every key you have no answer to. Leave out no key.";
    }
    return std::string("Your answer must contain exactly one block with a ") + wanted(format) +
           ", like this:\n" + start_tag(format) + "\n" + example(format) + "\n" +
           std::string(kEndTag) +
           "\nYou may write other text before and after the block. Use an empty string for every "
           "key you have no answer to. Leave out no key.";
}

std::variant<blk::view, objection> read_formatted(const blk::call& c, const answer_format& format,
                                                  std::string_view answer) {
    auto parsed = parse_answer(c, format, answer);
    if (std::holds_alternative<objection>(parsed)) return parsed;
    blk::view value = std::get<blk::view>(parsed);
    const std::string mismatch = std::string("Your previous response did not match the expected ") +
                                 wanted(format) + " format.\n\n";
    if (format.is_list && value.is_object()) {
        if (!value["results"].is_array()) {
            return objection{mismatch +
                             "Expected an array of objects in the 'results' key, but got: " +
                             type_name(value["results"])};
        }
        value = value["results"];
    }
    const std::string faults = faults_of(format, value);
    if (!faults.empty()) return objection{mismatch + faults};
    return value;
}

const char* type_name(blk::view v) {
    return v.is_string()   ? "a text"
           : v.is_number() ? "a number"
           : v.is_bool()   ? "true or false"
           : v.is_array()  ? "a list"
           : v.is_object() ? "an object"
                           : "nothing";
}

}  // namespace llm
