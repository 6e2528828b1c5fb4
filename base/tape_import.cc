// ImportTape: the border where a plugin's tape becomes a value of the host. The plugin is not
// trusted: every count is checked against the tape's end before a token behind it is read.

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/utf8.h"
#include "base/value.h"

namespace yard {
namespace {

constexpr uint32_t kFewKeys = 16;

constexpr size_t kTokensKept = 4096;

Error Malformed(const std::string& what) { return Invalid("the value is malformed: " + what); }

// At most 64 bytes, cut between two characters.
std::string Shortened(std::string_view text) {
    text = text.substr(0, 64);
    while (!IsUtf8(text)) text.remove_suffix(1);
    return std::string(text);
}

std::string_view TextOf(const blk_tok& token) {
    return {token.n > 0 ? static_cast<const char*>(token.u.p) : "", token.n};
}

// The keys of one object. Few keys are compared one by one: a set would allocate for each of them.
class KeySet {
public:
    explicit KeySet(size_t size_max) : is_small_(size_max <= kFewKeys) {}

    // False if it is there already.
    bool Add(std::string_view key) {
        if (!is_small_) return many_.insert(key).second;
        const uint32_t digest = Digest(key);
        for (size_t i = 0; i < size_; ++i) {
            if (digests_[i] == digest && std::string_view(texts_[i], lengths_[i]) == key)
                return false;
        }
        digests_[size_] = digest;
        texts_[size_] = key.data();
        lengths_[size_++] = key.size();
        return true;
    }

private:
    // Tells most keys apart without a look at all of their bytes.
    static uint32_t Digest(std::string_view key) {
        if (key.empty()) return 0;
        const auto byte = [&](size_t at) { return uint32_t{static_cast<unsigned char>(key[at])}; };
        return static_cast<uint32_t>(key.size()) << 24 | byte(0) << 16 | byte(key.size() / 2) << 8 |
               byte(key.size() - 1);
    }

    const bool is_small_;
    size_t size_ = 0;
    // Up to size_. Not an array of views: that would be cleared for every object.
    std::array<uint32_t, kFewKeys> digests_;
    std::array<const char*, kFewKeys> texts_;
    std::array<size_t, kFewKeys> lengths_;
    std::set<std::string_view> many_;
};

// Checks and cleans the tokens of a tape; their texts stay where they are. The functions say
// whether to go on: if not, there is a fault.
class Importer {
public:
    // Appends to `tokens`, which is empty.
    Importer(blk_tape tape, const ValueLimits& limits, std::vector<blk_tok>& tokens)
        : next_(tape.tok), end_(tape.tok + tape.count), limits_(limits), tokens_(tokens) {}

    Result<Value> Run() {
        if (next_ == nullptr || next_ == end_) return Malformed("it is empty");
        if (!Item(1)) return *std::move(fault_);
        if (next_ != end_) return Malformed("tokens follow the end of the value");
        return Value::Copy(View(tokens_.data()));
    }

private:
    bool Fail(Error error) {
        fault_ = std::move(error);
        return false;
    }
    bool Fail(const std::string& what) { return Fail(Malformed(what)); }

    bool Item(size_t depth) {
        if (next_ == end_) return Fail("it ends inside an array or object");
        if (!HasRoom(sizeof(blk_tok))) return false;
        const blk_tok& token = *next_++;
        switch (token.type) {
            case BLK_T_NULL: return Append(BLK_T_NULL, 0);
            case BLK_T_BOOL: return Append(BLK_T_BOOL, token.u.i != 0 ? 1 : 0);
            case BLK_T_I64: return Append(BLK_T_I64, token.u.i);
            // What fits has one form only.
            case BLK_T_U64: return Append(token.u.i >= 0 ? BLK_T_I64 : BLK_T_U64, token.u.i);
            case BLK_T_F64: return Append(token.u.f);
            case BLK_T_STR: return Text(token);
            case BLK_T_F64S: return Doubles(token);
            case BLK_T_ARRAY: return Array(token, depth);
            case BLK_T_OBJECT: return Object(token, depth);
            default: return Fail("token type " + std::to_string(token.type) + " cannot be emitted");
        }
    }

    // For so many more bytes.
    bool HasRoom(size_t bytes) {
        const size_t taken = tokens_.size() * sizeof(blk_tok) + text_bytes_;
        return taken + bytes <= limits_.bytes_max || FailAsTooLarge();
    }

