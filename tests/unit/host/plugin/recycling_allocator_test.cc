#include "host/plugin/recycling_allocator.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

namespace yard::plugin {
namespace {

struct Large {
    char bytes[2000];
};

TEST(RecyclingAllocatorTest, WhatAThreadFreedIsUsedAgain) {
    RecyclingAllocator<Large> allocator;
    Large* first = allocator.allocate(1);
    allocator.deallocate(first, 1);
    Large* second = allocator.allocate(1);
    EXPECT_EQ(first, second);
    allocator.deallocate(second, 1);
}

TEST(RecyclingAllocatorTest, ObjectsThatLiveDoNotShareMemory) {
    RecyclingAllocator<Large> allocator;
    std::set<Large*> all;
    for (int i = 0; i < 200; ++i) all.insert(allocator.allocate(1));
    EXPECT_EQ(all.size(), 200U);
    for (Large* memory : all) allocator.deallocate(memory, 1);
}

TEST(RecyclingAllocatorTest, AnotherThreadMayFree) {
    RecyclingAllocator<Large> allocator;
    Large* memory = allocator.allocate(1);
    std::thread([=]() mutable { allocator.deallocate(memory, 1); }).join();
    Large* other = allocator.allocate(1);
    EXPECT_NE(other, nullptr);
    allocator.deallocate(other, 1);
}

TEST(RecyclingAllocatorTest, SharedPointersUseIt) {
    const Large* address = nullptr;
    for (int i = 0; i < 3; ++i) {
        const auto made = std::allocate_shared<Large>(RecyclingAllocator<Large>());
        EXPECT_TRUE(address == nullptr || made.get() == address);
        address = made.get();
    }
}

}  // namespace
}  // namespace yard::plugin
