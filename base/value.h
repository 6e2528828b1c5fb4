// Value: the one JSON value type of the host. An immutable, reference-counted tape of 16-byte
// tokens, laid out as blk/abi.h defines it, so a value passes to a plugin, to a hundred sinks or to
// another thread without a copy. docs/decisions/0002-one-value-type.md says why it lives here.
//
//   Value  owns. Copying it is a reference count; it is never changed after it was made.
//   Thread-safe to share. View   borrows. A cursor on one value inside a tape, valid as long as
//   some Value holds that tape. ValueBuilder makes values; base/json.h reads and writes text.

#pragma once

#include <blk/abi.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace yard {

enum class Type { kNull, kBool, kNumber, kString, kBytes, kArray, kObject, kCredential, kFile };

class View {
public:
    View() = default;  // null
    explicit View(const blk_tok* token) : token_(token) {}

    Type type() const;
    bool IsNull() const { return token_->type == BLK_T_NULL; }
    bool IsBool() const { return token_->type == BLK_T_BOOL; }
    bool IsInt() const { return token_->type == BLK_T_I64; }  // Fits int64_t.
    bool IsUint() const {                                     // Fits uint64_t.
        return token_->type == BLK_T_U64 || (token_->type == BLK_T_I64 && token_->u.i >= 0);
    }
    bool IsInteger() const { return token_->type == BLK_T_I64 || token_->type == BLK_T_U64; }
    bool IsDouble() const { return token_->type == BLK_T_F64; }
    bool IsNumber() const { return IsInteger() || IsDouble(); }
    bool IsString() const { return token_->type == BLK_T_STR; }
    bool IsArray() const { return token_->type == BLK_T_ARRAY; }
    bool IsObject() const { return token_->type == BLK_T_OBJECT; }

    // Each has the matching Is... as its precondition.
    bool AsBool() const { return token_->u.i != 0; }
    int64_t AsInt() const { return token_->u.i; }
    uint64_t AsUint() const { return static_cast<uint64_t>(token_->u.i); }
    double AsDouble() const;  // Any number; integers are rounded to the nearest double.
    std::string_view AsString() const { return {static_cast<const char*>(token_->u.p), token_->n}; }

    // The text if this is a string, else the fallback. The same for the other two.
    std::string_view StringOr(std::string_view fallback) const {
        return IsString() ? AsString() : fallback;
    }
    bool BoolOr(bool fallback) const { return IsBool() ? AsBool() : fallback; }
    int64_t IntOr(int64_t fallback) const { return IsInt() ? AsInt() : fallback; }

    // Number of items or members; 0 for anything that is neither array nor object.
    size_t size() const { return token_->type >= 0x80 ? token_->n : 0; }
    bool empty() const { return size() == 0; }

    // Member of an object. Find: nullptr-like (Has == false) when absent; Get: a null view when
    // absent.
    bool Has(std::string_view key) const { return FindToken(key) != nullptr; }
    View Get(std::string_view key) const {
        const blk_tok* found = FindToken(key);
        return found ? View(found) : View();
    }
    View operator[](std::string_view key) const { return Get(key); }
    // Item of an array, null when out of range. Walks from the start.
    View At(size_t index) const;

    class ItemIterator;
    class MemberIterator;
    struct Items;
    struct Members;
    Items items() const;      // for (View item : array.items()); empty if not an array.
    Members members() const;  // for (auto [key, value] : object.members()); empty if not an object.

    const blk_tok* token() const { return token_; }
    // Tokens of the whole subtree, this one included.
    size_t token_count() const {
        return token_->type >= 0x80 ? static_cast<size_t>(token_->u.i) : 1;
    }
    blk_tape tape() const { return {token_, token_count()}; }

private:
    const blk_tok* FindToken(std::string_view key) const;

    static const blk_tok kNullToken;
    const blk_tok* token_ = &kNullToken;
};

inline const blk_tok* NextToken(const blk_tok* token) {
    return token->type >= 0x80 ? token + token->u.i : token + 1;
}

class View::ItemIterator {
public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = View;
    using difference_type = std::ptrdiff_t;
    explicit ItemIterator(const blk_tok* token) : token_(token) {}
    View operator*() const { return View(token_); }
    ItemIterator& operator++() {
        token_ = NextToken(token_);
        return *this;
    }
    bool operator==(const ItemIterator&) const = default;

private:
    const blk_tok* token_;
};

class View::MemberIterator {
public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = std::pair<std::string_view, View>;
    using difference_type = std::ptrdiff_t;
    explicit MemberIterator(const blk_tok* key) : key_(key) {}
    value_type operator*() const { return {View(key_).AsString(), View(key_ + 1)}; }
    MemberIterator& operator++() {
        key_ = NextToken(key_ + 1);
        return *this;
    }
    bool operator==(const MemberIterator&) const = default;

private:
    const blk_tok* key_;
};

struct View::Items {
    const blk_tok *first, *last;
    ItemIterator begin() const { return ItemIterator(first); }
    ItemIterator end() const { return ItemIterator(last); }
};

