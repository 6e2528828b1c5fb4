#include "host/net/sink_gate.h"

#include <gtest/gtest.h>

#include <future>

#include "tests/unit/host/net/recording_sink.h"

namespace yard::net {
namespace {

TEST(SinkGateTest, NothingPassesAfterTheEnd) {
    const auto sink = std::make_shared<RecordingSink>();
    SinkGate gate(sink);
    EXPECT_TRUE(gate.Head(200, {}, ""));
    EXPECT_TRUE(gate.Data("a"));
    gate.End(Ok{});
    gate.End(Internal("again"));
    gate.EndUnlessBusy(Internal("again"));
    EXPECT_FALSE(gate.Data("b"));
    EXPECT_FALSE(gate.Head(200, {}, ""));
    EXPECT_EQ(sink->ends(), 1);
    EXPECT_EQ(sink->Body(), "a");
}

TEST(SinkGateTest, NothingPassesAfterClose) {
    const auto sink = std::make_shared<RecordingSink>();
    SinkGate gate(sink);
    gate.Close();
    EXPECT_FALSE(gate.Data("a"));
    gate.End(Ok{});
    EXPECT_EQ(sink->ends(), 0);
}

TEST(SinkGateTest, SinkIsReleasedAtTheEnd) {
    auto sink = std::make_shared<RecordingSink>();
    const std::weak_ptr<RecordingSink> watcher = sink;
    SinkGate gate(std::move(sink));
    EXPECT_FALSE(watcher.expired());
    gate.End(Ok{});
    EXPECT_TRUE(watcher.expired());
}

// Blocks in OnData until it is told to go on.
class SlowSink final : public plugin::HttpSink {
public:
    void OnHead(int, const plugin::HttpHeaders&, const std::string&) override {}
    void OnData(std::string_view) override {
        entered.set_value();
        go_on.get_future().wait();
        is_done = true;
    }
    void OnEnd(Result<Ok>) override { ++ends; }

    std::promise<void> entered;
    std::promise<void> go_on;
    std::atomic<bool> is_done{false};
    std::atomic<int> ends{0};
};

TEST(SinkGateTest, CloseWaitsForTheCallUnderWay) {
    const auto sink = std::make_shared<SlowSink>();
    SinkGate gate(sink);
    auto call = std::async(std::launch::async, [&] { gate.Data("a"); });
    sink->entered.get_future().wait();
    auto close = std::async(std::launch::async, [&] {
        gate.Close();
        return sink->is_done.load();
    });
    gate.EndUnlessBusy(Ok{});
    EXPECT_EQ(sink->ends, 0);
    sink->go_on.set_value();
    EXPECT_TRUE(close.get());
    call.get();
    EXPECT_EQ(sink->ends, 0);
}

}  // namespace
}  // namespace yard::net
