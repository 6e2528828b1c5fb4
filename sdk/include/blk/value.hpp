// Values: reading (view), building (tape) and keeping (json) the token tapes of abi.h.
//
//   view  borrows; a pointer to one value. Input and parsed JSON live until the task closes,
//         event data until the step returns.
//   tape  a value under construction. Strings and copied views are borrowed, not copied.
//   json  a value that can be kept: owns a copy, or borrows like a view.
#pragma once
#include "blk/abi.h"

#include <cmath>
#include <cstring>
#include <exception>
#include <initializer_list>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace blk {

inline std::string_view sv(blk_str s) { return {s.ptr, static_cast<size_t>(s.len)}; }
inline blk_str str(std::string_view s) { return {s.data(), s.size()}; }

// Ends the block with a failure. Any code but BLK_E_INTERNAL is an expected failure whose text the
// user sees; other exceptions that leave a block count as bugs in it.
struct error : std::runtime_error {
    blk_status code;
    error(blk_status c, const std::string& message) : std::runtime_error(message), code(c) {}
};

// The usual expected failure: the input or an answer is not usable.
[[noreturn]] inline void fail(const std::string& message) { throw error(BLK_E_INVALID, message); }

class view {
public:
    view() = default;  // absent: reads as null
    explicit view(const blk_tok* token) : token_(token) {}
    explicit view(blk_tape tape) : token_(tape.count ? tape.tok : nullptr) {}

    static const blk_tok* next(const blk_tok* t) { return t->type >= 0x80 ? t + t->u.i : t + 1; }

    bool present() const { return token_ != nullptr; }
    unsigned type() const { return token_ ? token_->type : BLK_T_NULL; }
    bool is_null() const { return type() == BLK_T_NULL; }
    bool is_bool() const { return type() == BLK_T_BOOL; }
    bool is_int() const { return type() == BLK_T_I64; }
    bool is_number() const { return is_int() || type() == BLK_T_F64 || type() == BLK_T_U64; }
    bool is_string() const { return type() == BLK_T_STR; }
    bool is_array() const { return type() == BLK_T_ARRAY; }
    bool is_object() const { return type() == BLK_T_OBJECT; }

    // Throw BLK_E_TYPE when the value has another type.
    bool as_bool() const { return need(is_bool(), "true or false")->u.i != 0; }
    // A number without fraction counts as an integer.
    int64_t as_int() const {
        if (type() == BLK_T_F64) {
            double d = token_->u.f;
            need(d >= -9.2e18 && d <= 9.2e18 && d == std::floor(d), "an integer");
            return static_cast<int64_t>(d);
        }
        return need(is_int(), "an integer")->u.i;
    }
    double as_double() const {
        if (type() == BLK_T_F64) return token_->u.f;
        if (type() == BLK_T_U64) return static_cast<double>(static_cast<uint64_t>(token_->u.i));
        return static_cast<double>(need(is_int(), "a number")->u.i);
    }
    std::string_view as_string() const {
        need(is_string(), "a string");
        return {static_cast<const char*>(token_->u.p), token_->n};
    }

    // Items of an array or members of an object, else 0.
    size_t size() const { return type() >= 0x80 ? token_->n : 0; }
    bool empty() const { return size() == 0; }
    view operator[](std::string_view key) const;  // absent if there is no such member
    view at(size_t index) const;                  // absent if out of range; walks from the start

    class item_iterator {
    public:
        explicit item_iterator(const blk_tok* t) : token_(t) {}
        view operator*() const { return view(token_); }
        item_iterator& operator++() { return token_ = next(token_), *this; }
        bool operator==(const item_iterator&) const = default;

    private:
        const blk_tok* token_;
    };
    class member_iterator {
    public:
        explicit member_iterator(const blk_tok* key) : key_(key) {}
        std::pair<std::string_view, view> operator*() const {
            return {{static_cast<const char*>(key_->u.p), key_->n}, view(key_ + 1)};
        }
        member_iterator& operator++() { return key_ = next(key_ + 1), *this; }
        bool operator==(const member_iterator&) const = default;

    private:
        const blk_tok* key_;
    };
    template <class Iterator>
    struct range {
        const blk_tok *first, *last;
        Iterator begin() const { return Iterator(first); }
        Iterator end() const { return Iterator(last); }
    };
    // for (blk::view item : v.items()); empty unless an array.
    range<item_iterator> items() const { return span<item_iterator>(is_array()); }
    // for (auto [key, value] : v.members()); empty unless an object.
    range<member_iterator> members() const { return span<member_iterator>(is_object()); }

