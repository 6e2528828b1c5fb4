// DecodeGraph of graph_json.h.

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "base/uuid.h"
#include "host/model/graph_json.h"

namespace yard::model {
namespace {

std::string_view Trim(std::string_view text) {
    constexpr std::string_view kSpace = " \t\n\r\f\v";
    size_t first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// `5`, `-5`, `5.0` and `1_000`. Nothing for other text; a number out of range saturates.
std::optional<int64_t> ParseLaxInteger(std::string_view text) {
    text = Trim(text);
    if (size_t point = text.find('.'); point != std::string_view::npos) {
        std::string_view fraction = text.substr(point + 1);
        if (fraction.find_first_not_of('0') != std::string_view::npos) return std::nullopt;
        text = text.substr(0, point);
    }
    if (text.starts_with('+')) text.remove_prefix(1);
    std::string digits;
    for (size_t i = 0; i < text.size(); ++i) {
        bool separator = text[i] == '_' && i > 0 && i + 1 < text.size() && text[i - 1] != '_';
        if (!separator) digits += text[i];
    }
    int64_t value = 0;
    auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (fault == std::errc::invalid_argument || end != digits.data() + digits.size()) {
        return std::nullopt;
    }
    if (fault == std::errc::result_out_of_range) return std::numeric_limits<int64_t>::max();
    return value;
}

std::optional<bool> ParseLaxBool(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    for (const char* word : {"true", "1", "yes", "on", "t", "y"}) {
        if (lower == word) return true;
    }
    for (const char* word : {"false", "0", "no", "off", "f", "n"}) {
        if (lower == word) return false;
    }
    return std::nullopt;
}

// Reads members leniently and remembers every fault with its place.
class Decoder {
public:
    Graph DecodeGraphObject(View json) {
        Graph graph;
        graph.id = GraphId(OptionalId(json));
        graph.version = Integer(json, "version", 1);
        graph.is_active = Bool(json, "is_active", true);
        graph.name = RequiredString(json, "name");
        graph.description = RequiredString(json, "description");
        graph.instructions = OptionalString(json, "instructions");
        graph.recommended_schedule_cron = OptionalString(json, "recommended_schedule_cron");
        Each(json, "nodes", [&](View item) { graph.nodes.push_back(DecodeNode(item)); });
        Each(json, "links", [&](View item) { graph.links.push_back(DecodeLink(item)); });
        if (auto id = OptionalString(json, "forked_from_id")) graph.forked_from_id = GraphId(*id);
        if (!json["forked_from_version"].IsNull()) {
            graph.forked_from_version = Integer(json, "forked_from_version", 0);
        }
        return graph;
    }

    void DecodeSubGraphs(View json, Graph& graph) {
        // Older exports call them `subgraphs`; the oldest use that name for an object of groups.
        bool older = !json.Has("sub_graphs") && json["subgraphs"].IsArray();
        const char* member = older ? "subgraphs" : "sub_graphs";
        Each(json, member, [&](View item) { graph.sub_graphs.push_back(DecodeGraphObject(item)); });
    }

    // Whether `value` can have members; a fault at the current place if not.
    bool IsModel(View value) {
        if (value.IsObject()) return true;
        Report("model_attributes_type",
               "Input should be a valid dictionary or object to extract fields from", value);
        return false;
    }

    std::vector<FieldError> TakeErrors() { return std::move(errors_); }

private:
    void Report(const char* type, const char* message, View input) {
        errors_.push_back({path_, type, message, Value::Copy(input)});
    }
    void ReportMember(std::string_view name, const char* type, const char* message, View input) {
        path_.emplace_back(std::string(name));
        Report(type, message, input);
        path_.pop_back();
    }

    template <typename Decode>
    void Each(View json, const char* name, Decode decode) {
        if (!json.Has(name)) return;
        View list = json[name];
        if (!list.IsArray()) {
            return ReportMember(name, "list_type", "Input should be a valid list", list);
        }
        path_.emplace_back(std::string(name));
        size_t index = 0;
        for (View item : list.items()) {
            path_.emplace_back(index++);
            if (IsModel(item)) decode(item);
            path_.pop_back();
        }
        path_.pop_back();
    }

    Node DecodeNode(View json) {
        Node node;
        node.id = NodeId(OptionalId(json));
        node.block_id = BlockId(RequiredString(json, "block_id"));
        node.input_default = ObjectMember(json, "input_default");
        node.metadata = ObjectMember(json, "metadata");
        return node;
    }

    Link DecodeLink(View json) {
        Link link;
        link.id = OptionalId(json);
        link.source_id = NodeId(RequiredString(json, "source_id"));
        link.sink_id = NodeId(RequiredString(json, "sink_id"));
        link.source_name = RequiredString(json, "source_name");
        link.sink_name = RequiredString(json, "sink_name");
        link.is_static = Bool(json, "is_static", false);
        return link;
    }

    std::string OptionalId(View json) {
        View id = json["id"];
        if (id.IsNull() || (id.IsString() && id.AsString().empty())) return NewUuid();
        return StringMember("id", id);
    }

    std::string StringMember(std::string_view name, View value) {
        if (value.IsString()) return std::string(value.AsString());
        ReportMember(name, "string_type", "Input should be a valid string", value);
        return {};
    }

    std::string RequiredString(View json, std::string_view name) {
        if (json.Has(name)) return StringMember(name, json[name]);
        ReportMember(name, "missing", "Field required", json);
        return {};
    }

    std::optional<std::string> OptionalString(View json, std::string_view name) {
        if (json[name].IsNull()) return std::nullopt;
        return StringMember(name, json[name]);
    }

    Value ObjectMember(View json, std::string_view name) {
        if (!json.Has(name)) return Value::EmptyObject();
        if (json[name].IsObject()) return Value::Copy(json[name]);
        ReportMember(name, "dict_type", "Input should be a valid dictionary", json[name]);
        return Value::EmptyObject();
    }

    int Integer(View json, std::string_view name, int fallback) {
        if (!json.Has(name)) return fallback;
        View value = json[name];
        std::optional<int64_t> number;
        if (value.IsInt()) {
            number = value.AsInt();
        } else if (value.IsBool()) {
            number = value.AsBool() ? 1 : 0;
        } else if (value.IsDouble()) {
            number = WholeNumber(name, value);
            if (!number) return fallback;
        } else if (value.IsString()) {
            number = ParseLaxInteger(value.AsString());
            if (!number) {
                ReportMember(
                    name, "int_parsing",
                    "Input should be a valid integer, unable to parse string as an integer", value);
                return fallback;
            }
        } else if (!value.IsUint()) {
            ReportMember(name, "int_type", "Input should be a valid integer", value);
            return fallback;
        }
        return InRange(name, number, value, fallback);
    }

    std::optional<int64_t> WholeNumber(std::string_view name, View value) {
        double number = value.AsDouble();
        if (std::trunc(number) != number) {
            ReportMember(name, "int_from_float",
                         "Input should be a valid integer, got a number with a fractional part",
                         value);
            return std::nullopt;
        }
        // Beyond int64_t it is out of range anyway.
        return std::abs(number) < 9e18 ? static_cast<int64_t>(number)
                                       : std::numeric_limits<int64_t>::max();
    }

    int InRange(std::string_view name, std::optional<int64_t> number, View value, int fallback) {
        if (number && *number >= std::numeric_limits<int>::min() &&
            *number <= std::numeric_limits<int>::max()) {
            return static_cast<int>(*number);
        }
        ReportMember(name, "int_parsing_size",
                     "Unable to parse input string as an integer, exceeded maximum size", value);
        return fallback;
    }

    bool Bool(View json, std::string_view name, bool fallback) {
        if (!json.Has(name)) return fallback;
        View value = json[name];
        if (value.IsBool()) return value.AsBool();
        if (value.IsNumber() && (value.AsDouble() == 0 || value.AsDouble() == 1)) {
            return value.AsDouble() == 1;
        }
        if (std::optional<bool> parsed = ParseLaxBool(value.StringOr(""))) return *parsed;
        if (value.IsString() || value.IsNumber()) {
            ReportMember(name, "bool_parsing",
                         "Input should be a valid boolean, unable to interpret input", value);
        } else {
            ReportMember(name, "bool_type", "Input should be a valid boolean", value);
        }
        return fallback;
    }

    std::vector<std::variant<std::string, size_t>> path_;
    std::vector<FieldError> errors_;
};

}  // namespace

std::variant<Graph, std::vector<FieldError>> DecodeGraph(View json) {
    Decoder decoder;
    Graph graph;
    if (decoder.IsModel(json)) {
        graph = decoder.DecodeGraphObject(json);
        decoder.DecodeSubGraphs(json, graph);
    }
    std::vector<FieldError> errors = decoder.TakeErrors();
    if (!errors.empty()) return errors;
    return graph;
}

}  // namespace yard::model
