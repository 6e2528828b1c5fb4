#include "base/utf8.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace yard {
namespace {

struct Lead {
    size_t following;   // Bytes that must follow.
    unsigned char low;  // Bounds of the first of them; the others are 0x80..0xBF.
    unsigned char high;
};

bool Classify(unsigned char byte, Lead& lead) {
    if (byte >= 0xC2 && byte <= 0xDF)
        lead = {1, 0x80, 0xBF};
    else if (byte == 0xE0)
        lead = {2, 0xA0, 0xBF};
    else if (byte == 0xED)
        lead = {2, 0x80, 0x9F};
    else if (byte >= 0xE1 && byte <= 0xEF)
        lead = {2, 0x80, 0xBF};
    else if (byte == 0xF0)
        lead = {3, 0x90, 0xBF};
    else if (byte >= 0xF1 && byte <= 0xF3)
        lead = {3, 0x80, 0xBF};
    else if (byte == 0xF4)
        lead = {3, 0x80, 0x8F};
    else
        return false;
    return true;
}

}  // namespace

bool IsUtf8(std::string_view text) {
    const auto* p = reinterpret_cast<const unsigned char*>(text.data());
    const auto* end = p + text.size();
    while (p != end) {
        // Eight ASCII bytes at once: nearly all text is.
        uint64_t eight = 0;
        if (end - p >= 8) {
            std::memcpy(&eight, p, 8);
            if ((eight & 0x8080808080808080U) == 0) {
                p += 8;
                continue;
            }
        }
        if (*p < 0x80) {
            ++p;
            continue;
        }
        Lead lead{};
        if (!Classify(*p, lead) || static_cast<size_t>(end - p) <= lead.following) return false;
        if (p[1] < lead.low || p[1] > lead.high) return false;
        for (size_t i = 2; i <= lead.following; ++i) {
            if (p[i] < 0x80 || p[i] > 0xBF) return false;
        }
        p += lead.following + 1;
    }
    return true;
}

}  // namespace yard
