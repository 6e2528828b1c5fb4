// JSON Schema text of fields and models. Runs while the plugin is described, never during a call.
#pragma once
#include "blk/value.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdio>
#include <deque>
#include <optional>

namespace blk {

// ---- JSON text ---------------------------------------------------------------------------------
inline std::string quote(std::string_view text) {
    std::string out = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\u%04x", c);
            out += escape;
        } else {
            out += c;
        }
    }
    return out += '"';
}

inline std::string number_text(double value) {
    if (!std::isfinite(value)) return "null";
    char digits[32];
    auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    return {digits, end};
}

inline std::string text_of(view v) {
    std::string out;
    switch (v.type()) {
        case BLK_T_BOOL: return v.as_bool() ? "true" : "false";
        case BLK_T_I64: return std::to_string(v.as_int());
        case BLK_T_U64: return std::to_string(static_cast<uint64_t>(v.token()->u.i));
        case BLK_T_F64: return number_text(v.as_double());
        case BLK_T_STR: return quote(v.as_string());
        case BLK_T_ARRAY:
            for (view item : v.items()) out += (out.empty() ? "" : ",") + text_of(item);
            return "[" + out + "]";
        case BLK_T_OBJECT:
            for (auto [key, value] : v.members()) {
                out += (out.empty() ? "" : ",") + quote(key) + ":" + text_of(value);
            }
            return "{" + out + "}";
        default: return "null";
    }
}

inline std::string text_list(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names) out += (out.empty() ? "" : ",") + quote(name);
    return "[" + out + "]";
}

// A JSON object as an ordered list of keys and JSON texts.
class schema {
public:
    schema() = default;
    explicit schema(std::string_view object_text) { merge(object_text); }

    // Replaces in place or appends.
    schema& set(std::string_view key, std::string json_text) {
        for (auto& [name, text] : members_) {
            if (name == key) return text = std::move(json_text), *this;
        }
        members_.emplace_back(key, std::move(json_text));
        return *this;
    }
    schema& erase(std::string_view key) {
        std::erase_if(members_, [&](const auto& m) { return m.first == key; });
        return *this;
    }
    bool has(std::string_view key) const {
        return std::any_of(members_.begin(), members_.end(), [&](auto& m) { return m.first == key; });
    }
    // Sets every member of a JSON object. Only splits it: `blkc manifest` checks the values.
    schema& merge(std::string_view object_text);
    std::string text() const {
        std::string out;
        for (const auto& [key, value] : members_) {
            out += (out.empty() ? "" : ",") + quote(key) + ":" + value;
        }
        return "{" + out + "}";
    }

private:
    std::vector<std::pair<std::string, std::string>> members_;
};

inline schema& schema::merge(std::string_view t) {
    auto blank = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
    auto trim = [&](std::string_view s) {
        while (!s.empty() && blank(s.front())) s.remove_prefix(1);
        while (!s.empty() && blank(s.back())) s.remove_suffix(1);
        return s;
    };
    t = trim(t);
    if (t.size() < 2 || t.front() != '{' || t.back() != '}') fail("raw() takes a JSON object");
    t = trim(t.substr(1, t.size() - 2));
    // Index of the first `stop` outside of strings and brackets.
    auto find = [&](char stop) {
        int depth = 0;
        bool quoted = false;
        for (size_t k = 0; k < t.size(); ++k) {
            char c = t[k];
            if (quoted && c == '\\') ++k;
            else if (c == '"') quoted = !quoted;
            else if (quoted) continue;
            else if (c == stop && depth == 0) return k;
            else if (c == '{' || c == '[') ++depth;
            else if (c == '}' || c == ']') --depth;
        }
        return t.size();
    };
    while (!t.empty()) {
        size_t colon = find(':');
        std::string_view key = trim(t.substr(0, colon));
        if (colon == t.size() || key.size() < 2 || key.front() != '"') {
            fail("raw() takes a JSON object; no key before \"" + std::string(t.substr(0, 20)) + "\"");
        }
        t.remove_prefix(colon + 1);
        size_t comma = find(',');
        set(key.substr(1, key.size() - 2), std::string(trim(t.substr(0, comma))));
        t.remove_prefix(std::min(t.size(), comma + 1));
        t = trim(t);
    }
    return *this;
}

// "rss_url" -> "Rss Url", "value1" -> "Value1".
inline std::string title_of(std::string_view name) {
    std::string out;
    bool start = true;
    for (char c : name) {
        bool letter = std::isalpha(static_cast<unsigned char>(c)) != 0;
        if (c == '_') out += ' ';
        else out += static_cast<char>(start ? std::toupper(c) : std::tolower(c));
        start = !letter;
    }
    return out;
}

