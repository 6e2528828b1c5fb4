#include "api/rest/decode.h"

#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

#include "api/rest/email_address.h"
#include "base/json.h"

namespace yard::rest {
namespace {

constexpr size_t kErrorsMax = 100;
constexpr size_t kEchoedBytesMax = 64 << 10;

std::string Expected(const std::vector<std::string>& choices) {
    std::string text;
    for (size_t i = 0; i < choices.size(); ++i) {
        if (i > 0) text += i + 1 == choices.size() ? " or " : ", ";
        text += "'" + choices[i] + "'";
    }
    return text;
}

std::string_view Trim(std::string_view text) {
    auto is_space = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

// Digits with single underscores between them, an optional sign, an optional fraction of zeros.
bool LooksLikeInteger(std::string_view text) {
    static const RE2* const kPattern = new RE2(R"([+-]?[0-9]+(_[0-9]+)*(\.0+)?)");
    return RE2::FullMatch(re2::StringPiece(text.data(), text.size()), *kPattern);
}

// Code points of valid UTF-8.
size_t Length(std::string_view text) {
    return static_cast<size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }));
}

// Decodes one document into a builder. On a fault it adds the error and appends null instead.
class Decoder {
public:
    Decoder(ValidationErrors& errors, Location location)
        : errors_(errors), location_(std::move(location)) {}

    void Append(const Type& type, View input, const Value& default_value) {
        if (input.IsNull() && type.null_is_default) {
            out_.Copy(default_value);
        } else if (input.IsNull() && (type.nullable || type.kind == Type::Kind::kAny)) {
            out_.Null();
        } else {
            AppendValue(type, input);
        }
    }

    // `lacking`: what a fault shows as the place where a required field is missing.
    void AppendFields(const std::vector<Field>& fields, View input, View lacking,
                      bool keep_others) {
        out_.BeginObject();
        for (const Field& field : fields) {
            out_.Key(field.name);
            if (!input.Has(field.name)) {
                AppendAbsent(field, lacking);
                continue;
            }
            location_.push_back(field.name);
            Append(field.type, input.Get(field.name), field.default_value);
            location_.pop_back();
        }
        if (keep_others) {
            for (auto [key, value] : input.members()) {
                bool declared = std::any_of(fields.begin(), fields.end(),
                                            [&](const Field& field) { return field.name == key; });
                if (!declared) out_.Key(key).Copy(value);
            }
        }
        out_.EndObject();
    }

    Value Take() { return out_.Take(); }

private:
    void Fail(std::string type, std::string message, View input, Value context = {}) {
        errors_.Add({std::move(type), location_, std::move(message), Value::Copy(input),
                     std::move(context)});
        out_.Null();
    }

    void AppendAbsent(const Field& field, View lacking) {
        if (!field.required) {
            out_.Copy(field.default_value);
            return;
        }
        Location location = location_;
        location.push_back(field.name);
        errors_.Add(MissingError(std::move(location), Value::Copy(lacking)));
        out_.Null();
    }

    void AppendValue(const Type& type, View input) {
        switch (type.kind) {
            case Type::Kind::kAny:
            case Type::Kind::kUnion: out_.Copy(input); return;
            case Type::Kind::kString:
            case Type::Kind::kDateTime: return AppendText(type, input);
            case Type::Kind::kEmail: return AppendEmail(input);
            case Type::Kind::kInteger: return AppendInteger(type, input);
            case Type::Kind::kNumber: return AppendNumber(input);
            case Type::Kind::kBoolean: return AppendBoolean(input);
            case Type::Kind::kObject:
                if (!input.IsObject()) {
                    return Fail("dict_type", "Input should be a valid dictionary", input);
                }
                out_.Copy(input);
                return;
            case Type::Kind::kMap: return AppendMap(type, input);
            case Type::Kind::kList: return AppendList(type, input);
            case Type::Kind::kDto:
                if (!input.IsObject()) {
                    return Fail("model_attributes_type",
                                "Input should be a valid dictionary or object to extract fields "
                                "from",
                                input);
                }
                return AppendFields(type.dto->fields, input, input, type.dto->additional);
            case Type::Kind::kEnum: return AppendChoice(type.choices, "enum", input);
            case Type::Kind::kTimezone: return AppendTimezone(type, input);
            case Type::Kind::kLiteral: return AppendChoice(type.choices, "literal_error", input);
        }
    }

