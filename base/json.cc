#include "base/json.h"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <unordered_map>
#include <unordered_set>
#include <vector>

// A failed RapidJSON assertion is a bug of ours, but it must not end the process.
#define RAPIDJSON_ASSERT(x)                                 \
    do {                                                    \
        if (!(x)) throw std::logic_error("rapidjson: " #x); \
    } while (false)
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <rapidjson/writer.h>

#include "base/crypto.h"
#include "base/utf8.h"

namespace yard {
namespace {

// Writes where RapidJSON's Writer wants a stream, straight into a string.
struct StringSink {
    using Ch = char;
    std::string& out;
    void Put(char c) { out.push_back(c); }
    void Flush() {}
};

// RapidJSON's ASCII encoding looks this up for its streams.
void PutUnsafe(StringSink& sink, char c) { sink.Put(c); }

using CompactWriter = rapidjson::Writer<StringSink>;
using AsciiWriter = rapidjson::Writer<StringSink, rapidjson::UTF8<>, rapidjson::ASCII<>>;

// SAX events of the reader -> builder calls, with the limits a DOM would not have.
class BuildHandler {
public:
    BuildHandler(ValueBuilder& builder, const ValueLimits& limits)
        : builder_(builder), limits_(limits) {}

    bool Null() { return builder_.Null(), Fits(); }
    bool Bool(bool value) { return builder_.Bool(value), Fits(); }
    bool Int(int value) { return builder_.Int(value), Fits(); }
    bool Uint(unsigned value) { return builder_.Int(value), Fits(); }
    bool Int64(int64_t value) { return builder_.Int(value), Fits(); }
    bool Uint64(uint64_t value) { return builder_.Uint(value), Fits(); }
    bool Double(double value) { return builder_.Double(value), Fits(); }
    bool RawNumber(const char*, rapidjson::SizeType, bool) { return false; }
    bool String(const char* text, rapidjson::SizeType size, bool) {
        return builder_.String({text, size}), IsText({text, size}) && Fits();
    }
    bool Key(const char* text, rapidjson::SizeType size, bool) {
        return builder_.Key({text, size}), IsText({text, size}) && Fits();
    }
    bool StartObject() { return builder_.BeginObject(), Deeper(); }
    bool StartArray() { return builder_.BeginArray(), Deeper(); }
    bool EndObject(rapidjson::SizeType) { return builder_.EndObject(), true; }
    bool EndArray(rapidjson::SizeType) { return builder_.EndArray(), true; }

    const std::string& broken_limit() const { return broken_limit_; }
    bool has_bad_text() const { return has_bad_text_; }

private:
    // RapidJSON can check the text's encoding, but lets a lone \udc00 become invalid UTF-8.
    bool IsText(std::string_view text) {
        has_bad_text_ = !IsUtf8(text);
        return !has_bad_text_;
    }
    bool Fits() {
        if (builder_.bytes() <= limits_.bytes_max) return true;
        broken_limit_ = "the JSON value exceeds " + std::to_string(limits_.bytes_max) + " bytes";
        return false;
    }
    bool Deeper() {
        if (builder_.depth() <= limits_.depth_max) return Fits();
        broken_limit_ = "the JSON value is nested deeper than " + std::to_string(limits_.depth_max);
        return false;
    }

    ValueBuilder& builder_;
    const ValueLimits& limits_;
    std::string broken_limit_;
    bool has_bad_text_ = false;
};

JsonError FaultOf(const rapidjson::ParseResult& parsed, const BuildHandler& handler) {
    if (!handler.broken_limit().empty()) return {parsed.Offset(), handler.broken_limit()};
    if (handler.has_bad_text()) return {parsed.Offset(), "A string is not valid Unicode."};
    return {parsed.Offset(), rapidjson::GetParseError_En(parsed.Code())};
}

bool HasDuplicateKey(View object) {
    if (object.size() <= 8) {
        const auto members = object.members();
        for (auto a = members.begin(); a != members.end(); ++a) {
            auto b = a;
            for (++b; b != members.end(); ++b) {
                if ((*a).first == (*b).first) return true;
            }
        }
        return false;
    }
    std::unordered_set<std::string_view> seen;
    for (const auto& [key, value] : object.members()) {
        if (!seen.insert(key).second) return true;
    }
    return false;
}

bool HasDuplicateKeyInside(View value) {
    for (const View item : value.items()) {
        if (HasDuplicateKeyInside(item)) return true;
    }
    for (const auto& [key, member] : value.members()) {
        if (HasDuplicateKeyInside(member)) return true;
    }
    return value.IsObject() && HasDuplicateKey(value);
}

// A copy in which of equal keys only the last stays, in the place of the first.
void CopyWithoutDuplicates(View value, ValueBuilder& out) {
    if (value.IsArray()) {
        out.BeginArray();
        for (const View item : value.items()) CopyWithoutDuplicates(item, out);
        out.EndArray();
    } else if (value.IsObject()) {
        std::vector<std::pair<std::string_view, View>> members;
        std::unordered_map<std::string_view, size_t> places;
        for (const auto& [key, member] : value.members()) {
            const auto [place, is_new] = places.try_emplace(key, members.size());
            if (is_new) members.emplace_back(key, member);
            members[place->second].second = member;
        }
        out.BeginObject();
        for (const auto& [key, member] : members) {
            out.Key(key);
            CopyWithoutDuplicates(member, out);
        }
        out.EndObject();
    } else {
        out.Copy(value);
    }
}

template <typename Writer>
void WriteScalar(View value, Writer& writer) {
    switch (value.type()) {
        case Type::kBool: writer.Bool(value.AsBool()); return;
        case Type::kNumber:
            if (value.IsInt())
                writer.Int64(value.AsInt());
            else if (value.IsInteger())
                writer.Uint64(value.AsUint());
            else if (std::isfinite(value.AsDouble()))
                writer.Double(value.AsDouble());
            else
                writer.Null();
            return;
        case Type::kString: {
            const std::string_view text = value.AsString();
            writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
            return;
        }
        case Type::kBytes: {
            const std::string text = Base64Encode(value.AsString());
            writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
            return;
        }
        default: writer.Null(); return;
    }
}

void Write(View value, CompactWriter& writer) {
    if (value.IsArray()) {
        writer.StartArray();
        for (const View item : value.items()) Write(item, writer);
        writer.EndArray();
    } else if (value.IsObject()) {
        writer.StartObject();
        for (const auto& [key, member] : value.members()) {
            writer.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
            Write(member, writer);
        }
        writer.EndObject();
    } else {
        WriteScalar(value, writer);
    }
}

void AppendAsciiScalar(View value, std::string& out) {
    StringSink sink{out};
    AsciiWriter writer(sink);
    WriteScalar(value, writer);
}

void WriteSpaced(View value, std::string& out) {
    const char* separator = "";
    if (value.IsArray()) {
        out += '[';
        for (const View item : value.items()) {
            out += separator;
            WriteSpaced(item, out);
            separator = ", ";
        }
        out += ']';
    } else if (value.IsObject()) {
        out += '{';
        for (const auto& [key, member] : value.members()) {
            out += separator;
            AppendAsciiScalar(Value::String(key), out);
            out += ": ";
            WriteSpaced(member, out);
            separator = ", ";
        }
        out += '}';
    } else {
        AppendAsciiScalar(value, out);
    }
}

}  // namespace

Result<Value> ParseJson(std::string_view text, const ValueLimits& limits, JsonError* where) {
    constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseFullPrecisionFlag;
    rapidjson::MemoryStream memory(text.data(), text.size());
    rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> stream(memory);
    ValueBuilder builder;
    BuildHandler handler(builder, limits);
    rapidjson::Reader reader;
    rapidjson::ParseResult parsed = reader.Parse<kFlags>(stream, handler);
    // A zero byte is the end of the text for RapidJSON, not for us.
    if (parsed && stream.Tell() != text.size()) {
        parsed.Set(rapidjson::kParseErrorDocumentRootNotSingular, stream.Tell());
    }
    if (!parsed) {
        JsonError fault = FaultOf(parsed, handler);
        const std::string message =
            fault.message + " (at byte " + std::to_string(fault.offset) + ")";
        if (where != nullptr) *where = std::move(fault);
        const bool is_too_large = !handler.broken_limit().empty();
        return Error{is_too_large ? ErrorKind::kTooLarge : ErrorKind::kInvalid, message, {}};
    }
    Value value = builder.Take();
    if (!HasDuplicateKeyInside(value)) return value;
    CopyWithoutDuplicates(value, builder);
    return builder.Take();
}

void AppendJson(View value, std::string& out) {
    StringSink sink{out};
    CompactWriter writer(sink);
    Write(value, writer);
}

std::string WriteJson(View value) {
    std::string out;
    AppendJson(value, out);
    return out;
}

std::string WriteJsonSpaced(View value) {
    std::string out;
    WriteSpaced(value, out);
    return out;
}

std::string JsonQuote(std::string_view text) {
    std::string out;
    StringSink sink{out};
    CompactWriter writer(sink);
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    return out;
}

}  // namespace yard
