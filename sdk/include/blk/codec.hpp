// One place per C++ type: its JSON Schema, how it is read from a value and how it is written.
// Specialize blk::codec<T> with these members for a type of your own:
//   static schema type();                     the JSON Schema
//   static bool fits(view);                   whether get() would take it; picks a variant's member
//   static void get(view, T&);                throws blk::error(BLK_E_TYPE, "is not ...")
//   static void put(tape&, const T&);         or: static blk_tok token(const T&) for one token
#pragma once
#include "blk/schema.hpp"

#include <array>
#include <concepts>
#include <limits>
#include <map>
#include <type_traits>
#include <variant>

namespace blk {

template <class T>
struct codec;

template <class T>
concept scalar = requires(const T& v) {
    { codec<T>::token(v) } -> std::same_as<blk_tok>;
};

template <class T>
void put(tape& t, const T& v) {
    if constexpr (scalar<T>) t.append(codec<T>::token(v));
    else codec<T>::put(t, v);
}
template <class T>
tape& tape::value(const T& v) {
    return put(*this, v), *this;
}
// Texts and json inside T borrow from the value.
template <class T>
T as(view v) {
    T result{};
    codec<T>::get(v, result);
    return result;
}

inline schema type_named(std::string_view name) { return schema().set("type", quote(name)); }

// ---- scalars -----------------------------------------------------------------------------------
template <>
struct codec<bool> {
    static schema type() { return type_named("boolean"); }
    static bool fits(view v) { return v.is_bool(); }
    static void get(view v, bool& o) { o = v.as_bool(); }
    static blk_tok token(bool v) { return bool_token(v); }
};

template <std::integral T>
struct codec<T> {
    static schema type() { return type_named("integer"); }
    static bool fits(view v) { return v.is_int(); }
    static void get(view v, T& o) {
        int64_t n = v.as_int();
        if (!std::in_range<T>(n)) throw error(BLK_E_TYPE, "is out of range");
        o = static_cast<T>(n);
    }
    static blk_tok token(T v) {
        if (!std::in_range<int64_t>(v)) throw error(BLK_E_TYPE, "an integer is out of range");
        return int_token(static_cast<int64_t>(v));
    }
};

template <std::floating_point T>
struct codec<T> {
    static schema type() { return type_named("number"); }
    static bool fits(view v) { return v.is_number(); }
    static void get(view v, T& o) { o = static_cast<T>(v.as_double()); }
    static blk_tok token(T v) { return double_token(static_cast<double>(v)); }
};

template <class T>
    requires std::same_as<T, std::string> || std::same_as<T, std::string_view> ||
             std::same_as<T, const char*>
struct codec<T> {
    static schema type() { return type_named("string"); }
    static bool fits(view v) { return v.is_string(); }
    static void get(view v, T& o) { o = v.as_string(); }
    static blk_tok token(const T& v) { return string_token(v); }
};

// A string literal as a template argument.
template <size_t N>
struct lit {
    char text[N]{};
    constexpr lit(const char (&s)[N]) {
        for (size_t k = 0; k < N; ++k) text[k] = s[k];
    }
    constexpr std::string_view sv() const { return {text, N - 1}; }
};

// A text with a "format" of JSON Schema: formatted<"date-time">, formatted<"file">, ...
template <lit Format>
struct formatted : std::string {
    using std::string::string;
    formatted(std::string v) : std::string(std::move(v)) {}
};
template <lit Format>
struct codec<formatted<Format>> : codec<std::string> {
    static schema type() { return type_named("string").set("format", quote(Format.sv())); }
};

// The tag of a discriminated union's member: always this text.
template <lit Text>
struct constant {
    static constexpr std::string_view text() { return Text.sv(); }
};
template <lit Text>
struct codec<constant<Text>> {
    static schema type() { return type_named("string").set("const", quote(Text.sv())); }
    static bool fits(view v) { return v.is_string() && v.as_string() == Text.sv(); }
    static void get(view v, constant<Text>&) {
        if (!fits(v)) throw error(BLK_E_TYPE, "is not " + quote(Text.sv()));
    }
    static blk_tok token(const constant<Text>&) { return string_token(Text.sv()); }
};

// One of a few texts. Title is the schema's title, "" = made from the field's name.
//   blk::choice<"HttpMethod", "GET", "POST"> method;
//   method.is<"GET">()        does not compile for a text that is not a choice
template <lit Title, lit... Names>
class choice {
public:
    static constexpr std::array<std::string_view, sizeof...(Names)> names{Names.sv()...};

