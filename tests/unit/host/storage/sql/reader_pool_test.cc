#include "host/storage/sql/reader_pool.h"

#include <gtest/gtest.h>

#include <future>

#include "tests/unit/host/storage/sql/temporary_database.h"

namespace yard::storage::sql {
namespace {

TEST(ReaderPoolTest, AFreedSessionIsTakenAgain) {
    TemporaryDatabase database;
    ReaderPool pool(database.path(), 2, 1000);
    const Session* used = nullptr;
    {
        Result<ReaderPool::Lease> lease = pool.Take();
        ASSERT_TRUE(lease.ok());
        used = &lease.value().session();
    }
    Result<ReaderPool::Lease> lease = pool.Take();
    ASSERT_TRUE(lease.ok());
    EXPECT_EQ(&lease.value().session(), used);
}

TEST(ReaderPoolTest, WhenAllAreTakenForTooLongTheErrorSaysSo) {
    TemporaryDatabase database;
    ReaderPool pool(database.path(), 1, 1);
    Result<ReaderPool::Lease> only = pool.Take();
    ASSERT_TRUE(only.ok());
    const Result<ReaderPool::Lease> second = pool.Take();
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().kind, ErrorKind::kUnavailable);
    EXPECT_NE(second.error().message.find("pool"), std::string::npos);
}

TEST(ReaderPoolTest, AWaiterGetsTheSessionThatComesBack) {
    TemporaryDatabase database;
    ReaderPool pool(database.path(), 1, 60'000);
    std::optional<ReaderPool::Lease> only(pool.Take().value());
    std::future<bool> waiter = std::async(std::launch::async, [&] { return pool.Take().ok(); });
    only.reset();
    EXPECT_TRUE(waiter.get());
}

TEST(ReaderPoolTest, AFailedOpenDoesNotUseUpThePool) {
    ReaderPool pool("/no/such/directory/a.db", 1, 1);
    for (int i = 0; i < 3; ++i) {
        const Result<ReaderPool::Lease> lease = pool.Take();
        ASSERT_FALSE(lease.ok());
        EXPECT_NE(lease.error().message.find("cannot be opened"), std::string::npos)
            << lease.error().message;
    }
}

}  // namespace
}  // namespace yard::storage::sql
