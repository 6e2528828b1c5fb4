#include "base/value.h"

#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>

#include "base/assert.h"

namespace yard {
namespace {

constexpr blk_tok MakeToken(uint8_t type, int64_t integer) {
    blk_tok token{};
    token.type = type;
    token.u.i = integer;
    return token;
}

// Values without content need no allocation: they point here.
constexpr blk_tok kFalseToken = MakeToken(BLK_T_BOOL, 0);
constexpr blk_tok kTrueToken = MakeToken(BLK_T_BOOL, 1);
constexpr blk_tok kEmptyObjectToken = MakeToken(BLK_T_OBJECT, 1);
constexpr blk_tok kEmptyArrayToken = MakeToken(BLK_T_ARRAY, 1);

bool HasText(uint8_t type) { return type == BLK_T_STR || type == BLK_T_BYTES; }

bool EqualNumbers(View a, View b) {
    if (a.IsInteger() && b.IsInteger()) {
        return a.token()->type == b.token()->type && a.AsInt() == b.AsInt();
    }
    if (a.IsDouble() && b.IsDouble()) return a.AsDouble() == b.AsDouble();
    const View integer = a.IsInteger() ? a : b;
    const double real = a.IsInteger() ? b.AsDouble() : a.AsDouble();
    // Compared as integers: above 2^53 many integers round to the same double.
    if (std::trunc(real) != real) return false;
    if (integer.IsInt()) {
        return real >= -0x1p63 && real < 0x1p63 && static_cast<int64_t>(real) == integer.AsInt();
    }
    return real >= 0x1p63 && real < 0x1p64 && static_cast<uint64_t>(real) == integer.AsUint();
}

bool EqualObjects(View a, View b) {
    if (a.size() != b.size()) return false;
    for (const auto& [key, value] : a.members()) {
        if (!b.Has(key) || !Equal(value, b.Get(key))) return false;
    }
    return true;
}

bool EqualArrays(View a, View b) {
    if (a.size() != b.size()) return false;
    auto other = b.items().begin();
    for (const View item : a.items()) {
        if (!Equal(item, *other)) return false;
        ++other;
    }
    return true;
}

}  // namespace

const blk_tok View::kNullToken = MakeToken(BLK_T_NULL, 0);

Type View::type() const {
    switch (token_->type) {
        case BLK_T_BOOL: return Type::kBool;
        case BLK_T_I64:
        case BLK_T_U64:
        case BLK_T_F64: return Type::kNumber;
        case BLK_T_STR: return Type::kString;
        case BLK_T_BYTES: return Type::kBytes;
        case BLK_T_ARRAY: return Type::kArray;
        case BLK_T_OBJECT: return Type::kObject;
        case BLK_T_CRED: return Type::kCredential;
        case BLK_T_FILE: return Type::kFile;
        default: return Type::kNull;
    }
}

double View::AsDouble() const {
    if (token_->type == BLK_T_F64) return token_->u.f;
    return token_->type == BLK_T_U64 ? static_cast<double>(AsUint()) : static_cast<double>(AsInt());
}

View View::At(size_t index) const {
    if (!IsArray() || index >= size()) return {};
    auto item = items().begin();
    for (; index > 0; --index) ++item;
    return *item;
}

const blk_tok* View::FindToken(std::string_view key) const {
    if (!IsObject()) return nullptr;
    const blk_tok* end = token_ + token_->u.i;
    for (const blk_tok* t = token_ + 1; t != end; t = NextToken(t + 1)) {
        if (View(t).AsString() == key) return t + 1;
    }
    return nullptr;
}

bool Equal(View a, View b) {
    if (a.token() == b.token()) return true;
    if (a.type() != b.type()) return false;
    switch (a.type()) {
        case Type::kNull: return true;
        case Type::kBool: return a.AsBool() == b.AsBool();
        case Type::kNumber: return EqualNumbers(a, b);
        case Type::kString:
        case Type::kBytes: return a.AsString() == b.AsString();
        case Type::kArray: return EqualArrays(a, b);
        case Type::kObject: return EqualObjects(a, b);
        case Type::kCredential:
        case Type::kFile: return a.AsInt() == b.AsInt();
    }
    return false;
}

// One allocation: this header, the tokens, then the text they point into.
struct Value::Block {
    std::atomic<uint32_t> references{1};
    size_t bytes = 0;