struct View::Members {
    const blk_tok *first, *last;
    MemberIterator begin() const { return MemberIterator(first); }
    MemberIterator end() const { return MemberIterator(last); }
};

inline View::Items View::items() const {
    return IsArray() ? Items{token_ + 1, token_ + token_->u.i} : Items{nullptr, nullptr};
}
inline View::Members View::members() const {
    return IsObject() ? Members{token_ + 1, token_ + token_->u.i} : Members{nullptr, nullptr};
}

class Value {
public:
    Value() = default;  // null
    Value(const Value& other) noexcept;
    Value(Value&& other) noexcept
        : block_(std::exchange(other.block_, nullptr)), view_(std::exchange(other.view_, View())) {}
    Value& operator=(Value other) noexcept {
        std::swap(block_, other.block_);
        std::swap(view_, other.view_);
        return *this;
    }
    ~Value();

    static Value Bool(bool value);
    static Value Int(int64_t value);
    static Value Double(double value);
    static Value String(std::string_view text);
    static Value EmptyObject();
    static Value EmptyArray();
    // Members in the order given; keys must differ.
    static Value Object(std::initializer_list<std::pair<std::string_view, Value>> members);
    static Value Array(std::initializer_list<Value> items);
    static Value Array(const std::vector<Value>& items);
    static Value Strings(const std::vector<std::string>& items);
    // A deep copy of a borrowed value.
    static Value Copy(View view);
    // A part of this value that shares its tape. Precondition: `part` lies inside this value.
    Value Share(View part) const;

    View view() const { return view_; }
    operator View() const { return view_; }  // NOLINT(google-explicit-constructor)
    const View* operator->() const { return &view_; }
    View operator[](std::string_view key) const { return view_.Get(key); }

    // Heap bytes of the tape this value keeps alive (shared parts counted in full).
    size_t bytes_held() const;

private:
    friend class ValueBuilder;
    struct Block;
    Value(Block* block, View view) : block_(block), view_(view) {}

    Block* block_ = nullptr;
    View view_;
};

// JSON equality: numbers by value (1 == 1.0), objects without regard to order. true is not 1.
bool Equal(View a, View b);

// Appends values in document order, then Take()s the finished one. Not thread-safe; reusable after
// Take(). Keys of one object must differ: the builder does not check (ParseJson and ImportTape do).
class ValueBuilder {
public:
    ValueBuilder& Null();
    ValueBuilder& Bool(bool value);
    ValueBuilder& Int(int64_t value);
    ValueBuilder& Uint(uint64_t value);
    ValueBuilder& Double(double value);
    ValueBuilder& String(std::string_view text);  // Copies the text. At most 4 GiB - 1.
    ValueBuilder& Credential(uint64_t handle);
    ValueBuilder& Copy(View subtree);
    ValueBuilder& BeginObject();
    ValueBuilder& EndObject();
    ValueBuilder& BeginArray();
    ValueBuilder& EndArray();
    ValueBuilder& Key(std::string_view key);

    // Key and value in one.
    ValueBuilder& Member(std::string_view key, std::string_view text) {
        return Key(key).String(text);
    }
    ValueBuilder& Member(std::string_view key, const char* text) { return Key(key).String(text); }
    ValueBuilder& Member(std::string_view key, const std::string& text) {
        return Key(key).String(text);
    }
    ValueBuilder& Member(std::string_view key, bool value) { return Key(key).Bool(value); }
    ValueBuilder& Member(std::string_view key, int value) { return Key(key).Int(value); }
    ValueBuilder& Member(std::string_view key, int64_t value) { return Key(key).Int(value); }
    ValueBuilder& Member(std::string_view key, double value) { return Key(key).Double(value); }
    ValueBuilder& Member(std::string_view key, View value) { return Key(key).Copy(value); }
    ValueBuilder& Member(std::string_view key, const Value& value) {
        return Key(key).Copy(value.view());
    }

    // Precondition: exactly one complete value was appended.
    Value Take();

    size_t depth() const { return open_.size(); }
    size_t bytes() const { return tokens_.size() * sizeof(blk_tok) + text_.size(); }

private:
    blk_tok& Append(uint8_t type);
    void AppendText(std::string_view text);
    void Close();

    // While building, a string's u.i is its offset in text_; Take() turns it into a pointer.
    std::vector<blk_tok> tokens_;
    std::vector<size_t> open_;
    std::string text_;
};

struct ValueLimits {
    size_t depth_max = 100;        // Nested arrays and objects.
    size_t bytes_max = 64u << 20;  // Of the resulting tape.
};

// Copies a tape that came from a plugin: checks bounds, counts, depth, UTF-8 and duplicate keys,
// and turns packed doubles into an array. kInvalid names the first fault; nothing of `tape` is read
// outside its bounds.
Result<Value> ImportTape(blk_tape tape, const ValueLimits& limits = {});

}  // namespace yard