    const blk_tok* token() const { return token_; }
    size_t token_count() const {
        return type() >= 0x80 ? static_cast<size_t>(token_->u.i) : (token_ ? 1 : 0);
    }
    blk_tape raw() const { return {token_, token_count()}; }

private:
    const blk_tok* need(bool ok, const char* what) const {
        if (!ok) throw error(BLK_E_TYPE, std::string("is not ") + what);
        return token_;
    }
    template <class Iterator>
    range<Iterator> span(bool ok) const {
        return ok ? range<Iterator>{token_ + 1, token_ + token_->u.i}
                  : range<Iterator>{nullptr, nullptr};
    }

    const blk_tok* token_ = nullptr;
};

inline view view::operator[](std::string_view key) const {
    for (auto [name, value] : members()) {
        if (name == key) return value;
    }
    return {};
}

inline view view::at(size_t index) const {
    for (view item : items()) {
        if (index-- == 0) return item;
    }
    return {};
}

// ---- single tokens -----------------------------------------------------------------------------
inline blk_tok null_token() { return {}; }
inline blk_tok bool_token(bool v) {
    blk_tok t{BLK_T_BOOL, 0, 0, 0, {0}};
    t.u.i = v;
    return t;
}
inline blk_tok int_token(int64_t v) {
    blk_tok t{BLK_T_I64, 0, 0, 0, {0}};
    t.u.i = v;
    return t;
}
inline blk_tok double_token(double v) {
    blk_tok t{BLK_T_F64, 0, 0, 0, {0}};
    t.u.f = v;
    return t;
}
inline blk_tok string_token(std::string_view v) {
    if (v.size() > UINT32_MAX) throw error(BLK_E_INVALID, "a text of over 4 GiB is not a value");
    blk_tok t{BLK_T_STR, 0, 0, static_cast<uint32_t>(v.size()), {0}};
    t.u.p = v.data();
    return t;
}

// Appends one value in document order: t.object().key("a").integer(1).end(). The keys of one object
// must differ. A wrong order (a value without key, an end too many) throws BLK_E_INTERNAL.
class tape {
public:
    tape& null() { return append(null_token()); }
    tape& boolean(bool v) { return append(bool_token(v)); }
    tape& integer(int64_t v) { return append(int_token(v)); }
    tape& number(double v) { return append(double_token(v)); }
    tape& string(std::string_view v) { return append(string_token(v)); }
    tape& copy(view v) {
        if (!v.present()) return null();
        count();
        tokens_.insert(tokens_.end(), v.token(), v.token() + v.token_count());
        return *this;
    }
    template <class T>
    tape& value(const T& v);  // any type that codec.hpp knows

    tape& object() { return open(BLK_T_OBJECT); }
    tape& array() { return open(BLK_T_ARRAY); }
    tape& key(std::string_view k) {
        order(!open_.empty() && tokens_[open_.back()].type == BLK_T_OBJECT && !after_key_);
        ++tokens_[open_.back()].n;
        tokens_.push_back(string_token(k));
        after_key_ = true;
        return *this;
    }
    tape& end() {
        order(!open_.empty() && !after_key_);
        tokens_[open_.back()].u.i = static_cast<int64_t>(tokens_.size() - open_.back());
        open_.pop_back();
        return *this;
    }

    tape& append(blk_tok t) {
        count();
        tokens_.push_back(t);
        return *this;
    }
    bool complete() const { return !tokens_.empty() && open_.empty(); }
    blk_tape raw() const {
        order(complete());
        return {tokens_.data(), tokens_.size()};
    }
    view as_view() const { return view(raw()); }

private:
    static void order(bool ok) {
        if (!ok) throw error(BLK_E_INTERNAL, "a value was built in the wrong order");
    }
    void count() {
        if (open_.empty()) return order(tokens_.empty());
        bool array = tokens_[open_.back()].type == BLK_T_ARRAY;
        order(array || after_key_);
        if (array) ++tokens_[open_.back()].n;
        after_key_ = false;
    }
    tape& open(uint8_t type) {
        append({type, 0, 0, 0, {0}});
        open_.push_back(tokens_.size() - 1);
        return *this;
    }

    std::vector<blk_tok> tokens_;
    std::vector<size_t> open_;
    bool after_key_ = false;
};

