#include "host/storage/sql/sqlite_dialect.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/unit/host/storage/sql/temporary_database.h"

namespace yard::storage::sql {
namespace {

TEST(PathFromUrlTest, UnderstandsUrlsPathsAndMemory) {
    EXPECT_EQ(PathFromUrl("sqlite:///var/lib/a.db").value(), "/var/lib/a.db");
    EXPECT_EQ(PathFromUrl("/var/lib/a.db").value(), "/var/lib/a.db");
    EXPECT_EQ(PathFromUrl("data/a.db").value(), "data/a.db");
    EXPECT_EQ(PathFromUrl("sqlite::memory:").value(), ":memory:");
}

TEST(PathFromUrlTest, RefusesWhatItDoesNotUnderstandWithTheFormsItDoes) {
    for (const char* url :
         {"", "sqlite://", "sqlite://relative.db", "sqlite:a.db", "mysql://host/db",
          ":memory:", "file:a.db?mode=memory", "http://example.com/a.db"}) {
        const Result<std::string> path = PathFromUrl(url);
        ASSERT_FALSE(path.ok()) << url;
        EXPECT_EQ(path.error().kind, ErrorKind::kInvalid) << url;
        EXPECT_NE(path.error().message.find("sqlite:///absolute/path.db"), std::string::npos);
    }
}

TEST(PathFromUrlTest, SaysThatPostgresIsNotInThisVersion) {
    const Result<std::string> path = PathFromUrl("postgresql://localhost/blockyard");
    ASSERT_FALSE(path.ok());
    EXPECT_EQ(path.error().kind, ErrorKind::kUnavailable);
}

TEST(EnsureFileTest, ANewFileIsReadableByItsOwnerOnly) {
    TemporaryDirectory directory;
    const std::string path = directory.File("a.db");
    ASSERT_TRUE(EnsureFile(path).ok());
    struct stat status {};
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST(EnsureFileTest, ADirectoryThatIsMissingIsNamed) {
    const Result<Ok> done = EnsureFile("/no/such/directory/a.db");
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().kind, ErrorKind::kUnavailable);
    EXPECT_NE(done.error().message.find("/no/such/directory/a.db"), std::string::npos);
}

TEST(CountParametersTest, TheHighestNumberCounts) {
    EXPECT_EQ(CountParameters("SELECT 1"), 0u);
    EXPECT_EQ(CountParameters("SELECT $1, $2, $1"), 2u);
    EXPECT_EQ(CountParameters("SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10"), 10u);
}

TEST(CheckStatementTest, FindsAWrongColumnCountAndAGapInThePlaceholders) {
    auto session = Session::Open(":memory:", OpenMode::kReadWrite, 0);
    ASSERT_TRUE(session.ok());
    EXPECT_TRUE(session.value()->Prepare({"ok", "SELECT $1, 2", "ii"}).ok());
    EXPECT_FALSE(session.value()->Prepare({"columns", "SELECT $1, 2", "i"}).ok());
    EXPECT_FALSE(session.value()->Prepare({"gap", "SELECT $1, $3", "ii"}).ok());
}

}  // namespace
}  // namespace yard::storage::sql