    bool FailAsTooLarge() {
        return Fail({ErrorKind::kTooLarge,
                     "the value exceeds " + std::to_string(limits_.bytes_max) + " bytes",
                     {}});
    }

    bool Append(uint8_t type, int64_t integer, uint32_t count = 0) {
        blk_tok token{};
        token.type = type;
        token.n = count;
        token.u.i = integer;
        tokens_.push_back(token);
        return true;
    }

    bool Append(double number) {
        blk_tok token{};
        token.type = BLK_T_F64;
        token.u.f = number;
        tokens_.push_back(token);
        return true;
    }

    bool Text(const blk_tok& token) {
        if (token.n > 0 && token.u.p == nullptr) return Fail("a string has no address");
        if (!HasRoom(sizeof(blk_tok) + token.n)) return false;
        if (!IsUtf8(TextOf(token))) return Fail("a string is not UTF-8");
        blk_tok text{};
        text.type = BLK_T_STR;
        text.n = token.n;
        text.u.p = token.u.p;
        tokens_.push_back(text);
        text_bytes_ += token.n;
        return true;
    }

    bool Doubles(const blk_tok& token) {
        const auto* numbers = static_cast<const double*>(token.u.p);
        if (token.n > 0 && numbers == nullptr) return Fail("packed numbers have no address");
        if (!HasRoom((size_t{token.n} + 1) * sizeof(blk_tok))) return false;
        Append(BLK_T_ARRAY, int64_t{token.n} + 1, token.n);
        for (uint32_t i = 0; i < token.n; ++i) Append(numbers[i]);
        return true;
    }

    bool Array(const blk_tok& token, size_t depth) {
        const blk_tok* end = EndOf(token, depth);
        if (end == nullptr) return false;
        const size_t opened = tokens_.size();
        Append(BLK_T_ARRAY, 0, token.n);
        for (uint32_t i = 0; i < token.n; ++i) {
            if (!Item(depth + 1)) return false;
        }
        if (next_ != end) return Fail("an array's token count does not match its items");
        Close(opened);
        return true;
    }

    bool Object(const blk_tok& token, size_t depth) {
        const blk_tok* end = EndOf(token, depth);
        if (end == nullptr) return false;
        const size_t opened = tokens_.size();
        Append(BLK_T_OBJECT, 0, token.n);
        KeySet keys(token.n);
        for (uint32_t i = 0; i < token.n; ++i) {
            if (next_ == end_ || next_->type != BLK_T_STR) return Fail("a key is not a string");
            if (!Text(*next_++)) return false;
            const std::string_view key = TextOf(tokens_.back());
            if (!keys.Add(key)) return Fail("the key '" + Shortened(key) + "' occurs twice");
            if (!Item(depth + 1)) return false;
        }
        if (next_ != end) return Fail("an object's token count does not match its members");
        Close(opened);
        return true;
    }

    // Packed numbers take more tokens here than there, so the count is not taken over.
    void Close(size_t opened) {
        tokens_[opened].u.i = static_cast<int64_t>(tokens_.size() - opened);
    }

    // Where the subtree that `token` opens must end; null if it cannot.
    const blk_tok* EndOf(const blk_tok& token, size_t depth) {
        if (depth > limits_.depth_max) {
            Fail({ErrorKind::kTooLarge,
                  "the value is nested deeper than " + std::to_string(limits_.depth_max),
                  {}});
            return nullptr;
        }
        const int64_t left = end_ - (next_ - 1);
        if (token.u.i >= 1 && token.u.i <= left) return next_ - 1 + token.u.i;
        Fail("a token count points outside of it");
        return nullptr;
    }

    const blk_tok* next_;
    const blk_tok* end_;
    const ValueLimits& limits_;
    std::vector<blk_tok>& tokens_;
    size_t text_bytes_ = 0;
    std::optional<Error> fault_;
};

}  // namespace

Result<Value> ImportTape(blk_tape tape, const ValueLimits& limits) {
    // Blocks emit often and little: the tokens' memory is kept for the thread's next tape.
    thread_local std::vector<blk_tok> tokens;
    Result<Value> value = Importer(tape, limits, tokens).Run();
    tokens.clear();
    if (tokens.capacity() > kTokensKept) std::vector<blk_tok>().swap(tokens);
    return value;
}

}  // namespace yard
