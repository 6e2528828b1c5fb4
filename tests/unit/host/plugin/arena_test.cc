#include "host/plugin/arena.h"

#include <gtest/gtest.h>

#include <cstring>

namespace yard::plugin {
namespace {

TEST(ArenaTest, EveryAddressIsAlignedAndItsBytesAreItsOwn) {
    Arena arena;
    char* previous = nullptr;
    for (const uint64_t align : {1, 2, 8, 64, 4096}) {
        for (const uint64_t size : {1, 7, 100, 5000}) {
            auto* bytes = static_cast<char*>(arena.Alloc(size, align));
            ASSERT_NE(bytes, nullptr);
            EXPECT_EQ(reinterpret_cast<uintptr_t>(bytes) % align, 0u);
            std::memset(bytes, 0x55, size);
            if (previous != nullptr) {
                EXPECT_EQ(*previous, 0x11);
            }
            *bytes = 0x11;
            previous = bytes;
        }
    }
}

TEST(ArenaTest, ImpossibleRequestsGetNothing) {
    Arena arena;
    EXPECT_EQ(arena.Alloc(8, 3), nullptr);
    EXPECT_EQ(arena.Alloc(8, 8192), nullptr);
    EXPECT_EQ(arena.Alloc(~uint64_t{0}, 8), nullptr);
    EXPECT_EQ(arena.Alloc(Arena::kBytesMax + 1, 1), nullptr);
    EXPECT_NE(arena.Alloc(0, 0), nullptr);
}

TEST(ArenaTest, FullArenaIsUsableAgainAfterClear) {
    Arena arena;
    while (arena.Alloc(Arena::kBytesMax / 4, 1) != nullptr) {
    }
    arena.Clear();
    EXPECT_NE(arena.Alloc(Arena::kBytesMax / 2, 1), nullptr);
}

}  // namespace
}  // namespace yard::plugin
