// What a plugin emits. The input is a row of tokens; texts point into the input or nowhere, as
// those of a broken plugin would, except that their ends lie inside: a tape can lie about anything
// but the memory it owns.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/json.h"
#include "base/value.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    std::vector<blk_tok> tokens(size / sizeof(blk_tok));
    if (tokens.empty()) return 0;
    std::memcpy(tokens.data(), data, tokens.size() * sizeof(blk_tok));
    for (blk_tok& token : tokens) {
        if (token.type == BLK_T_STR) {
            const size_t offset = token.u.i < 0 ? 0 : static_cast<size_t>(token.u.i) % size;
            token.n = static_cast<uint32_t>(token.n % (size - offset + 1));
            token.u.p = token.flags == 1 ? nullptr : data + offset;
        } else if (token.type == BLK_T_F64S) {
            token.n %= 2;
            token.u.p = token.flags == 1 ? nullptr : static_cast<const void*>(tokens.data());
        }
    }
    const auto value =
        yard::ImportTape({tokens.data(), tokens.size()}, {.depth_max = 32, .bytes_max = 1u << 20});
    if (!value) return 0;
    // What was taken can be read completely and is one whole value.
    if (value.value()->token_count() == 0) __builtin_trap();
    yard::WriteJson(value.value());
    return 0;
}
