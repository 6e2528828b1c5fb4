#include "base/uuid.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace yard {
namespace {

TEST(UuidTest, FreshOnesAreValidRandomUuidsAndDiffer) {
    std::set<std::string> seen;
    for (int i = 0; i < 10'000; ++i) {
        const std::string uuid = NewUuid();
        ASSERT_TRUE(IsUuid(uuid)) << uuid;
        ASSERT_EQ(uuid[14], '4') << uuid;
        ASSERT_NE(std::string("89ab").find(uuid[19]), std::string::npos) << uuid;
        ASSERT_TRUE(seen.insert(uuid).second) << uuid;
    }
}

TEST(UuidTest, ThreadsDoNotRepeatEachOther) {
    std::vector<std::vector<std::string>> made(4);
    std::vector<std::thread> threads;
    for (auto& list : made) {
        threads.emplace_back([&list] {
            for (int i = 0; i < 1000; ++i) list.push_back(NewUuid());
        });
    }
    for (std::thread& thread : threads) thread.join();
    std::set<std::string> all;
    for (const auto& list : made) all.insert(list.begin(), list.end());
    EXPECT_EQ(all.size(), 4000U);
}

TEST(UuidTest, OrderedOnesAreValidVersionSevenUuidsAndDiffer) {
    std::set<std::string> seen;
    for (int i = 0; i < 10'000; ++i) {
        const std::string uuid = NewOrderedUuid();
        ASSERT_TRUE(IsUuid(uuid)) << uuid;
        ASSERT_EQ(uuid[14], '7') << uuid;
        ASSERT_NE(std::string("89ab").find(uuid[19]), std::string::npos) << uuid;
        ASSERT_TRUE(seen.insert(uuid).second) << uuid;
    }
}

TEST(UuidTest, OrderedOnesSortByTheMillisecondTheyWereMadeIn) {
    const auto prefix_of_now = [] {
        using std::chrono::duration_cast, std::chrono::milliseconds, std::chrono::system_clock;
        const auto ms = duration_cast<milliseconds>(system_clock::now().time_since_epoch());
        char digits[16];
        std::snprintf(digits, sizeof digits, "%012llx", static_cast<long long>(ms.count()));
        return std::string(digits, 8) + "-" + std::string(digits + 8, 4);
    };
    const std::string before = prefix_of_now();
    const std::string uuid = NewOrderedUuid();
    const std::string after = prefix_of_now();
    EXPECT_LE(before, uuid.substr(0, 13));
    EXPECT_GE(after, uuid.substr(0, 13));
}

TEST(UuidTest, OnlyTheCanonicalFormIsAUuid) {
    const std::string good = "0123abcd-4567-89ab-cdef-0123456789ab";
    EXPECT_TRUE(IsUuid(good));
    EXPECT_FALSE(IsUuid(""));
    EXPECT_FALSE(IsUuid(good + "0"));
    EXPECT_FALSE(IsUuid("{" + good + "}"));
    EXPECT_FALSE(IsUuid("0123ABCD-4567-89AB-CDEF-0123456789AB"));
    EXPECT_FALSE(IsUuid("0123abcd45674-89ab-cdef-0123456789ab"));
    for (size_t i = 0; i < good.size(); ++i) {
        std::string bad = good;
        bad[i] = good[i] == '-' ? '0' : 'g';
        EXPECT_FALSE(IsUuid(bad)) << bad;
    }
}

}  // namespace
}  // namespace yard
