#include "host/storage/sql/kept_statement.h"

#include <gtest/gtest.h>

#include "tests/unit/host/storage/sql/temporary_database.h"

namespace yard::storage::sql {
namespace {

const Statement kCreate{"test.create", R"(CREATE TABLE "t" ("a" INTEGER UNIQUE, "b" TEXT))"};
const Statement kInsert{"test.insert", R"(INSERT INTO "t" ("a", "b") VALUES ($1, $2))"};
const Statement kSelect{"test.select", R"(SELECT "a", "b", "a" FROM "t" WHERE "a" >= $1)", "itd"};
const Statement kFirst{"test.first", R"(SELECT "a" FROM "t" LIMIT 1)", "i"};

class KeptStatementTest : public ::testing::Test {
protected:
    KeptStatementTest() {
        EXPECT_TRUE(session_->ExecuteOnce(kCreate).ok());
        insert_ = KeptStatement::Compile(session_->handle(), kInsert);
        select_ = KeptStatement::Compile(session_->handle(), kSelect);
    }
    TemporaryDirectory directory_;
    std::unique_ptr<Session> session_ =
        Session::Open(directory_.File("a.db"), OpenMode::kReadWrite, 0).value();
    std::unique_ptr<KeptStatement> insert_;
    std::unique_ptr<KeptStatement> select_;
};

TEST_F(KeptStatementTest, WhatDoesNotCompileIsNull) {
    const Statement broken{"test.broken", "SELECT 1 FROM \"nowhere\"", "i"};
    EXPECT_EQ(KeptStatement::Compile(session_->handle(), broken), nullptr);
}

TEST_F(KeptStatementTest, EachRunHasItsOwnParametersAndRows) {
    for (int64_t i = 0; i < 3; ++i) {
        ASSERT_TRUE(insert_->Run({i, "text " + std::to_string(i)}));
    }
    std::optional<Rows> rows = select_->Run({int64_t{1}});
    ASSERT_TRUE(rows);
    ASSERT_EQ(rows->size(), 2U);
    EXPECT_EQ(rows->Int(0, 0), 1);
    EXPECT_EQ(rows->Text(1, 1), "text 2");
    rows = select_->Run({int64_t{3}});
    ASSERT_TRUE(rows);
    EXPECT_TRUE(rows->empty());
}

TEST_F(KeptStatementTest, NullsAndEmptyTextsAreToldApart) {
    ASSERT_TRUE(insert_->Run({int64_t{1}, Cell{}}));
    ASSERT_TRUE(insert_->Run({int64_t{2}, std::string()}));
    std::optional<Rows> rows = select_->Run({int64_t{0}});
    ASSERT_TRUE(rows);
    EXPECT_TRUE(rows->IsNull(0, 1));
    EXPECT_FALSE(rows->IsNull(1, 1));
    EXPECT_EQ(rows->Text(1, 1), "");
}

TEST_F(KeptStatementTest, AFaultGivesNoRowsAndTheNextRunWorks) {
    ASSERT_TRUE(insert_->Run({int64_t{1}, Cell{}}));
    EXPECT_FALSE(insert_->Run({int64_t{1}, Cell{}}));
    EXPECT_TRUE(insert_->Run({int64_t{2}, Cell{}}));
    EXPECT_EQ(select_->Run({int64_t{0}})->size(), 2U);
}

TEST_F(KeptStatementTest, AfterARunOthersMayChangeTheTable) {
    ASSERT_TRUE(insert_->Run({int64_t{1}, Cell{}}));
    const auto first = KeptStatement::Compile(session_->handle(), kFirst);
    ASSERT_TRUE(first->Run({}));
    // A statement that still had a row to give would hold a lock on the table.
    EXPECT_TRUE(session_->ExecuteOnce({"test.drop", R"(DROP TABLE "t")"}).ok());
    EXPECT_FALSE(first->Run({}));
}

}  // namespace
}  // namespace yard::storage::sql
