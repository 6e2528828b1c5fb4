#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "host/storage/sql/open_database.h"
#include "host/storage/sql/session.h"
#include "tests/unit/host/storage/sql/temporary_database.h"

namespace yard::storage::sql {
namespace {

Result<Ok> AddUser(Stores& stores, const std::string& id) {
    TRY(stores.users.GetOrCreate(UserId(id), id + "@example.com", std::nullopt, {1}));
    return Ok{};
}

bool HasUser(Database& database, const std::string& id) {
    bool found = false;
    const Result<Ok> done = database.Read([&](Stores& stores) -> Result<Ok> {
        found = TRY(stores.users.Find(UserId(id))).has_value();
        return Ok{};
    });
    EXPECT_TRUE(done.ok()) << (done ? "" : done.error().message);
    return found;
}

// Another program that holds the database's write lock.
class ForeignLock {
public:
    explicit ForeignLock(const std::string& path) {
        EXPECT_EQ(sqlite3_open(path.c_str(), &connection_), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(connection_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr),
                  SQLITE_OK);
    }
    ForeignLock(const ForeignLock&) = delete;
    ForeignLock& operator=(const ForeignLock&) = delete;
    ~ForeignLock() { sqlite3_close(connection_); }

private:
    sqlite3* connection_ = nullptr;
};

TEST(DatabaseTest, AWriteThatReturnsAnErrorLeavesNothing) {
    TemporaryDatabase database;
    const Result<Ok> done = database->Write([](Stores& stores) -> Result<Ok> {
        TRY(AddUser(stores, "ghost"));
        return NotFound("the reason");
    });
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().message, "the reason");
    EXPECT_FALSE(HasUser(*database, "ghost"));
    EXPECT_TRUE(database->Write([](Stores& stores) { return AddUser(stores, "next"); }).ok());
    EXPECT_TRUE(HasUser(*database, "next"));
}

TEST(DatabaseTest, AReadCannotWrite) {
    TemporaryDatabase database;
    const Result<Ok> done = database->Read([](Stores& stores) { return AddUser(stores, "ghost"); });
    EXPECT_FALSE(done.ok());
    EXPECT_FALSE(HasUser(*database, "ghost"));
}

TEST(DatabaseTest, WhatWasCommittedIsThereAfterReopening) {
    TemporaryDatabase database;
    ASSERT_TRUE(database->Write([](Stores& stores) { return AddUser(stores, "kept"); }).ok());
    database.Reopen();
    EXPECT_TRUE(HasUser(*database, "kept"));
    EXPECT_TRUE(database->Check().ok());
}

TEST(DatabaseTest, AnInMemoryDatabaseReadsWhatItWrote) {
    TemporaryDatabase database({.url = "sqlite::memory:"});
    EXPECT_TRUE(HasUser(*database, kUser.text()));
    EXPECT_TRUE(database->Check().ok());
    database.Append({ExampleRun("run")});
    EXPECT_EQ(database.LoadRun("run").execution.id, GraphExecutionId("run"));
}

TEST(DatabaseTest, AnotherProcessesLockIsUnavailableUntilItEnds) {
    TemporaryDatabase database({.busy_timeout_ms = 10});
    {
        ForeignLock lock(database.path());
        const Result<Ok> done =
            database->Write([](Stores& stores) { return AddUser(stores, "late"); });
        ASSERT_FALSE(done.ok());
        EXPECT_EQ(done.error().kind, ErrorKind::kUnavailable);
        EXPECT_NE(done.error().message.find(database.path()), std::string::npos);
        EXPECT_NE(done.error().message.find("lock"), std::string::npos);
        EXPECT_TRUE(HasUser(*database, kUser.text()));  // Readers do not wait for writers.
    }
    EXPECT_TRUE(database->Write([](Stores& stores) { return AddUser(stores, "late"); }).ok());
}

TEST(DatabaseTest, AFileThatIsNotADatabaseIsRefused) {
    TemporaryDirectory directory;
    const std::string path = directory.File("notes.txt");
    std::ofstream(path) << std::string(8192, 'x');
    const auto opened = OpenDatabase({.url = path});
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().kind, ErrorKind::kUnavailable);
    EXPECT_NE(opened.error().message.find(path), std::string::npos);
    EXPECT_NE(opened.error().message.find("damaged"), std::string::npos) << opened.error().message;
}

