#include "host/model/coercion.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "base/json.h"
#include "host/model/python_text.h"

namespace yard::model {
namespace {

using Kind = DeclaredType::Kind;

constexpr std::string_view kSpace = " \t\n\r\f\v";

std::string_view Trim(std::string_view text) {
    size_t first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string Lower(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return lower;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Removes underscores between digits; nothing if one is anywhere else.
std::optional<std::string> WithoutUnderscores(std::string_view text) {
    std::string out;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '_') {
            out += text[i];
        } else if (i == 0 || i + 1 == text.size() || !IsDigit(text[i - 1]) ||
                   !IsDigit(text[i + 1])) {
            return std::nullopt;
        }
    }
    return out;
}

// Numbers as Python's float() reads them.
std::optional<double> ParseFloat(std::string_view text) {
    std::optional<std::string> cleaned = WithoutUnderscores(Trim(text));
    if (!cleaned || cleaned->empty()) return std::nullopt;
    std::string_view digits = *cleaned;
    double sign = digits[0] == '-' ? -1 : 1;
    if (digits[0] == '-' || digits[0] == '+') digits.remove_prefix(1);
    std::string word = Lower(digits);
    if (word == "inf" || word == "infinity") return sign * std::numeric_limits<double>::infinity();
    if (word == "nan") return std::numeric_limits<double>::quiet_NaN();
    if (digits.empty() || !(IsDigit(digits[0]) || digits[0] == '.')) return std::nullopt;
    double value = 0;
    auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (end != digits.data() + digits.size()) return std::nullopt;
    if (fault == std::errc::result_out_of_range) value = std::strtod(word.c_str(), nullptr);
    if (fault == std::errc::invalid_argument) return std::nullopt;
    return sign * value;
}

// The number a value stands for; 0 for what is none.
double NumberOf(View value) {
    if (value.IsNumber()) return value.AsDouble();
    if (value.IsBool()) return value.AsBool() ? 1 : 0;
    if (value.IsArray() || value.IsObject()) return static_cast<double>(value.size());
    if (value.IsString()) return ParseFloat(value.AsString()).value_or(0);
    return 0;
}

Error ConversionError(View value, const DeclaredType& type) {
    return Invalid("Failed to convert " + PythonStr(value) + " to " + type.PythonName());
}

Result<Ok> AppendInteger(View value, const DeclaredType& type, ValueBuilder& out) {
    if (value.IsInteger() || value.IsBool()) {
        out.Copy(value);
        return Ok{};
    }
    double number = std::trunc(NumberOf(value));
    if (std::isinf(number)) return ConversionError(value, type);
    constexpr double kInt64End = 9223372036854775808.0;
    if (std::isnan(number)) {
        out.Int(0);
    } else if (number >= -kInt64End && number < kInt64End) {
        out.Int(static_cast<int64_t>(number));
    } else if (number >= 0 && number < 2 * kInt64End) {
        out.Uint(static_cast<uint64_t>(number));
    } else {
        out.Double(number);  // Whole, and as exact as it was.
    }
    return Ok{};
}

void AppendBoolean(View value, ValueBuilder& out) {
    if (value.IsString()) {
        std::string text = Lower(value.AsString());
        out.Bool(text == "true" || text == "1");
    } else {
        out.Bool(PythonTruth(value));
    }
}

void AppendText(View value, ValueBuilder& out) {
    if (value.IsString()) {
        out.Copy(value);
    } else {
        out.String(PythonJson(value));
    }
}

const DeclaredType& ElementType(const DeclaredType& type, size_t index) {
    static const DeclaredType kAny;
    if (type.members.empty()) return kAny;
    return type.kind == Kind::kTuple ? type.members[index] : type.members[0];
}

bool AcceptsElements(View value, const DeclaredType& type) {
    if (!value.IsArray()) return false;
    if (type.members.empty()) return true;
    if (type.kind == Kind::kTuple && value.size() > type.members.size()) return false;
    size_t index = 0;
    for (View item : value.items()) {
        if (!ElementType(type, index++).Accepts(item)) return false;
    }
    return true;
}

bool AcceptsMembers(View value, const DeclaredType& type) {
    if (!value.IsObject()) return false;
    if (type.members.empty()) return true;
    for (auto [key, member] : value.members()) {
        if (!type.members[0].Accepts(member)) return false;
    }
    return true;
}

Value Pair(std::string_view key, View value) {
    return Value::Array({Value::String(key), Value::Copy(value)});
}

std::vector<Value> Characters(std::string_view text) {
    std::vector<Value> characters;
    for (size_t first = 0; first < text.size();) {
        size_t last = first + 1;
        while (last < text.size() && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80) {
            ++last;
        }
        characters.push_back(Value::String(text.substr(first, last - first)));
        first = last;
    }
    return characters;
}

// The items a text stands for where a list is declared.
Value ListOfText(std::string_view text) {
    std::string_view trimmed = Trim(text);
    if (trimmed.starts_with('[') && trimmed.ends_with(']')) {
        Result<Value> parsed = ParseJson(trimmed);
        if (parsed) return std::move(parsed).value();
    }
    return Value::Array({Value::String(trimmed)});
}

// A value as an array, before its elements are converted.
Value AsList(View value, Kind kind) {
    if (value.IsString()) {
        return kind == Kind::kTuple ? Value::Array(Characters(value.AsString()))
                                    : ListOfText(value.AsString());
    }
    if (!value.IsObject()) return Value::Array({Value::Copy(value)});
    std::vector<Value> pairs;
    for (auto [key, member] : value.members()) pairs.push_back(Pair(key, member));
    return Value::Array(pairs);
}

Result<Ok> AppendElements(View array, const DeclaredType& type, ValueBuilder& out) {
    out.BeginArray();
    size_t index = 0;
    for (View item : array.items()) {
        // A tuple of several types ends with the last of them.
        if (type.kind == Kind::kTuple && !type.members.empty() && index == type.members.size()) {
            break;
        }
        TRY(AppendConverted(item, ElementType(type, index), out));
        ++index;
    }
    out.EndArray();
    return Ok{};
}

Result<Ok> AppendList(View value, const DeclaredType& type, ValueBuilder& out) {
    if (value.IsArray()) return AppendElements(value, type, out);
    Value list = AsList(value, type.kind);
    return AppendElements(list, type, out);
}

Value ObjectOfText(View text) {
    Result<Value> parsed = ParseJson(text.AsString());
    if (!parsed) return Value::Object({{"value", Value::Copy(text)}});
    if (parsed.value()->IsObject()) return std::move(parsed).value();
    return Value::Object({{"value", parsed.value()}});
}

Value AsObject(View value) {
    if (value.IsString()) return ObjectOfText(value);
    if (!value.IsArray()) return Value::Object({{"value", Value::Copy(value)}});
    ValueBuilder object;
    object.BeginObject();
    size_t index = 0;
    for (View item : value.items()) object.Key(std::to_string(index++)).Copy(item);
    object.EndObject();
    return object.Take();
}

Result<Ok> AppendObject(View value, const DeclaredType& type, ValueBuilder& out) {
    Value made = value.IsObject() ? Value() : AsObject(value);
    View object = value.IsObject() ? value : made.view();
    out.BeginObject();
    for (auto [key, member] : object.members()) {
        out.Key(key);
        TRY(AppendConverted(member, ElementType(type, 0), out));
    }
    out.EndObject();
    return Ok{};
}

// The first alternative that takes the value, which is mostly the first of all.
Result<Ok> AppendUnion(View value, const DeclaredType& type, ValueBuilder& out) {
    for (const DeclaredType& member : type.members) {
        Result<Value> converted = Convert(value, member);
        if (!converted) continue;
        out.Copy(converted.value());
        return Ok{};
    }
    return ConversionError(value, type);
}

DeclaredType UnionOf(View alternatives) {
    DeclaredType type;
    type.kind = Kind::kUnion;
    for (View alternative : alternatives.items()) {
        if (alternative["type"].StringOr("") == "null" || alternative.StringOr("") == "null") {
            type.nullable = true;
        } else if (alternative.IsString()) {
            // `"type": ["string", "null"]`
            type.members.push_back(
                DeclaredType::FromSchema(Value::Object({{"type", Value::Copy(alternative)}})));
        } else {
            type.members.push_back(DeclaredType::FromSchema(alternative));
        }
    }
    if (type.members.size() > 1) return type;
    DeclaredType only = type.members.empty() ? DeclaredType{} : std::move(type.members[0]);
    only.nullable = only.nullable || type.nullable;
    return only;
}

DeclaredType ArrayType(View schema) {
    DeclaredType type;
    type.kind = schema["prefixItems"].IsArray() ? Kind::kTuple : Kind::kList;
    for (View item : schema["prefixItems"].items()) {
        type.members.push_back(DeclaredType::FromSchema(item));
    }
    if (type.kind == Kind::kList && schema["items"].IsObject()) {
        type.members.push_back(DeclaredType::FromSchema(schema["items"]));
    }
    return type;
}

DeclaredType ObjectType(View schema) {
    DeclaredType type;
    if (schema.Has("properties")) return type;
    type.kind = Kind::kObject;
    if (schema["additionalProperties"].IsObject()) {
        type.members.push_back(DeclaredType::FromSchema(schema["additionalProperties"]));
    }
    return type;
}

}  // namespace

DeclaredType DeclaredType::FromSchema(View schema) {
    DeclaredType type;
    if (schema.Has("const")) return type;
    for (const char* keyword : {"anyOf", "oneOf"}) {
        if (schema[keyword].IsArray()) return UnionOf(schema[keyword]);
    }
    View name = schema["type"];
    if (name.IsArray()) return UnionOf(name);
    std::string_view text = name.StringOr("");
    if (text == "array") return ArrayType(schema);
    if (text == "object") return ObjectType(schema);
    if (text == "string") type.kind = Kind::kString;
    // Other enums are classes of their own, which nothing is converted to.
    if (schema.Has("enum")) return type;
    if (text == "integer") type.kind = Kind::kInteger;
    if (text == "number") type.kind = Kind::kNumber;
    if (text == "boolean") type.kind = Kind::kBoolean;
    return type;
}

bool DeclaredType::Accepts(View value) const {
    if (nullable && value.IsNull()) return true;
    switch (kind) {
        case Kind::kAny: return true;
        case Kind::kString: return value.IsString();
        case Kind::kInteger: return value.IsInteger() || value.IsBool();
        case Kind::kNumber: return value.IsDouble();
        case Kind::kBoolean: return value.IsBool();
        case Kind::kList:
        case Kind::kTuple: return AcceptsElements(value, *this);
        case Kind::kObject: return AcceptsMembers(value, *this);
        case Kind::kUnion: return members[0].Accepts(value);
    }
    return false;
}

std::string DeclaredType::PythonName() const {
    std::string parts;
    for (const DeclaredType& member : members) {
        if (!parts.empty()) parts += kind == Kind::kUnion ? " | " : ", ";
        parts += member.PythonName();
    }
    switch (kind) {
        case Kind::kAny: return "typing.Any";
        case Kind::kString: return "<class 'str'>";
        case Kind::kInteger: return "<class 'int'>";
        case Kind::kNumber: return "<class 'float'>";
        case Kind::kBoolean: return "<class 'bool'>";
        case Kind::kList: return "list[" + parts + ']';
        case Kind::kObject: return "dict[str, " + parts + ']';
        case Kind::kTuple: return "tuple[" + parts + ']';
        case Kind::kUnion: return parts;
    }
    return {};
}

Result<Ok> AppendConverted(View value, const DeclaredType& type, ValueBuilder& out) {
    if (type.kind != Kind::kUnion && type.Accepts(value)) {
        out.Copy(value);
        return Ok{};
    }
    switch (type.kind) {
        case Kind::kAny: break;
        case Kind::kString: AppendText(value, out); return Ok{};
        case Kind::kInteger: return AppendInteger(value, type, out);
        case Kind::kNumber: out.Double(NumberOf(value)); return Ok{};
        case Kind::kBoolean: AppendBoolean(value, out); return Ok{};
        case Kind::kList:
        case Kind::kTuple: return AppendList(value, type, out);
        case Kind::kObject: return AppendObject(value, type, out);
        case Kind::kUnion:
            // Null stays what it is even where it is no alternative.
            if (!value.IsNull()) return AppendUnion(value, type, out);
            break;
    }
    out.Copy(value);
    return Ok{};
}

Result<Value> Convert(View value, const DeclaredType& type) {
    ValueBuilder out;
    TRY(AppendConverted(value, type, out));
    return out.Take();
}

}  // namespace yard::model
