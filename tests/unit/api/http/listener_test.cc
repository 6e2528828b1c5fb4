#include "api/http/listener.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/unit/api/http/raw_client.h"

namespace yard::http {
namespace {

void CloseAll(const std::vector<int>& fds) {
    for (int fd : fds) ::close(fd);
}

TEST(ListenerTest, AllWorkersShareThePortTheSystemPicked) {
    std::vector<int> fds = Listen("127.0.0.1", 0, 3).value();
    ASSERT_EQ(fds.size(), 3u);
    EXPECT_NE(LocalPort(fds[0]), 0);
    EXPECT_EQ(LocalPort(fds[0]), LocalPort(fds[2]));
    CloseAll(fds);
}

TEST(ListenerTest, APortInUseIsAnErrorThatNamesIt) {
    std::vector<int> fds = Listen("127.0.0.1", 0, 1).value();
    uint16_t port = LocalPort(fds[0]);
    auto second = Listen("127.0.0.1", port, 1);
    ASSERT_FALSE(second);
    EXPECT_NE(second.error().message.find(std::to_string(port)), std::string::npos);
    CloseAll(fds);
    auto third = Listen("127.0.0.1", port, 2);
    ASSERT_TRUE(third);
    CloseAll(third.value());
}

TEST(ListenerTest, OnlyAddressLiteralsAreTaken) {
    for (const char* address : {"", "localhost", "300.1.1.1", "127.0.0.1:80", "a"}) {
        auto result = Listen(address, 0, 1);
        ASSERT_FALSE(result) << address;
        EXPECT_EQ(result.error().kind, ErrorKind::kInvalid);
    }
    EXPECT_FALSE(Listen("192.0.2.1", 0, 1));  // Nobody's own address.
}

TEST(ListenerTest, MappedAddressesAreShownAsIpv4) {
    auto fds = Listen("::", 0, 1);
    if (!fds) GTEST_SKIP() << "no IPv6 here";
    Acceptor acceptor(fds.value()[0]);
    RawClient client(LocalPort(acceptor.fd()));
    Acceptor::Client accepted;
    ASSERT_EQ(acceptor.Accept(accepted), Acceptor::Outcome::kAccepted);
    EXPECT_EQ(accepted.address, "127.0.0.1");
    EXPECT_NE(accepted.port, 0);
    ::close(accepted.fd);
}

TEST(ListenerTest, WithoutDescriptorsTheClientIsClosedInsteadOfSpunOn) {
    Acceptor acceptor(Listen("127.0.0.1", 0, 1).value()[0]);
    RawClient client(LocalPort(acceptor.fd()));
    rlimit before{};
    getrlimit(RLIMIT_NOFILE, &before);
    rlimit none{0, before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &none);
    Acceptor::Client accepted;
    auto first = acceptor.Accept(accepted);
    setrlimit(RLIMIT_NOFILE, &before);
    // A limit of 0 denies even the spare: the caller is told to wait. The client is still in the
    // queue.
    EXPECT_EQ(first, Acceptor::Outcome::kExhausted);
    ASSERT_EQ(acceptor.Accept(accepted), Acceptor::Outcome::kAccepted);
    ::close(accepted.fd);
    EXPECT_EQ(acceptor.Accept(accepted), Acceptor::Outcome::kNone);
}

}  // namespace
}  // namespace yard::http