TEST(DatabaseTest, ADamagedDatabaseIsRefused) {
    TemporaryDatabase database;
    database.Close();
    {
        std::fstream file(database.path(), std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(100);  // Behind the header: the page that lists the tables.
        file << std::string(3000, '\xff');
    }
    const auto opened = OpenDatabase({.url = database.path()});
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().kind, ErrorKind::kUnavailable);
    EXPECT_NE(opened.error().message.find("backup"), std::string::npos) << opened.error().message;
}

TEST(DatabaseTest, ADirectoryThatCannotBeWrittenIsRefusedWithItsName) {
    TemporaryDirectory directory;
    const std::string path = directory.File("a.db");
    ASSERT_EQ(::chmod(directory.path().c_str(), 0555), 0);
    const bool is_root = ::geteuid() == 0;
    if (is_root) {  // Root may write anywhere.
        ASSERT_EQ(::seteuid(65534), 0);
    }
    const auto opened = OpenDatabase({.url = path});
    if (is_root) {
        ASSERT_EQ(::seteuid(0), 0);
    }
    ASSERT_EQ(::chmod(directory.path().c_str(), 0755), 0);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().kind, ErrorKind::kUnavailable);
    EXPECT_NE(opened.error().message.find(path), std::string::npos);
}

TEST(DatabaseTest, ADatabaseOfANewerProgramIsRefused) {
    TemporaryDatabase database;
    database.Close();
    {
        auto session = Session::Open(database.path(), OpenMode::kReadWrite, 0);
        ASSERT_TRUE(session.ok());
        ASSERT_TRUE(session.value()
                        ->ExecuteOnce({"test.newer", R"(INSERT INTO "schema_migrations"
                                       VALUES (999, 'from_the_future', 'x', 1))"})
                        .ok());
    }
    const auto opened = OpenDatabase({.url = database.path()});
    ASSERT_FALSE(opened.ok());
    EXPECT_NE(opened.error().message.find("from_the_future"), std::string::npos);
}

TEST(DatabaseTest, OptionsOutOfRangeAreRefused) {
    EXPECT_FALSE(OpenDatabase({.url = "sqlite::memory:", .pool_size = 0}).ok());
    EXPECT_FALSE(OpenDatabase({.url = "sqlite::memory:", .busy_timeout_ms = -1}).ok());
    EXPECT_FALSE(OpenDatabase({.url = "sqlite::memory:", .commit_group_max = 0}).ok());
    EXPECT_FALSE(OpenDatabase({.url = "not://understood"}).ok());
}

TEST(DatabaseTest, ReadersSeeWholeUnitsOfWorkWhileWritersWork) {
    TemporaryDatabase database({.busy_timeout_ms = 20'000, .pool_size = 2});
    constexpr int kPairs = 100;
    std::atomic<bool> writing = true;
    std::thread writer([&] {
        for (int i = 0; i < kPairs; ++i) {
            const Result<Ok> done = database->Write([&](Stores& stores) -> Result<Ok> {
                TRY(AddUser(stores, "left" + std::to_string(i)));
                return AddUser(stores, "right" + std::to_string(i));
            });
            EXPECT_TRUE(done.ok());
        }
        writing = false;
    });
    std::vector<std::thread> readers;
    for (int thread = 0; thread < 4; ++thread) {
        readers.emplace_back([&] {
            while (writing) {
                const Result<Ok> done = database->Read([](Stores& stores) -> Result<Ok> {
                    for (int i = 0; i < kPairs; i += 10) {
                        const std::string number = std::to_string(i);
                        const bool left =
                            TRY(stores.users.Find(UserId("left" + number))).has_value();
                        const bool right =
                            TRY(stores.users.Find(UserId("right" + number))).has_value();
                        EXPECT_EQ(left, right);
                    }
                    return Ok{};
                });
                EXPECT_TRUE(done.ok()) << (done ? "" : done.error().message);
            }
        });
    }
    writer.join();
    for (std::thread& reader : readers) reader.join();
    EXPECT_TRUE(HasUser(*database, "right99"));
}

}  // namespace
}  // namespace yard::storage::sql
