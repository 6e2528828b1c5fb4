#include "host/net/interruption.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>

namespace yard::net {
namespace {

class InterruptionTest : public ::testing::Test {
protected:
    InterruptionTest() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, sockets_), 0); }
    ~InterruptionTest() override {
        ::close(sockets_[0]);
        ::close(sockets_[1]);
    }
    ssize_t Receive() {
        char byte = 0;
        return ::recv(sockets_[0], &byte, 1, 0);
    }
    int sockets_[2];
};

TEST_F(InterruptionTest, WakesTheThreadThatWaits) {
    Interruption interruption;
    interruption.Watch(sockets_[0]);
    auto received = std::async(std::launch::async, [&] { return Receive(); });
    interruption.Trigger();
    EXPECT_EQ(received.get(), 0);
    EXPECT_TRUE(interruption.is_triggered());
}

TEST_F(InterruptionTest, SocketWatchedTooLateIsShutDownAtOnce) {
    Interruption interruption;
    interruption.Trigger();
    interruption.Watch(sockets_[0]);
    EXPECT_EQ(Receive(), 0);
}

TEST_F(InterruptionTest, ForgottenSocketStaysOpen) {
    Interruption interruption;
    interruption.Watch(sockets_[0]);
    interruption.Unwatch();
    interruption.Trigger();
    ASSERT_EQ(::send(sockets_[1], "x", 1, 0), 1);
    EXPECT_EQ(Receive(), 1);
}

}  // namespace
}  // namespace yard::net