// What a credentials field asks for.
struct credential_spec {
    std::vector<std::string> providers, types{"api_key"}, scopes;
    std::string discriminator;
    std::vector<std::pair<std::string, std::string>> mapping;
    std::string mapping_text() const;
    schema schema_of() const;
};

// ---- one property ------------------------------------------------------------------------------
class field {
public:
    field(std::string name, schema type, bool required, std::optional<std::string> default_text)
        : name_(std::move(name)), type_(std::move(type)), required_(required),
          default_(std::move(default_text)) {}

    // No title made from the name: the type has its own one inside.
    field& untitled() { return untitled_ = true, *this; }

    field& title(std::string_view v) { return key("title", quote(v)); }
    field& description(std::string_view v) { return key("description", quote(v)); }
    field& placeholder(std::string_view v) { return key("placeholder", quote(v)); }
    field& format(std::string_view v) { return key("format", quote(v)); }
    field& hidden() { return key("hidden", "true"); }
    field& secret() { return secret_ = true, *this; }
    // Default: false for a required field, else true.
    field& advanced(bool v = true) { return advanced_ = v, *this; }
    field& depends_on(const std::vector<std::string>& v) { return key("depends_on", text_list(v)); }
    field& minimum(double v) { return key("minimum", number_text(v)); }
    field& maximum(double v) { return key("maximum", number_text(v)); }
    field& min_length(int64_t v) { return key("minLength", std::to_string(v)); }
    field& max_length(int64_t v) { return key("maxLength", std::to_string(v)); }
    field& min_items(int64_t v) { return key("minItems", std::to_string(v)); }
    field& max_items(int64_t v) { return key("maxItems", std::to_string(v)); }
    // The values a text may have when they are known at run time only; else use blk::choice.
    field& choices(const std::vector<std::string>& v) { return key("enum", text_list(v)); }

    // Whether "required" lists it and what "default" says, against what the C++ type implies.
    field& required(bool v = true) {
        required_ = v;
        if (v) default_.reset();
        return *this;
    }
    field& default_json(std::string json_text) {
        required_ = false;
        return default_ = std::move(json_text), *this;
    }
    field& no_default() { return required_ = false, default_.reset(), *this; }

    // For everything else: one key, several keys, or another type than the C++ one.
    field& key(std::string_view name, std::string json_text) {
        return extra_.set(name, std::move(json_text)), *this;
    }
    field& raw(std::string_view object_text) { return extra_.merge(object_text), *this; }
    field& type(std::string_view object_text) { return type_ = schema(object_text), *this; }
    // Write neither "secret" nor "advanced", as for the members of nested models.
    field& plain() { return plain_ = true, *this; }
    // Write both, for the members of nested models whose reference has them.
    field& decorated() { return plain_ = false, *this; }

    // Credentials only.
    field& types(std::vector<std::string> v) { return need_credential()->types = std::move(v), *this; }
    field& providers(std::vector<std::string> v) {
        return need_credential()->providers = std::move(v), *this;
    }
    field& scopes(std::vector<std::string> v) { return need_credential()->scopes = std::move(v), *this; }
    field& discriminator(std::string_view field_name) {
        return need_credential()->discriminator = field_name, *this;
    }
    field& discriminator_mapping(std::vector<std::pair<std::string, std::string>> v) {
        return need_credential()->mapping = std::move(v), *this;
    }

    const std::string& name() const { return name_; }
    bool is_required() const { return required_; }
    bool is_credential() const { return credential_.has_value(); }
    field& make_credential(std::string provider) {
        credential_.emplace().providers = {std::move(provider)};
        return plain();
    }
    std::string text() const;
    std::string credential_text() const;  // an entry of the block's "credentials" list
    void check() const;

private:
    credential_spec* need_credential() {
        if (!credential_) fail("\"" + name_ + "\" is not a blk::cred, so it has no types or scopes");
        return &*credential_;
    }

    std::string name_;
    schema type_, extra_;
    bool required_ = true, secret_ = false, plain_ = false, untitled_ = false;
    std::optional<bool> advanced_;
    std::optional<std::string> default_;
    std::optional<credential_spec> credential_;
};

inline std::string credential_spec::mapping_text() const {
    schema s;
    for (const auto& [value, provider] : mapping) s.set(value, quote(provider));
    return s.text();
}

