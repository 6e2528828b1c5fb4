#include "base/utf8.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace yard {
namespace {

// The encoding of a code point by the general scheme, also where it is not allowed.
std::string Encode(uint32_t point, int size) {
    if (size == 1) return {static_cast<char>(point)};
    std::string text;
    for (int i = 1; i < size; ++i) {
        text.insert(text.begin(), static_cast<char>(0x80 | (point & 0x3f)));
        point >>= 6;
    }
    const int lead = size == 2 ? 0xc0 : size == 3 ? 0xe0 : 0xf0;
    text.insert(text.begin(), static_cast<char>(static_cast<uint32_t>(lead) | point));
    return text;
}

TEST(Utf8Test, EveryCodePointIsAcceptedInItsShortestFormOnly) {
    for (uint32_t point = 0; point <= 0x10ffff; ++point) {
        const int shortest = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
        const bool is_surrogate = point >= 0xd800 && point <= 0xdfff;
        ASSERT_EQ(IsUtf8(Encode(point, shortest)), !is_surrogate) << point;
        if (shortest < 4) {
            ASSERT_FALSE(IsUtf8(Encode(point, shortest + 1))) << point;
        }
    }
    EXPECT_FALSE(IsUtf8(Encode(0x110000, 4)));
}

TEST(Utf8Test, TruncatedAndStrayBytesAreRefusedAnywhere) {
    const std::string text = "\xf0\x9f\x98\x80";
    for (size_t offset = 0; offset < 20; ++offset) {
        const std::string before(offset, 'a');
        EXPECT_TRUE(IsUtf8(before + text));
        for (size_t size = 1; size < text.size(); ++size) {
            EXPECT_FALSE(IsUtf8(before + text.substr(0, size)));
            EXPECT_FALSE(IsUtf8(before + text.substr(0, size) + "aaaaaaaaa"));
            EXPECT_FALSE(IsUtf8(before + text.substr(size)));
        }
    }
}

TEST(Utf8Test, BytesThatNeverOccurAreRefused) {
    for (const int byte : {0xc0, 0xc1, 0xf5, 0xf8, 0xfc, 0xfe, 0xff}) {
        EXPECT_FALSE(IsUtf8(std::string(1, static_cast<char>(byte)) + "\x80\x80\x80")) << byte;
    }
}

TEST(Utf8Test, EmptyTextAndZeroBytesAreFine) {
    EXPECT_TRUE(IsUtf8(""));
    EXPECT_TRUE(IsUtf8(std::string(20, '\0')));
}

}  // namespace
}  // namespace yard
