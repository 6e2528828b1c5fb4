#include "host/net/connection_pool.h"

#include <gtest/gtest.h>

namespace yard::net {
namespace {

class FakeConnection final : public Connection {
public:
    FakeConnection(int number, bool is_idle) : number_(number), is_idle_(is_idle) {}
    Result<Ok> Send(std::string_view) override { return Ok{}; }
    Result<size_t> Receive(char*, size_t) override { return size_t{0}; }
    int socket() const override { return number_; }
    bool IsIdle() const override { return is_idle_; }

private:
    int number_;
    bool is_idle_;
};

// The number of the connection, 0 if there is none.
int Take(ConnectionPool& pool, const std::string& origin) {
    const auto connection = pool.Take(origin);
    return connection ? connection->socket() : 0;
}

void Put(ConnectionPool& pool, const std::string& origin, int number, bool is_idle = true) {
    pool.Put(origin, std::make_unique<FakeConnection>(number, is_idle));
}

TEST(ConnectionPoolTest, GivesTheLastOneOfTheOriginFirst) {
    ConnectionPool pool(8);
    Put(pool, "a", 1);
    Put(pool, "a", 2);
    Put(pool, "b", 3);
    EXPECT_EQ(Take(pool, "a"), 2);
    EXPECT_EQ(Take(pool, "a"), 1);
    EXPECT_EQ(Take(pool, "a"), 0);
    EXPECT_EQ(Take(pool, "b"), 3);
    EXPECT_EQ(Take(pool, "c"), 0);
}

TEST(ConnectionPoolTest, SkipsConnectionsThatAreNoLongerGood) {
    ConnectionPool pool(8);
    Put(pool, "a", 1);
    Put(pool, "a", 2, false);
    EXPECT_EQ(Take(pool, "a"), 1);
}

TEST(ConnectionPoolTest, KeepsNoMoreThanItsLimits) {
    ConnectionPool pool(2);
    for (int i = 1; i <= 3; ++i) Put(pool, "a", i);
    EXPECT_EQ(Take(pool, "a"), 2);
    ConnectionPool large(10'000);
    for (int i = 1; i <= 600; ++i) Put(large, "a", i);
    EXPECT_EQ(Take(large, "a"), 512);
}

TEST(ConnectionPoolTest, FreshConnectionsAreNotExpired) {
    ConnectionPool pool(2);
    Put(pool, "a", 1);
    pool.CloseExpired();
    EXPECT_EQ(Take(pool, "a"), 1);
}

}  // namespace
}  // namespace yard::net