    void AppendText(const Type& type, View input) {
        if (!input.IsString()) return Fail("string_type", "Input should be a valid string", input);
        std::string_view text = input.AsString();
        if (Length(text) < type.length_min) {
            std::string unit = type.length_min == 1 ? " character" : " characters";
            return Fail(
                "string_too_short",
                "String should have at least " + std::to_string(type.length_min) + unit, input,
                Value::Object({{"min_length", Value::Int(static_cast<int64_t>(type.length_min))}}));
        }
        if (!type.pattern.empty() &&
            !RE2::FullMatch(re2::StringPiece(text.data(), text.size()), RE2(type.pattern))) {
            return Fail("string_pattern_mismatch",
                        "String should match pattern '" + type.pattern + "'", input,
                        Value::Object({{"pattern", Value::String(type.pattern)}}));
        }
        out_.String(text);
    }

    void AppendTimezone(const Type& type, View input) {
        Type text = Text();
        text.length_min = 1;
        bool is_name = input.IsString() && std::find(type.choices.begin(), type.choices.end(),
                                                     input.AsString()) != type.choices.end();
        if (is_name || !input.IsString() || input.AsString().empty()) {
            return AppendText(text, input);
        }
        Fail("TimeZoneName", "Invalid timezone name.", input);
    }

    void AppendEmail(View input) {
        if (!input.IsString()) return Fail("string_type", "Input should be a valid string", input);
        Result<std::string> address = NormaliseEmail(input.AsString());
        if (address) {
            out_.String(address.value());
            return;
        }
        const std::string& reason = address.error().message;
        Fail("value_error", "value is not a valid email address: " + reason, input,
             Value::Object({{"reason", Value::String(reason)}}));
    }

    void AppendInteger(const Type& type, View input) {
        std::optional<int64_t> number = ToInteger(input);
        if (!number) return;
        if (type.minimum && *number < *type.minimum) {
            std::string bound = std::to_string(*type.minimum);
            return Fail("greater_than_equal", "Input should be greater than or equal to " + bound,
                        input, Value::Object({{"ge", Value::Int(*type.minimum)}}));
        }
        if (type.maximum && *number > *type.maximum) {
            std::string bound = std::to_string(*type.maximum);
            return Fail("less_than_equal", "Input should be less than or equal to " + bound, input,
                        Value::Object({{"le", Value::Int(*type.maximum)}}));
        }
        out_.Int(*number);
    }

    // Nothing after a Fail().
    std::optional<int64_t> ToInteger(View input) {
        if (input.IsInt()) return input.AsInt();
        if (input.IsBool()) return input.AsBool() ? 1 : 0;
        if (input.IsString()) return ParseInteger(input);
        if (!input.IsNumber()) {
            Fail("int_type", "Input should be a valid integer", input);
            return std::nullopt;
        }
        double number = input.AsDouble();
        if (std::trunc(number) != number) {
            Fail("int_from_float",
                 "Input should be a valid integer, got a number with a fractional part", input);
            return std::nullopt;
        }
        if (std::fabs(number) >= 9.2e18) {
            FailSize(input);
            return std::nullopt;
        }
        return static_cast<int64_t>(number);
    }

    std::optional<int64_t> ParseInteger(View input) {
        std::string_view text = Trim(input.AsString());
        if (!LooksLikeInteger(text)) {
            Fail("int_parsing",
                 "Input should be a valid integer, unable to parse string as an integer", input);
            return std::nullopt;
        }
        std::string digits;
        for (char c : text.substr(0, text.find('.'))) {
            if (c != '_' && c != '+') digits.push_back(c);
        }
        int64_t number = 0;
        auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (fault != std::errc()) {
            FailSize(input);
            return std::nullopt;
        }
        return number;
    }

    void FailSize(View input) {
        Fail("int_parsing_size",
             "Unable to parse input string as an integer, exceeded maximum size", input);
    }

    void AppendNumber(View input) {
        if (input.IsNumber()) {
            out_.Copy(input);
            return;
        }
        if (input.IsBool()) {
            out_.Double(input.AsBool() ? 1.0 : 0.0);
            return;
        }
        if (!input.IsString()) return Fail("float_type", "Input should be a valid number", input);
        std::string_view text = Trim(input.AsString());
        if (!text.empty() && text.front() == '+') text.remove_prefix(1);
        double number = 0;
        auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (text.empty() || fault != std::errc() || end != text.data() + text.size() ||
            !std::isfinite(number)) {
            return Fail("float_parsing",
                        "Input should be a valid number, unable to parse string as a number",
                        input);
        }
        out_.Double(number);
    }

