// Text and values -> the typed fields of Settings.

#include <algorithm>
#include <charconv>

#include "base/json.h"
#include "config/settings_table.h"

namespace yard::config {
namespace {

template <typename... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};

std::string Lower(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lower;
}

std::string_view Trim(std::string_view text) {
    const size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

Target TargetOf(const Setting& setting, Settings& settings) { return setting.target(settings); }

Result<Value> ParseBool(std::string_view text) {
    const std::string lower = Lower(text);
    if (lower == "true" || lower == "1") return Value::Bool(true);
    if (lower == "false" || lower == "0") return Value::Bool(false);
    return Invalid("must be true or false");
}

Result<Value> ParseInteger(std::string_view text) {
    int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return Invalid("must be an integer");
    }
    return Value::Int(number);
}

Result<Value> ParseList(std::string_view text) {
    if (text.starts_with('[')) {
        auto list = ParseJson(text);
        if (!list) return Invalid("is not a valid JSON list: " + list.error().message);
        return list;
    }
    std::vector<std::string> items;
    while (!text.empty()) {
        const size_t comma = std::min(text.find(','), text.size());
        const std::string_view item = Trim(text.substr(0, comma));
        if (!item.empty()) items.emplace_back(item);
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return Value::Strings(items);
}

Result<Value> ParseMap(std::string_view text) {
    if (text.empty()) return Value::EmptyObject();
    auto map = ParseJson(text);
    if (!map) return Invalid("is not a valid JSON object: " + map.error().message);
    return map;
}

Result<Ok> StoreInteger(const Setting& setting, View value, int64_t& out) {
    const std::string range =
        "between " + std::to_string(setting.min) + " and " + std::to_string(setting.max);
    if (!value.IsInteger()) return Invalid("must be an integer " + range);
    if (!value.IsInt() || value.AsInt() < setting.min || value.AsInt() > setting.max) {
        return Invalid("must be " + range + ", not " + WriteJson(value));
    }
    out = value.AsInt();
    return Ok{};
}

Result<Ok> StoreString(const Setting& setting, View value, std::string& out) {
    if (!value.IsString()) return Invalid("must be text; write it in quotes");
    if (value.AsString().find('\0') != std::string_view::npos) {
        return Invalid("must not contain a zero byte");
    }
    out = value.AsString();
    if (setting.allowed.empty()) return Ok{};
    std::string choices;
    for (const std::string& choice : setting.allowed) {
        if (Lower(choice) == Lower(out)) {
            out = choice;
            return Ok{};
        }
        choices += (choices.empty() ? "" : ", ") + choice;
    }
    return Invalid("must be one of " + choices + ", not '" + out + "'");
}

Result<Ok> StoreList(View value, std::vector<std::string>& out) {
    std::vector<std::string> items;
    for (const View item : value.items()) {
        if (!item.IsString()) return Invalid("must be a list of texts; write each in quotes");
        items.emplace_back(item.AsString());
    }
    if (!value.IsArray()) return Invalid("must be a list");
    out = std::move(items);
    return Ok{};
}

Result<Ok> StoreMap(View value, std::map<std::string, Value>& out) {
    if (!value.IsObject()) return Invalid("must be a map");
    std::map<std::string, Value> members;
    for (const auto& [key, member] : value.members()) {
        members.emplace(key, Value::Copy(member));
    }
    out = std::move(members);
    return Ok{};
}

}  // namespace

std::string Setting::TypeName() const {
    Settings scratch;
    return std::visit(
        Overloaded{[](bool*) { return "true or false"; }, [](int64_t*) { return "integer"; },
                   [](std::string*) { return "text"; },
                   [](std::vector<std::string>*) { return "list of texts"; },
                   [](std::map<std::string, Value>*) { return "map"; }},
        TargetOf(*this, scratch));
}

Result<Value> ParseSettingText(const Setting& setting, std::string_view text) {
    Settings scratch;
    return std::visit(Overloaded{[&](bool*) { return ParseBool(text); },
                                 [&](int64_t*) { return ParseInteger(text); },
                                 [&](std::string*) -> Result<Value> { return Value::String(text); },
                                 [&](std::vector<std::string>*) { return ParseList(Trim(text)); },
                                 [&](std::map<std::string, Value>*) { return ParseMap(text); }},
                      TargetOf(setting, scratch));
}

Result<Ok> StoreSetting(const Setting& setting, View value, Settings& settings) {
    const Target target = TargetOf(setting, settings);
    TRY(std::visit(
        Overloaded{[&](bool* out) -> Result<Ok> {
                       if (!value.IsBool()) return Invalid("must be true or false");
                       *out = value.AsBool();
                       return Ok{};
                   },
                   [&](int64_t* out) { return StoreInteger(setting, value, *out); },
                   [&](std::string* out) { return StoreString(setting, value, *out); },
                   [&](std::vector<std::string>* out) { return StoreList(value, *out); },
                   [&](std::map<std::string, Value>* out) { return StoreMap(value, *out); }},
        target));
    return setting.normalise != nullptr ? setting.normalise(target) : Ok{};
}

}  // namespace yard::config
