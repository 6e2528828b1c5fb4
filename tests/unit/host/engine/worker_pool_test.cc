#include "host/engine/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <vector>

namespace yard::engine {
namespace {

TEST(StepPoolTest, RunsEverythingBeforeItStops) {
    auto pool = MakeStepPool("test", 2);
    std::atomic<int> done{0};
    for (int i = 0; i < 1000; ++i) ASSERT_TRUE(pool->Post([&done] { ++done; }));
    pool->Stop();
    EXPECT_EQ(done, 1000);
    EXPECT_FALSE(pool->Post([] { FAIL(); }));
}

TEST(StepPoolTest, OneThreadKeepsTheOrder) {
    auto pool = MakeStepPool("test", 1);
    std::vector<int> order;
    for (int i = 0; i < 100; ++i) pool->Post([&order, i] { order.push_back(i); });
    pool->Stop();
    for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<size_t>(i)], i);
}

TEST(ElasticPoolTest, GrowsWhileThreadsAreBlocked) {
    auto pool = MakeElasticPool("test", 3, 0);
    std::promise<void> open;
    std::shared_future<void> gate = open.get_future().share();
    std::atomic<int> inside{0};
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(pool->Post([&inside, gate] {
            ++inside;
            gate.wait();
        }));
    }
    while (inside < 3) std::this_thread::yield();
    EXPECT_FALSE(pool->Post([] { FAIL(); }));  // No thread, no queue.
    open.set_value();
    pool->Stop();
}

TEST(ElasticPoolTest, QueuesUpToItsBound) {
    auto pool = MakeElasticPool("test", 1, 2);
    std::promise<void> open;
    std::promise<void> started;
    std::atomic<int> done{0};
    pool->Post([&] {
        started.set_value();
        open.get_future().wait();
    });
    started.get_future().wait();
    EXPECT_TRUE(pool->Post([&done] { ++done; }));
    EXPECT_TRUE(pool->Post([&done] { ++done; }));
    EXPECT_FALSE(pool->Post([] { FAIL(); }));
    open.set_value();
    pool->Stop();
    EXPECT_EQ(done, 2);
}

}  // namespace
}  // namespace yard::engine
