#include "host/storage/sql/session.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/unit/host/storage/sql/temporary_database.h"

namespace yard::storage::sql {
namespace {

const Statement kCreate{"test.create",
                        R"(CREATE TABLE "t" ("a" INTEGER, "b" DOUBLE, "c" TEXT UNIQUE))"};
const Statement kInsert{"test.insert", R"(INSERT INTO "t" ("a", "b", "c") VALUES ($1, $2, $3))"};
const Statement kSelect{"test.select", R"(SELECT "a", "b", "c" FROM "t" ORDER BY rowid)", "idt"};
const Statement kBroken{"test.broken", R"(SELECT "nothing" FROM "nowhere")", "t"};

class SessionTest : public ::testing::Test {
protected:
    SessionTest() {
        auto opened = Session::Open(":memory:", OpenMode::kReadWrite, 0);
        EXPECT_TRUE(opened.ok());
        session_ = std::move(opened).value();
        EXPECT_TRUE(session_->ExecuteOnce(kCreate).ok());
    }
    std::unique_ptr<Session> session_;
};

TEST_F(SessionTest, ValuesComeBackAsTheyWent) {
    const std::string text = "quote ' umlaut \xC3\xA4";
    ASSERT_TRUE(session_->Execute(kInsert, {std::numeric_limits<int64_t>::min(), 0.1, text}).ok());
    ASSERT_TRUE(
        session_->Execute(kInsert, {std::numeric_limits<int64_t>::max(), -1e300, std::string()})
            .ok());
    ASSERT_TRUE(session_->Execute(kInsert, {Cell{}, Cell{}, Cell{}}).ok());
    Result<Rows> result = session_->Query(kSelect, {});
    ASSERT_TRUE(result.ok());
    Rows& rows = result.value();
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows.Int(0, 0), std::numeric_limits<int64_t>::min());
    EXPECT_EQ(rows.Text(0, 2), text);
    EXPECT_EQ(rows.Int(1, 0), std::numeric_limits<int64_t>::max());
    EXPECT_FALSE(rows.IsNull(1, 2));
    EXPECT_EQ(rows.OptionalText(1, 2), "");
    EXPECT_TRUE(rows.IsNull(2, 0));
    EXPECT_TRUE(rows.IsNull(2, 1));
    EXPECT_EQ(rows.OptionalText(2, 2), std::nullopt);
    EXPECT_EQ(rows.OptionalTime(2, 0), std::nullopt);
}

TEST_F(SessionTest, TextWithANulIsRefused) {
    const auto refused = session_->Execute(kInsert, {Cell{}, Cell{}, std::string("a\0b", 3)});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().kind, ErrorKind::kInvalid);
    EXPECT_TRUE(session_->Execute(kInsert, {Cell{}, Cell{}, std::string("ab")}).ok());
}

TEST_F(SessionTest, APreparedStatementForgetsTheParametersAndRowsOfItsLastRun) {
    for (int64_t i = 0; i < 3; ++i) {
        ASSERT_TRUE(session_->Execute(kInsert, {i, Cell{}, std::to_string(i)}).ok());
        Result<Rows> rows = session_->Query(kSelect, {});
        ASSERT_TRUE(rows.ok());
        EXPECT_EQ(rows.value().size(), static_cast<size_t>(i) + 1);
    }
}

TEST_F(SessionTest, AUniqueViolationIsAConflictAndTheStatementWorksAfterwards) {
    ASSERT_TRUE(session_->Execute(kInsert, {int64_t{1}, Cell{}, std::string("same")}).ok());
    const Result<int64_t> twice =
        session_->Execute(kInsert, {int64_t{2}, Cell{}, std::string("same")});
    ASSERT_FALSE(twice.ok());
    EXPECT_EQ(twice.error().kind, ErrorKind::kConflict);
    EXPECT_TRUE(session_->Execute(kInsert, {int64_t{3}, Cell{}, std::string("other")}).ok());
}

TEST_F(SessionTest, ExecuteCountsTheRowsItChanged) {
    const Statement remove{"test.delete", R"(DELETE FROM "t" WHERE "a" >= $1)"};
    for (int64_t i = 0; i < 4; ++i) {
        ASSERT_TRUE(session_->Execute(kInsert, {i, Cell{}, Cell{}}).ok());
    }
    EXPECT_EQ(session_->Execute(remove, {int64_t{1}}).value(), 3);
    EXPECT_EQ(session_->Execute(remove, {int64_t{1}}).value(), 0);
}

TEST_F(SessionTest, AStatementThatDoesNotCompileIsAnInternalErrorWithItsName) {
    const Result<Rows> result = session_->Query(kBroken, {});
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().kind, ErrorKind::kInternal);
    EXPECT_NE(result.error().message.find("test.broken"), std::string::npos);
    EXPECT_FALSE(session_->Prepare(kBroken).ok());
}

TEST_F(SessionTest, JsonThatIsNotJsonReadsAsNull) {
    ASSERT_TRUE(session_->Execute(kInsert, {Cell{}, Cell{}, std::string("{broken")}).ok());
    const Result<Rows> rows = session_->Query(kSelect, {});
    ASSERT_TRUE(rows.ok());
    EXPECT_TRUE(rows.value().Json(0, 2)->IsNull());
}

TEST_F(SessionTest, ATransactionThatIsNotCommittedLeavesNothing) {
    {
        Result<Transaction> transaction = Transaction::BeginWrite(*session_);
        ASSERT_TRUE(transaction.ok());
        ASSERT_TRUE(session_->Execute(kInsert, {int64_t{1}, Cell{}, Cell{}}).ok());
    }
    EXPECT_FALSE(session_->InTransaction());
    EXPECT_TRUE(session_->Query(kSelect, {}).value().empty());
}

TEST(SessionOpenTest, AReadOnlySessionRefusesToWrite) {
    TemporaryDirectory directory;
    const std::string path = directory.File("a.db");
    auto writer = Session::Open(path, OpenMode::kReadWrite, 0);
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE(writer.value()->ExecuteOnce(kCreate).ok());
    auto reader = Session::Open(path, OpenMode::kReadOnly, 0);
    ASSERT_TRUE(reader.ok());
    EXPECT_TRUE(reader.value()->Query(kSelect, {}).ok());
    const auto refused = reader.value()->Execute(kInsert, {Cell{}, Cell{}, Cell{}});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().kind, ErrorKind::kUnavailable);
}

}  // namespace
}  // namespace yard::storage::sql