// Any JSON value, read like a view. Copying it is a reference count. A json field of a block's input
// borrows from the input; copy() makes one that owns everything.
class json : public view {
public:
    json() = default;  // null
    json(std::nullptr_t) {}
    json(bool v) : json(bool_token(v)) {}
    json(int v) : json(int_token(v)) {}
    json(int64_t v) : json(int_token(v)) {}
    json(double v) : json(double_token(v)) {}
    json(std::string_view v) : json(string_token(v)) {}
    json(const std::string& v) : json(string_token(v)) {}
    json(const char* v) : json(string_token(v)) {}
    json(const tape& t) : json(copy(t.as_view())) {}
    static json copy(view v);
    static json borrow(view v) {
        json j;
        static_cast<view&>(j) = v;
        return j;
    }
    static json object(std::initializer_list<std::pair<std::string_view, json>> members);
    static json array(std::initializer_list<json> items);

    // Changed copies, in time linear in the size; build big values with a tape.
    json with(std::string_view key, const json& value) const;  // member added or replaced in place
    json without(std::string_view key) const;
    json append(const json& item) const;

    const view* operator->() const { return this; }

private:
    explicit json(blk_tok t) : json(copy(view(&t))) {}

    std::shared_ptr<const blk_tok[]> owned_;  // shared by the copies of this json
};

// One allocation: the tokens, then the bytes of all strings.
inline json json::copy(view v) {
    json result;
    size_t count = v.token_count(), bytes = 0;
    if (count == 0) return result;
    auto is_bytes = [](const blk_tok& t) { return t.type == BLK_T_STR || t.type == BLK_T_BYTES; };
    auto size_of = [&](const blk_tok& t) -> size_t {
        return is_bytes(t) ? t.n : t.type == BLK_T_F64S ? t.n * sizeof(double) : 0;
    };
    // Rounded up so that packed doubles stay aligned.
    auto room = [](size_t n) { return (n + 7) / 8 * 8; };
    for (size_t k = 0; k < count; ++k) bytes += room(size_of(v.token()[k]));
    std::shared_ptr<blk_tok[]> block(new blk_tok[count + (bytes + 15) / 16]);
    std::memcpy(block.get(), v.token(), count * sizeof(blk_tok));
    char* text = reinterpret_cast<char*>(block.get() + count);
    for (size_t k = 0; k < count; ++k) {
        size_t n = size_of(block[k]);
        if (n == 0) continue;
        std::memcpy(text, block[k].u.p, n);
        block[k].u.p = text;
        text += room(n);
    }
    result.owned_ = std::move(block);
    static_cast<view&>(result) = view(result.owned_.get());
    return result;
}

inline json json::object(std::initializer_list<std::pair<std::string_view, json>> members) {
    tape t;
    t.object();
    for (const auto& [key, value] : members) t.key(key).copy(value);
    return json(t.end());
}

inline json json::array(std::initializer_list<json> items) {
    tape t;
    t.array();
    for (const json& item : items) t.copy(item);
    return json(t.end());
}

inline json json::with(std::string_view key, const json& value) const {
    tape t;
    t.object();
    bool found = false;
    for (auto [name, old] : members()) {
        t.key(name).copy(name == key ? view(value) : old);
        found = found || name == key;
    }
    if (!found) t.key(key).copy(value);
    return json(t.end());
}

inline json json::without(std::string_view key) const {
    tape t;
    t.object();
    for (auto [name, value] : members()) {
        if (name != key) t.key(name).copy(value);
    }
    return json(t.end());
}

inline json json::append(const json& item) const {
    tape t;
    t.array();
    for (view old : items()) t.copy(old);
    return json(t.copy(item).end());
}

// Equality of JSON values: numbers by value, so that 1 equals 1.0; objects without regard to order.
inline bool equal(view a, view b) {
    if (a.is_number() && b.is_number()) {
        return a.is_int() && b.is_int() ? a.as_int() == b.as_int() : a.as_double() == b.as_double();
    }
    if (a.type() != b.type()) return false;
    if (a.is_string()) return a.as_string() == b.as_string();
    if (a.is_bool()) return a.as_bool() == b.as_bool();
    if (a.size() != b.size()) return false;
    if (a.is_array()) {
        auto other = b.items().begin();
        for (view item : a.items()) {
            if (!equal(item, *other)) return false;
            ++other;
        }
    }
    for (auto [key, value] : a.members()) {
        view found = b[key];
        if (!found.present() || !equal(value, found)) return false;
    }
    return true;
}
inline bool operator==(const json& a, const json& b) { return equal(a, b); }

}  // namespace blk
