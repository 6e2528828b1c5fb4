#include "host/storage/sql/migrations.h"

#include <gtest/gtest.h>

#include <vector>

#include "host/storage/sql/session.h"

namespace yard::storage::sql {
namespace {

const Statement kApplied{"test.applied",
                         R"(SELECT "version", "name", "applied_at" FROM "schema_migrations"
                            ORDER BY "version")",
                         "iti"};

class MigrationsTest : public ::testing::Test {
protected:
    MigrationsTest() {
        auto opened = Session::Open(":memory:", OpenMode::kReadWrite, 0);
        EXPECT_TRUE(opened.ok());
        session_ = std::move(opened).value();
    }
    Result<Ok> Apply(const std::vector<Migration>& migrations) {
        return Migrate(*session_, migrations, {42});
    }
    Rows Applied() { return session_->QueryOnce(kApplied, {}).value(); }
    bool HasTable(const std::string& name) {
        return session_->ExecuteOnce({"test.probe", "SELECT 1 FROM \"" + name + "\""}).ok();
    }

    std::unique_ptr<Session> session_;
    const Migration first_{
        1, "first", "CREATE TABLE \"one\" (\n\"a\" TEXT);\nCREATE TABLE \"two\" (\"a\" TEXT);\n"};
    const Migration second_{2, "second", "CREATE TABLE \"three\" (\"a\" TEXT);\n"};
};

TEST_F(MigrationsTest, EachIsAppliedOnceAndRecorded) {
    ASSERT_TRUE(Apply({first_}).ok());
    ASSERT_TRUE(Apply({first_}).ok());
    ASSERT_TRUE(Apply({first_, second_}).ok());
    Rows applied = Applied();
    ASSERT_EQ(applied.size(), 2u);
    EXPECT_EQ(applied.Int(1, 0), 2);
    EXPECT_EQ(applied.Text(1, 1), "second");
    EXPECT_EQ(applied.Int(1, 2), 42);
    EXPECT_TRUE(HasTable("one"));
    EXPECT_TRUE(HasTable("two"));
    EXPECT_TRUE(HasTable("three"));
}

TEST_F(MigrationsTest, AnAppliedOneWithAnotherTextIsRefused) {
    ASSERT_TRUE(Apply({first_}).ok());
    Migration changed = first_;
    changed.sql = "CREATE TABLE \"one\" (\"b\" TEXT);\n";
    const Result<Ok> done = Apply({changed, second_});
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().kind, ErrorKind::kUnavailable);
    EXPECT_NE(done.error().message.find("first"), std::string::npos);
    EXPECT_FALSE(HasTable("three"));
}

TEST_F(MigrationsTest, ANewerDatabaseIsRefused) {
    ASSERT_TRUE(Apply({first_, second_}).ok());
    const Result<Ok> done = Apply({first_});
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().kind, ErrorKind::kUnavailable);
    EXPECT_NE(done.error().message.find("newer program"), std::string::npos);
}

TEST_F(MigrationsTest, AFailedOneLeavesNothingAndCanBeTriedAgain) {
    const Migration broken{2, "second", "CREATE TABLE \"three\" (\"a\" TEXT);\nCREATE NONSENSE;\n"};
    EXPECT_FALSE(Apply({first_, broken}).ok());
    EXPECT_TRUE(HasTable("one"));
    EXPECT_FALSE(HasTable("three"));
    EXPECT_EQ(Applied().size(), 1u);
    EXPECT_TRUE(Apply({first_, second_}).ok());
}

TEST_F(MigrationsTest, CompiledOnesAreNumberedFromOneWithoutGaps) {
    int expected = 1;
    for (const Migration& migration : CompiledMigrations()) {
        EXPECT_EQ(migration.version, expected++);
        EXPECT_TRUE(migration.sql.ends_with(";\n"));
    }
    EXPECT_GT(expected, 1);
}

}  // namespace
}  // namespace yard::storage::sql