    choice() = default;  // the first
    choice(std::string_view name) {
        while (index_ < names.size() && names[index_] != name) ++index_;
        if (index_ == names.size()) throw error(BLK_E_TYPE, "is not one of the choices: " + quote(name));
    }
    choice(const char* name) : choice(std::string_view(name)) {}

    template <lit Name>
    bool is() const {
        static_assert(((Names.sv() == Name.sv()) || ...), "not one of the choices");
        return text() == Name.sv();
    }
    std::string_view text() const { return names[index_]; }
    size_t index() const { return index_; }
    bool operator==(const choice&) const = default;

private:
    size_t index_ = 0;
};
template <lit Title, lit... Names>
struct codec<choice<Title, Names...>> {
    using type_t = choice<Title, Names...>;
    static schema type() {
        std::vector<std::string> names(type_t::names.begin(), type_t::names.end());
        schema s;
        if (names.size() == 1) s.set("const", quote(names[0]));
        else s.set("enum", text_list(names));
        if (!Title.sv().empty()) s.set("title", quote(Title.sv()));
        return s.set("type", "\"string\"");
    }
    static bool fits(view v) {
        return v.is_string() && std::find(type_t::names.begin(), type_t::names.end(),
                                          v.as_string()) != type_t::names.end();
    }
    static void get(view v, type_t& o) { o = type_t(v.as_string()); }
    static blk_tok token(const type_t& v) { return string_token(v.text()); }
};

// A credential: only a handle, for the host to use in requests. The secret never enters a plugin.
template <lit Provider>
struct cred {
    uint64_t handle = 0;  // 0 = none given
};
template <lit Provider>
struct codec<cred<Provider>> {
    static schema type() { return type_named("object"); }  // field::text() writes the real one
    static bool fits(view v) { return v.type() == BLK_T_CRED; }
    static void get(view v, cred<Provider>& o) {
        if (!fits(v)) throw error(BLK_E_TYPE, "is not a credential");
        o.handle = static_cast<uint64_t>(v.token()->u.i);
    }
};

// ---- any value -----------------------------------------------------------------------------------
template <>
struct codec<json> {
    static schema type() { return {}; }
    static bool fits(view) { return true; }
    static void get(view v, json& o) { o = json::borrow(v); }
    static void put(tape& t, const json& v) { t.copy(v); }
};
template <>
struct codec<view> {
    static schema type() { return {}; }
    static bool fits(view) { return true; }
    static void get(view v, view& o) { o = v; }
    static void put(tape& t, view v) { t.copy(v); }
};

inline const blk_tok empty_object{BLK_T_OBJECT, 0, 0, 0, {1}};
inline const blk_tok empty_array{BLK_T_ARRAY, 0, 0, 0, {1}};

// Any object, any array.
struct dict : json {
    dict() : json(borrow(view(&empty_object))) {}
    dict(const json& v) : json(v) {
        if (!v.is_object()) throw error(BLK_E_TYPE, "is not an object");
    }
    dict(const tape& v) : dict(json(v)) {}
};
struct list : json {
    list() : json(borrow(view(&empty_array))) {}
    list(const json& v) : json(v) {
        if (!v.is_array()) throw error(BLK_E_TYPE, "is not a list");
    }
    list(const tape& v) : list(json(v)) {}
};
template <>
struct codec<dict> : codec<json> {
    static schema type() { return type_named("object").set("additionalProperties", "true"); }
    static bool fits(view v) { return v.is_object(); }
    static void get(view v, dict& o) { o = dict(json::borrow(v)); }
};
template <>
struct codec<list> : codec<json> {
    static schema type() { return type_named("array").set("items", "{}"); }
    static bool fits(view v) { return v.is_array(); }
    static void get(view v, list& o) { o = list(json::borrow(v)); }
};

// ---- containers ----------------------------------------------------------------------------------
template <class T>
struct codec<std::vector<T>> {
    static schema type() { return type_named("array").set("items", codec<T>::type().text()); }
    static bool fits(view v) { return v.is_array(); }
    static void get(view v, std::vector<T>& o) {
        if (!fits(v)) throw error(BLK_E_TYPE, "is not a list");
        o.clear();
        o.reserve(v.size());
        for (view item : v.items()) {
            T element{};
            codec<T>::get(item, element);
            o.push_back(std::move(element));
        }
    }
    static void put(tape& t, const std::vector<T>& v) {
        t.array();
        for (const auto& item : v) blk::put<T>(t, item);
        t.end();
    }
};

template <class T>
struct codec<std::map<std::string, T>> {
    static schema type() {
        return type_named("object").set("additionalProperties", codec<T>::type().text());
    }
    static bool fits(view v) { return v.is_object(); }
    static void get(view v, std::map<std::string, T>& o) {
        if (!fits(v)) throw error(BLK_E_TYPE, "is not an object");
        o.clear();
        for (auto [key, value] : v.members()) codec<T>::get(value, o[std::string(key)]);
    }
    static void put(tape& t, const std::map<std::string, T>& v) {
        t.object();
        for (const auto& [key, value] : v) blk::put(t.key(key), value);
        t.end();
    }
};

template <class T>
struct codec<std::optional<T>> {
    static schema type() {
        return schema().set("anyOf", "[" + codec<T>::type().text() + ",{\"type\":\"null\"}]");
    }
    static bool fits(view v) { return v.is_null() || codec<T>::fits(v); }
    static void get(view v, std::optional<T>& o) {
        if (v.is_null()) o.reset();
        else codec<T>::get(v, o.emplace());
    }
    static void put(tape& t, const std::optional<T>& v) {
        if (v) blk::put(t, *v);
        else t.null();
    }
};

// The first member that fits the value.
template <class... T>
struct codec<std::variant<T...>> {
    static schema type() {
        std::string members;
        ((members += (members.empty() ? "" : ",") + codec<T>::type().text()), ...);
        return schema().set("anyOf", "[" + members + "]");
    }
    static bool fits(view v) { return (codec<T>::fits(v) || ...); }
    static void get(view v, std::variant<T...>& o) {
        if (!(take<T>(v, o) || ...)) throw error(BLK_E_TYPE, "has none of the possible types");
    }
    static void put(tape& t, const std::variant<T...>& v) {
        std::visit([&](const auto& member) { blk::put(t, member); }, v);
    }

private:
    template <class M>
    static bool take(view v, std::variant<T...>& o) {
        if (!codec<M>::fits(v)) return false;
        codec<M>::get(v, o.template emplace<M>());
        return true;
    }
};

// ---- fields with a default -----------------------------------------------------------------------
struct unset_t {};
inline constexpr unset_t unset;  // starts as T{} and shows no default

// A field that may be left out: blk::defaulted<double> temperature = 0.7;
// It has no default constructor, so forgetting the value does not compile.
template <class T>
class defaulted {
    template <class U>
    static constexpr bool sound = std::is_constructible_v<T, U> &&
        !std::is_same_v<std::remove_cvref_t<U>, defaulted> &&
        (!std::is_same_v<T, bool> || std::is_same_v<std::remove_cvref_t<U>, bool>) &&
        (!std::is_integral_v<T> || std::is_integral_v<std::remove_cvref_t<U>>);

public:
    template <class U>
        requires sound<U>
    defaulted(U&& v) : value_(std::forward<U>(v)) {}
    template <class C = T>
        requires std::is_constructible_v<C, std::initializer_list<typename C::value_type>>
    defaulted(std::initializer_list<typename C::value_type> v) : value_(v) {}
    defaulted(unset_t) : shown_(false) {}