    blk_tok* tokens() { return reinterpret_cast<blk_tok*>(this + 1); }

    static Block* Make(size_t token_count, size_t text_bytes) {
        const size_t bytes = sizeof(Block) + token_count * sizeof(blk_tok) + text_bytes;
        auto* block = new (::operator new(bytes)) Block;
        block->bytes = bytes;
        return block;
    }
    static void Release(Block* block) {
        if (block != nullptr && block->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
            block->~Block();
            ::operator delete(block);
        }
    }
};

Value::Value(const Value& other) noexcept : block_(other.block_), view_(other.view_) {
    if (block_ != nullptr) block_->references.fetch_add(1, std::memory_order_relaxed);
}

Value::~Value() { Block::Release(block_); }

Value Value::Share(View part) const {
    Value shared = *this;
    shared.view_ = part;
    return shared;
}

size_t Value::bytes_held() const { return block_ != nullptr ? block_->bytes : 0; }

Value Value::Bool(bool value) { return {nullptr, View(value ? &kTrueToken : &kFalseToken)}; }
Value Value::EmptyObject() { return {nullptr, View(&kEmptyObjectToken)}; }
Value Value::EmptyArray() { return {nullptr, View(&kEmptyArrayToken)}; }
Value Value::Int(int64_t value) { return ValueBuilder().Int(value).Take(); }
Value Value::Double(double value) { return ValueBuilder().Double(value).Take(); }
Value Value::String(std::string_view text) { return ValueBuilder().String(text).Take(); }

// As often as values are copied, an allocation less counts: the builder would make two more.
Value Value::Copy(View view) {
    const blk_tok* source = view.token();
    const size_t count = view.token_count();
    size_t text_bytes = 0;
    for (size_t i = 0; i < count; ++i) text_bytes += HasText(source[i].type) ? source[i].n : 0;
    Block* block = Block::Make(count, text_bytes);
    blk_tok* tokens = block->tokens();
    char* text = reinterpret_cast<char*>(tokens + count);
    std::memcpy(tokens, source, count * sizeof(blk_tok));
    for (size_t i = 0; i < count; ++i) {
        if (!HasText(tokens[i].type)) continue;
        if (tokens[i].n > 0) std::memcpy(text, tokens[i].u.p, tokens[i].n);
        tokens[i].u.p = text;
        text += tokens[i].n;
    }
    return {block, View(tokens)};
}

Value Value::Object(std::initializer_list<std::pair<std::string_view, Value>> members) {
    ValueBuilder builder;
    builder.BeginObject();
    for (const auto& [key, value] : members) builder.Member(key, value);
    return builder.EndObject().Take();
}

Value Value::Array(std::initializer_list<Value> items) {
    ValueBuilder builder;
    builder.BeginArray();
    for (const Value& item : items) builder.Copy(item);
    return builder.EndArray().Take();
}

Value Value::Array(const std::vector<Value>& items) {
    ValueBuilder builder;
    builder.BeginArray();
    for (const Value& item : items) builder.Copy(item);
    return builder.EndArray().Take();
}

Value Value::Strings(const std::vector<std::string>& items) {
    ValueBuilder builder;
    builder.BeginArray();
    for (const std::string& item : items) builder.String(item);
    return builder.EndArray().Take();
}

blk_tok& ValueBuilder::Append(uint8_t type) {
    if (!open_.empty() && tokens_[open_.back()].type == BLK_T_ARRAY) ++tokens_[open_.back()].n;
    tokens_.push_back(MakeToken(type, 0));
    return tokens_.back();
}

void ValueBuilder::AppendText(std::string_view text) {
    ASSERT(text.size() <= std::numeric_limits<uint32_t>::max());
    tokens_.back().n = static_cast<uint32_t>(text.size());
    tokens_.back().u.i = static_cast<int64_t>(text_.size());
    text_.append(text);
}

ValueBuilder& ValueBuilder::Null() {
    Append(BLK_T_NULL);
    return *this;
}

ValueBuilder& ValueBuilder::Bool(bool value) {
    Append(BLK_T_BOOL).u.i = value ? 1 : 0;
    return *this;
}

ValueBuilder& ValueBuilder::Int(int64_t value) {
    Append(BLK_T_I64).u.i = value;
    return *this;
}

ValueBuilder& ValueBuilder::Uint(uint64_t value) {
    const bool fits = value <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
    Append(fits ? BLK_T_I64 : BLK_T_U64).u.i = static_cast<int64_t>(value);
    return *this;
}

ValueBuilder& ValueBuilder::Double(double value) {
    Append(BLK_T_F64).u.f = value;
    return *this;
}

ValueBuilder& ValueBuilder::String(std::string_view text) {
    Append(BLK_T_STR);
    AppendText(text);
    return *this;
}

ValueBuilder& ValueBuilder::Credential(uint64_t handle) {
    Append(BLK_T_CRED).u.i = static_cast<int64_t>(handle);
    return *this;
}

ValueBuilder& ValueBuilder::Copy(View subtree) {
    Append(BLK_T_NULL);  // Counts the value in its parent; the copy takes its place.
    tokens_.pop_back();
    const blk_tok* first = subtree.token();
    const blk_tok* last = first + subtree.token_count();
    tokens_.reserve(tokens_.size() + subtree.token_count());
    for (const blk_tok* token = first; token != last; ++token) {
        tokens_.push_back(*token);
        if (HasText(token->type)) AppendText({static_cast<const char*>(token->u.p), token->n});
    }
    return *this;
}

ValueBuilder& ValueBuilder::BeginObject() {
    Append(BLK_T_OBJECT);
    open_.push_back(tokens_.size() - 1);
    return *this;
}

ValueBuilder& ValueBuilder::BeginArray() {
    Append(BLK_T_ARRAY);
    open_.push_back(tokens_.size() - 1);
    return *this;
}

void ValueBuilder::Close() {
    const size_t opened = open_.back();
    open_.pop_back();
    tokens_[opened].u.i = static_cast<int64_t>(tokens_.size() - opened);
}

ValueBuilder& ValueBuilder::EndObject() {
    ASSERT(!open_.empty() && tokens_[open_.back()].type == BLK_T_OBJECT);
    Close();
    return *this;
}

ValueBuilder& ValueBuilder::EndArray() {
    ASSERT(!open_.empty() && tokens_[open_.back()].type == BLK_T_ARRAY);
    Close();
    return *this;
}

ValueBuilder& ValueBuilder::Key(std::string_view key) {
    ASSERT(!open_.empty() && tokens_[open_.back()].type == BLK_T_OBJECT);
    ++tokens_[open_.back()].n;
    tokens_.push_back(MakeToken(BLK_T_STR, 0));
    AppendText(key);
    return *this;
}

Value ValueBuilder::Take() {
    ASSERT(open_.empty() && !tokens_.empty() &&
           NextToken(tokens_.data()) == tokens_.data() + tokens_.size());
    Value::Block* block = Value::Block::Make(tokens_.size(), text_.size());
    blk_tok* tokens = block->tokens();
    char* text = reinterpret_cast<char*>(tokens + tokens_.size());
    std::memcpy(tokens, tokens_.data(), tokens_.size() * sizeof(blk_tok));
    if (!text_.empty()) std::memcpy(text, text_.data(), text_.size());
    for (size_t i = 0; i < tokens_.size(); ++i) {
        if (HasText(tokens[i].type)) tokens[i].u.p = text + tokens[i].u.i;
    }
    tokens_.clear();
    text_.clear();
    return {block, View(tokens)};
}

}  // namespace yard
