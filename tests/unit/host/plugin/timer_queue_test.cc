#include "host/plugin/timer_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <vector>

namespace yard::plugin {
namespace {

using ::testing::ElementsAre;

TEST(TimerQueueTest, ActionsRunInTheOrderTheyAreDue) {
    const SystemClock clock;
    TimerQueue timers(clock);
    std::promise<void> done;
    std::vector<int> order;  // Only the timer thread writes it.
    const int64_t now = clock.MonotonicNs();
    timers.Add(now + 6'000'000, [&] {
        order.push_back(3);
        done.set_value();
    });
    timers.Add(now + 2'000'000, [&] { order.push_back(1); });
    timers.Add(now + 4'000'000, [&] { order.push_back(2); });
    done.get_future().wait();
    EXPECT_THAT(order, ElementsAre(1, 2, 3));
}

TEST(TimerQueueTest, CancelledActionDoesNotRun) {
    const SystemClock clock;
    TimerQueue timers(clock);
    std::promise<void> done;
    bool has_run = false;
    const int64_t due = clock.MonotonicNs() + 20'000'000;
    const uint64_t id = timers.Add(due, [&] { has_run = true; });
    timers.Add(due + 1, [&] { done.set_value(); });
    timers.Cancel(id);
    timers.Cancel(id);
    timers.Cancel(0);
    done.get_future().wait();
    EXPECT_FALSE(has_run);
}

TEST(TimerQueueTest, ActionMayAddAndCancelTimers) {
    const SystemClock clock;
    TimerQueue timers(clock);
    std::promise<void> done;
    timers.Add(0, [&] { timers.Add(0, [&] { done.set_value(); }); });
    done.get_future().wait();
}

TEST(TimerQueueTest, PendingActionsAreDroppedAtTheEnd) {
    const SystemClock clock;
    const auto witness = std::make_shared<int>(0);
    {
        TimerQueue timers(clock);
        timers.Add(clock.MonotonicNs() + 3'600'000'000'000, [witness] { ++*witness; });
    }
    EXPECT_EQ(witness.use_count(), 1);
    EXPECT_EQ(*witness, 0);
}

}  // namespace
}  // namespace yard::plugin
