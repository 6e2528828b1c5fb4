// ImportTape: the border where a plugin's tape becomes a value of the host. The plugin is not
// trusted: every count is checked against the tape's end before a token behind it is read.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/utf8.h"
#include "base/value.h"

namespace yard {
namespace {

constexpr uint32_t kFewKeys = 16;

Error Fault(const std::string& what) { return Invalid("the value is malformed: " + what); }

// At most 64 bytes, cut between two characters.
std::string Shortened(std::string_view text) {
    text = text.substr(0, 64);
    while (!IsUtf8(text)) text.remove_suffix(1);
    return std::string(text);
}

class Importer {
public:
    Importer(blk_tape tape, const ValueLimits& limits)
        : next_(tape.tok), end_(tape.tok + tape.count), limits_(limits) {}

    Result<Value> Run() {
        if (next_ == nullptr || next_ == end_) return Fault("it is empty");
        TRY(Item(1));
        if (next_ != end_) return Fault("tokens follow the end of the value");
        return builder_.Take();
    }

private:
    Result<Ok> Item(size_t depth) {
        if (next_ == end_) return Fault("it ends inside an array or object");
        TRY(Reserve(sizeof(blk_tok)));
        const blk_tok& token = *next_++;
        switch (token.type) {
            case BLK_T_NULL: builder_.Null(); return Ok{};
            case BLK_T_BOOL: builder_.Bool(token.u.i != 0); return Ok{};
            case BLK_T_I64: builder_.Int(token.u.i); return Ok{};
            case BLK_T_U64: builder_.Uint(static_cast<uint64_t>(token.u.i)); return Ok{};
            case BLK_T_F64: builder_.Double(token.u.f); return Ok{};
            case BLK_T_STR: return Text(token);
            case BLK_T_F64S: return Doubles(token);
            case BLK_T_ARRAY: return Array(token, depth);
            case BLK_T_OBJECT: return Object(token, depth);
            default:
                return Fault("token type " + std::to_string(token.type) + " cannot be emitted");
        }
    }

    // Before so many more bytes are appended.
    Result<Ok> Reserve(size_t bytes) const {
        if (builder_.bytes() + bytes <= limits_.bytes_max) return Ok{};
        return Error{ErrorKind::kTooLarge,
                     "the value exceeds " + std::to_string(limits_.bytes_max) + " bytes",
                     {}};
    }

    Result<std::string_view> CheckedText(const blk_tok& token) {
        if (token.n > 0 && token.u.p == nullptr) return Fault("a string has no address");
        TRY(Reserve(sizeof(blk_tok) + token.n));
        const std::string_view text(token.n > 0 ? static_cast<const char*>(token.u.p) : "",
                                    token.n);
        if (!IsUtf8(text)) return Fault("a string is not UTF-8");
        return text;
    }

    Result<Ok> Text(const blk_tok& token) {
        builder_.String(TRY(CheckedText(token)));
        return Ok{};
    }

    Result<Ok> Doubles(const blk_tok& token) {
        const auto* numbers = static_cast<const double*>(token.u.p);
        if (token.n > 0 && numbers == nullptr) return Fault("packed numbers have no address");
        TRY(Reserve((size_t{token.n} + 1) * sizeof(blk_tok)));
        builder_.BeginArray();
        for (uint32_t i = 0; i < token.n; ++i) builder_.Double(numbers[i]);
        builder_.EndArray();
        return Ok{};
    }

    Result<Ok> Array(const blk_tok& token, size_t depth) {
        const blk_tok* end = TRY(EndOf(token, depth));
        builder_.BeginArray();
        for (uint32_t i = 0; i < token.n; ++i) TRY(Item(depth + 1));
        if (next_ != end) return Fault("an array's token count does not match its items");
        builder_.EndArray();
        return Ok{};
    }

    Result<Ok> Object(const blk_tok& token, size_t depth) {
        const blk_tok* end = TRY(EndOf(token, depth));
        builder_.BeginObject();
        // Few keys are compared one by one: a set would allocate for each of them.
        const bool is_small = token.n <= kFewKeys;
        std::array<std::string_view, kFewKeys> few;
        std::set<std::string_view> many;
        for (uint32_t i = 0; i < token.n; ++i) {
            if (next_ == end_ || next_->type != BLK_T_STR) return Fault("a key is not a string");
            const std::string_view key = TRY(CheckedText(*next_++));
            const auto few_end = few.begin() + (is_small ? i : 0);
            const bool is_new = is_small ? std::find(few.begin(), few_end, key) == few_end
                                         : many.insert(key).second;
            if (is_small) few[i] = key;
            if (!is_new) {
                return Fault("the key '" + Shortened(key) + "' occurs twice");
            }
            builder_.Key(key);
            TRY(Item(depth + 1));
        }
        if (next_ != end) return Fault("an object's token count does not match its members");
        builder_.EndObject();
        return Ok{};
    }

    // Where the subtree that `token` opens must end.
    Result<const blk_tok*> EndOf(const blk_tok& token, size_t depth) {
        if (depth > limits_.depth_max) {
            return Error{ErrorKind::kTooLarge,
                         "the value is nested deeper than " + std::to_string(limits_.depth_max),
                         {}};
        }
        const int64_t left = end_ - (next_ - 1);
        if (token.u.i < 1 || token.u.i > left) return Fault("a token count points outside of it");
        return next_ - 1 + token.u.i;
    }

    const blk_tok* next_;
    const blk_tok* end_;
    const ValueLimits& limits_;
    ValueBuilder builder_;
};

}  // namespace

Result<Value> ImportTape(blk_tape tape, const ValueLimits& limits) {
    return Importer(tape, limits).Run();
}

}  // namespace yard
