// Every statement of the folder compiles against the tables as migrated.

#include <gtest/gtest.h>

#include "host/storage/sql/account_store.h"
#include "host/storage/sql/execution_store.h"
#include "host/storage/sql/graph_store.h"
#include "host/storage/sql/journal_writer.h"
#include "host/storage/sql/library_store.h"
#include "host/storage/sql/migrations.h"
#include "host/storage/sql/session.h"
#include "host/storage/sql/user_store.h"

namespace yard::storage::sql {
namespace {

TEST(StatementsTest, EveryStatementCompilesAndDeclaresItsColumns) {
    Result<std::unique_ptr<Session>> opened = Session::Open(":memory:", OpenMode::kReadWrite, 0);
    ASSERT_TRUE(opened.ok());
    Session& session = *opened.value();
    ASSERT_TRUE(Migrate(session, CompiledMigrations(), {1}).ok());
    for (const auto& statements : {SqlAccountStore::Statements(), SqlExecutionStore::Statements(),
                                   SqlGraphStore::Statements(), SqlLibraryStore::Statements(),
                                   SqlUserStore::Statements(), JournalWriter::Statements()}) {
        ASSERT_FALSE(statements.empty());
        for (const Statement* statement : statements) {
            const Result<Ok> prepared = session.Prepare(*statement);
            EXPECT_TRUE(prepared.ok())
                << statement->name << ": " << (prepared ? "" : prepared.error().message);
        }
    }
}

}  // namespace
}  // namespace yard::storage::sql