    operator const T&() const { return value_; }
    const T& operator*() const { return value_; }
    const T* operator->() const { return &value_; }
    T& operator*() { return value_; }
    T* operator->() { return &value_; }
    bool shown() const { return shown_; }  // whether the schema has a "default"

private:
    T value_{};
    bool shown_ = true;
};
template <class T>
struct codec<defaulted<T>> {
    static schema type() { return codec<T>::type(); }
    static bool fits(view v) { return codec<T>::fits(v); }
    static void get(view v, defaulted<T>& o) { codec<T>::get(v, *o); }
    static void put(tape& t, const defaulted<T>& v) { blk::put(t, *v); }
};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_defaulted = false;
template <class T>
inline constexpr bool is_defaulted<defaulted<T>> = true;
template <class T>
inline constexpr bool is_defaulted<std::optional<T>> = true;

// ---- structs with BLK_IN or BLK_MODEL --------------------------------------------------------------
template <class T>
concept record = requires(T& t) { T::blk_visit(t, [](const char*, auto&) {}); };

template <class T>
std::string default_text(const T& v) {
    tape t;
    put(t, v);
    return text_of(t.as_view());
}

template <class T>
field typed_field(const char* name, bool required, std::optional<std::string> default_json) {
    field f(name, codec<T>::type(), required, std::move(default_json));
    // "T or null" of a titled T, a struct or a choice, has the title inside its anyOf.
    if constexpr (is_optional<T>) {
        if (codec<typename T::value_type>::type().has("title")) f.untitled();
    }
    return f;
}

// The field of a schema for a member that has this value in a default-constructed struct.
template <class T>
field make_field(const char* name, const T& initial) {
    if constexpr (is_optional<T>) {
        return typed_field<T>(name, false, default_text(initial));
    } else if constexpr (is_defaulted<T>) {
        std::optional<std::string> shown;
        if (initial.shown()) shown = default_text(*initial);
        return typed_field<std::remove_cvref_t<decltype(*initial)>>(name, false, shown);
    } else {
        if constexpr (std::equality_comparable<T>) {
            if (!(initial == T{})) {
                fail("\"" + std::string(name) +
                     "\" is required but has an initializer: declare it blk::defaulted<...>");
            }
        }
        return typed_field<T>(name, true, std::nullopt);
    }
}
template <lit Provider>
field make_field(const char* name, const cred<Provider>&) {
    return field(name, {}, true, std::nullopt).make_credential(std::string(Provider.sv()));
}
template <lit Provider>
field make_field(const char* name, const std::optional<cred<Provider>>&) {
    return field(name, {}, false, std::nullopt).make_credential(std::string(Provider.sv()));
}

template <record T>
model make_model(bool nested) {
    model m{T::blk_title};
    T value{};
    T::blk_visit(value, [&](const char* name, auto& member) {
        field f = make_field(name, member);
        m.add(nested ? f.plain() : f);
    });
    if constexpr (requires { T::describe(m); }) T::describe(m);
    return m;
}

template <record T>
struct codec<T> {
    static schema type() { return make_model<T>(true).schema_of(); }
    static bool fits(view v) { return v.is_object(); }
    static void get(view v, T& o) {
        if (!fits(v)) throw error(BLK_E_TYPE, "is not an object");
        T::blk_visit(o, [&](const char* name, auto& member) { get_member(name, v[name], member); });
    }
    static void put(tape& t, const T& v) {
        t.object();
        T::blk_visit(v, [&](const char* name, const auto& member) { blk::put(t.key(name), member); });
        t.end();
    }

private:
    template <class M>
    static void get_member(const char* name, view v, M& member) {
        if (is_defaulted<M> && v.is_null() && !codec<M>::fits(v)) return;  // keeps the default
        if (!v.present()) {
            if (is_defaulted<M>) return;
            throw error(BLK_E_TYPE, std::string(name) + ": is missing");
        }
        try {
            codec<M>::get(v, member);
        } catch (const error& e) {
            throw error(e.code, std::string(name) + ": " + e.what());
        }
    }
};

// A discriminated union of structs that each have a blk::constant<"..."> member of that name.
template <lit Discriminator, record... T>
struct one_of : std::variant<T...> {
    using std::variant<T...>::variant;
};
template <lit Discriminator, record... T>
struct codec<one_of<Discriminator, T...>> {
    using type_t = one_of<Discriminator, T...>;
    static schema type() {
        std::string members;
        schema mapping;
        ((members += (members.empty() ? "" : ",") + codec<T>::type().text()), ...);
        (mapping.set(tag<T>(), quote(std::string("#/$defs/") + T::blk_title)), ...);
        schema d;
        d.set("mapping", mapping.text()).set("propertyName", quote(Discriminator.sv()));
        return schema().set("oneOf", "[" + members + "]").set("discriminator", d.text());
    }
    static bool fits(view v) { return v.is_object() && v[Discriminator.sv()].is_string(); }
    static void get(view v, type_t& o) {
        if (!fits(v) || !(take<T>(v, o) || ...)) {
            throw error(BLK_E_TYPE, "is none of the possible objects: unknown \"" +
                                        std::string(Discriminator.sv()) + "\"");
        }
    }
    static void put(tape& t, const type_t& v) {
        std::visit([&](const auto& m) { blk::put(t, m); }, static_cast<const std::variant<T...>&>(v));
    }

private:
    template <class M>
    static std::string_view tag() {
        std::string_view text;
        M value{};
        M::blk_visit(value, [&](std::string_view name, auto& member) {
            if constexpr (requires { member.text(); }) {
                if (name == Discriminator.sv()) text = member.text();
            }
        });
        return text;
    }
    template <class M>
    static bool take(view v, type_t& o) {
        if (v[Discriminator.sv()].as_string() != tag<M>()) return false;
        codec<M>::get(v, o.template emplace<M>());
        return true;
    }
};

}  // namespace blk