inline schema credential_spec::schema_of() const {
    auto literal = [](const std::vector<std::string>& values, bool as_enum) {
        std::string out;
        for (const std::string& value : values) {
            std::string upper = value;
            for (char& c : upper) c = static_cast<char>(std::toupper(c));
            out += out.empty() ? "" : ", ";
            out += as_enum ? "<ProviderName." + upper + ": '" + value + "'>" : "'" + value + "'";
        }
        return "Literal[" + out + "]";
    };
    auto member = [](const char* title, const std::vector<std::string>& values) {
        schema s;
        s.set("title", quote(title));
        if (values.size() == 1) s.set("const", quote(values[0]));
        else s.set("enum", text_list(values));
        return s.set("type", "\"string\"").text();
    };
    schema properties(R"({"id":{"title":"Id","type":"string"},
        "title":{"anyOf":[{"type":"string"},{"type":"null"}],"default":null,"title":"Title"}})");
    properties.set("provider", member("Provider", providers)).set("type", member("Type", types));
    schema s;
    s.set("properties", properties.text());
    s.set("required", R"(["id","provider","type"])");
    s.set("title", quote("CredentialsMetaInput[" + literal(providers, true) + ", " +
                         literal(types, false) + "]"));
    s.set("type", "\"object\"");
    s.set("credentials_provider", text_list(providers));
    s.set("credentials_types", text_list(types));
    if (!scopes.empty()) s.set("credentials_scopes", text_list(scopes));
    if (!discriminator.empty()) s.set("discriminator", quote(discriminator));
    if (!mapping.empty()) s.set("discriminator_mapping", mapping_text());
    return s;
}

inline std::string field::credential_text() const {
    auto list_or_null = [](const auto& v) { return v.empty() ? "null" : text_list(v); };
    const credential_spec& c = *credential_;
    schema s;
    s.set("field", quote(name_)).set("required", required_ ? "true" : "false");
    s.set("providers", text_list(c.providers)).set("types", text_list(c.types));
    s.set("scopes", list_or_null(c.scopes));
    s.set("discriminator", c.discriminator.empty() ? "null" : quote(c.discriminator));
    s.set("discriminator_mapping", c.mapping.empty() ? "null" : c.mapping_text());
    return s.text();
}

inline std::string field::text() const {
    schema s = credential_ ? credential_->schema_of() : type_;
    if (!untitled_ && !s.has("title")) s.set("title", quote(title_of(name_)));
    if (default_) s.set("default", *default_);
    if (!plain_) {
        s.set("secret", secret_ ? "true" : "false");
        s.set("advanced", advanced_.value_or(!required_) ? "true" : "false");
    }
    return s.merge(extra_.text()).text();
}

inline void field::check() const {
    bool named = name_ == "credentials" || name_.ends_with("_credentials");
    if (credential_.has_value() != named) {
        fail("\"" + name_ + "\": credentials, and nothing else, are named credentials or *_credentials");
    }
    if (credential_ && credential_->providers.size() > 1 && credential_->discriminator.empty()) {
        fail("\"" + name_ + "\" has several providers and needs a discriminator()");
    }
}

// ---- an object type with named fields ------------------------------------------------------------
class model {
public:
    explicit model(std::string title) : title_(std::move(title)) {}

    model& description(std::string_view v) { return description_ = v, *this; }
    // A field by its C++ name. One that is not in BLK_IN / BLK_OUT / BLK_MODEL fails the manifest.
    field& at(std::string_view name) {
        for (field& f : fields_) {
            if (f.name() == name) return f;
        }
        fail(title_ + " has no field \"" + std::string(name) + "\"");
    }
    field& add(field f, bool first = false) {
        return first ? fields_.emplace_front(std::move(f)) : fields_.emplace_back(std::move(f));
    }
    bool has(std::string_view name) const {
        return std::any_of(fields_.begin(), fields_.end(), [&](auto& f) { return f.name() == name; });
    }
    const std::deque<field>& fields() const { return fields_; }

    schema schema_of() const {
        schema properties, s;
        std::vector<std::string> required;
        for (const field& f : fields_) {
            properties.set(f.name(), f.text());
            if (f.is_required()) required.push_back(f.name());
        }
        s.set("properties", properties.text()).set("title", quote(title_));
        s.set("type", "\"object\"");
        if (!required.empty()) s.set("required", text_list(required));
        if (!description_.empty()) s.set("description", quote(description_));
        return s;
    }

private:
    std::string title_, description_;
    std::deque<field> fields_;  // at() hands out references
};

}  // namespace blk
