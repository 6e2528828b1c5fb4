#include "config/yaml_file.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <set>

#include "base/utf8.h"
#include "config/settings_table.h"

namespace yard::config {
namespace {

constexpr size_t kFileBytesMax = 1 << 20;
constexpr int kDepthMax = 32;
constexpr int kNodesMax = 100'000;  // Counted with aliases expanded: they can double at each level.

bool IsSection(const std::string& key) {
    const std::string prefix = key + '.';
    return std::any_of(SettingsTable().begin(), SettingsTable().end(),
                       [&](const Setting& setting) { return setting.key.starts_with(prefix); });
}

template <typename Number>
bool ParseWhole(const std::string& text, Number& number) {
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, number);
    return result.ec == std::errc{} && result.ptr == end;
}

// A plain scalar by the YAML 1.2 core schema, except that booleans are lower case. Quoted ones are
// text: yaml-cpp tags them "!".
Value ScalarValue(const YAML::Node& node) {
    const std::string& text = node.Scalar();
    int64_t integer = 0;
    double real = 0;
    if (node.Tag() == "!") return Value::String(text);
    if (text == "true" || text == "false") return Value::Bool(text == "true");
    if (ParseWhole(text, integer)) return Value::Int(integer);
    const bool numeric = text.find_first_of("0123456789") != std::string::npos &&
                         text.find_first_not_of("0123456789.eE+-") == std::string::npos;
    if (numeric && ParseWhole(text, real)) return Value::Double(real);
    return Value::String(text);
}

class Reader {
public:
    explicit Reader(const std::string& file) : file_(file) {}

    Result<std::vector<YamlEntry>> Run(const YAML::Node& root) {
        if (root.IsNull()) return std::move(entries_);
        if (!root.IsMap()) return Fault(root, "the file must be a map of settings");
        TRY(Section(root, "", 1));
        return std::move(entries_);
    }

private:
    Error Fault(const YAML::Node& node, const std::string& what) const {
        return Invalid(file_ + ":" + std::to_string(node.Mark().line + 1) + ": " + what);
    }

    Result<Ok> Count(const YAML::Node& node, int depth) {
        if (depth > kDepthMax) return Fault(node, "the settings are nested too deep");
        if (++nodes_ > kNodesMax) return Fault(node, "there are too many values");
        return Ok{};
    }

    // The key of one member, which must be text and new.
    Result<std::string> Key(const YAML::Node& key, std::set<std::string>& seen) const {
        if (!key.IsScalar()) return Fault(key, "a key must be text");
        if (!seen.insert(key.Scalar()).second) {
            return Fault(key, "the key '" + key.Scalar() + "' occurs twice in its map");
        }
        return key.Scalar();
    }

    Result<Ok> Section(const YAML::Node& map, const std::string& prefix, int depth) {
        TRY(Count(map, depth));
        std::set<std::string> seen;
        for (const auto& member : map) {
            const std::string key = prefix + TRY(Key(member.first, seen));
            const int line = member.first.Mark().line + 1;
            if (!IsSection(key)) {
                Value value = TRY(Convert(member.second, depth + 1));
                entries_.push_back({key, std::move(value), false, line});
            } else if (member.second.IsMap()) {
                TRY(Section(member.second, key + '.', depth + 1));
            } else if (!member.second.IsNull()) {
                entries_.push_back({key, Value(), true, line});
            }
        }
        return Ok{};
    }

    Result<Value> Convert(const YAML::Node& node, int depth) {
        ValueBuilder builder;
        TRY(Append(node, depth, builder));
        return builder.Take();
    }

    Result<Ok> Append(const YAML::Node& node, int depth, ValueBuilder& out) {
        TRY(Count(node, depth));
        if (node.IsScalar()) {
            out.Copy(ScalarValue(node));
        } else if (node.IsSequence()) {
            out.BeginArray();
            for (const auto& item : node) TRY(Append(item, depth + 1, out));
            out.EndArray();
        } else if (node.IsMap()) {
            std::set<std::string> seen;
            out.BeginObject();
            for (const auto& member : node) {
                out.Key(TRY(Key(member.first, seen)));
                TRY(Append(member.second, depth + 1, out));
            }
            out.EndObject();
        } else {
            out.Null();
        }
        return Ok{};
    }

    const std::string& file_;
    std::vector<YamlEntry> entries_;
    int nodes_ = 0;
};

Result<std::string> ReadText(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return NotFound("cannot read " + file + ": " + std::strerror(errno));
    std::string text(kFileBytesMax + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (stream.bad() || (stream.fail() && !stream.eof())) {
        return Internal("cannot read " + file + ": " + std::strerror(errno));
    }
    text.resize(static_cast<size_t>(stream.gcount()));
    if (text.size() > kFileBytesMax) return Invalid(file + " is larger than 1 MiB");
    if (!IsUtf8(text)) return Invalid(file + " is not UTF-8");
    return text;
}

}  // namespace

Result<std::vector<YamlEntry>> ReadYamlFile(const std::string& file) {
    const std::string text = TRY(ReadText(file));
    try {
        return Reader(file).Run(YAML::Load(text));
    } catch (const YAML::Exception& e) {
        return Invalid(file + ":" + std::to_string(e.mark.line + 1) + ": " + e.msg);
    }
}

}  // namespace yard::config