    void AppendBoolean(View input) {
        if (input.IsBool()) {
            out_.Copy(input);
            return;
        }
        std::string text;
        if (input.IsString()) {
            for (char c : input.AsString()) {
                text.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
            }
        } else if (input.IsNumber() && (input.AsDouble() == 0 || input.AsDouble() == 1)) {
            text = input.AsDouble() == 1 ? "1" : "0";
        } else if (!input.IsNumber()) {
            return Fail("bool_type", "Input should be a valid boolean", input);
        }
        for (std::string_view word : {"true", "1", "yes", "on", "t", "y"}) {
            if (text == word) return void(out_.Bool(true));
        }
        for (std::string_view word : {"false", "0", "no", "off", "f", "n"}) {
            if (text == word) return void(out_.Bool(false));
        }
        Fail("bool_parsing", "Input should be a valid boolean, unable to interpret input", input);
    }

    void AppendList(const Type& type, View input) {
        if (!input.IsArray()) return Fail("list_type", "Input should be a valid list", input);
        out_.BeginArray();
        int64_t index = 0;
        for (View item : input.items()) {
            location_.push_back(index++);
            Append(type.items[0], item, Value());
            location_.pop_back();
        }
        out_.EndArray();
    }

    void AppendMap(const Type& type, View input) {
        if (!input.IsObject()) {
            return Fail("dict_type", "Input should be a valid dictionary", input);
        }
        out_.BeginObject();
        for (auto [key, value] : input.members()) {
            location_.push_back(std::string(key));
            CheckKey(type, key);
            out_.Key(key);
            Append(type.items[0], value, Value());
            location_.pop_back();
        }
        out_.EndObject();
    }

    void CheckKey(const Type& type, std::string_view key) {
        const auto& choices = type.key_choices;
        if (choices.empty() || std::find(choices.begin(), choices.end(), key) != choices.end()) {
            return;
        }
        Location location = location_;
        location.push_back("[key]");
        std::string expected = Expected(choices);
        errors_.Add({"enum", std::move(location), "Input should be " + expected, Value::String(key),
                     Value::Object({{"expected", Value::String(expected)}})});
    }

    void AppendChoice(const std::vector<std::string>& choices, const char* fault, View input) {
        if (input.IsString() &&
            std::find(choices.begin(), choices.end(), input.AsString()) != choices.end()) {
            out_.Copy(input);
            return;
        }
        std::string expected = Expected(choices);
        Fail(fault, "Input should be " + expected, input,
             Value::Object({{"expected", Value::String(expected)}}));
    }

    ValidationErrors& errors_;
    Location location_;
    ValueBuilder out_;
};

}  // namespace

void ValidationErrors::Add(ValidationError error) {
    if (errors_.size() < kErrorsMax) errors_.push_back(std::move(error));
}

Value ValidationErrors::ToJson() const {
    size_t echoed_bytes = 0;
    ValueBuilder out;
    out.BeginArray();
    for (const ValidationError& error : errors_) {
        out.BeginObject().Member("type", error.type).Key("loc").BeginArray();
        for (const auto& part : error.location) {
            if (const auto* index = std::get_if<int64_t>(&part)) {
                out.Int(*index);
            } else {
                out.String(std::get<std::string>(part));
            }
        }
        out.EndArray().Member("msg", error.message).Key("input");
        echoed_bytes += error.input.bytes_held();
        if (echoed_bytes <= kEchoedBytesMax) {
            out.Copy(error.input);
        } else {
            out.Null();
        }
        if (!error.context->IsNull()) out.Member("ctx", error.context);
        out.EndObject();
    }
    return out.EndArray().Take();
}

Value Decode(const Type& type, View input, Location location, ValidationErrors& errors) {
    Decoder decoder(errors, std::move(location));
    decoder.Append(type, input, Value());
    Value value = decoder.Take();
    return errors.empty() ? value : Value();
}

Value DecodeParameters(const std::vector<Field>& fields, View input, Location location,
                       ValidationErrors& errors) {
    Decoder decoder(errors, std::move(location));
    decoder.AppendFields(fields, input, View(), false);
    Value value = decoder.Take();
    return errors.empty() ? value : Value();
}

ValidationError MissingError(Location location, Value input) {
    return {"missing", std::move(location), "Field required", std::move(input), Value()};
}

}  // namespace yard::rest
