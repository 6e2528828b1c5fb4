// One connection and its prepared statements: a thin layer over Poco::Data, and below it where that
// is slow, that returns Results and knows NULL.

#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "base/value.h"

struct sqlite3;

namespace yard::storage::sql {

// A parameter or a column of a row. monostate is NULL.
using Cell = std::variant<std::monostate, int64_t, double, std::string>;
using Parameters = std::vector<Cell>;

inline Cell ToCell(Timestamp time) { return time.ms; }
inline Cell ToCell(const std::string& text) { return text; }
inline Cell ToCell(bool value) { return int64_t{value}; }
inline Cell ToCell(int value) { return int64_t{value}; }
inline Cell ToCell(size_t value) {  // Limits and offsets: anything beyond the range is "all".
    return static_cast<int64_t>(std::min<size_t>(value, std::numeric_limits<int64_t>::max()));
}
template <typename Tag>
Cell ToCell(const Id<Tag>& id) {
    return id.text();
}
template <typename T>
Cell ToCell(const std::optional<T>& value) {
    return value ? ToCell(*value) : Cell{};
}
Cell JsonCell(View value);    // JSON text, or NULL for a null.
Cell ObjectCell(View value);  // JSON text; `{}` for a null.

// A statement with a name for error messages. Placeholders are $1, $2, ... in order of first use.
struct Statement {
    const char* name;
    std::string sql;
    const char* columns = "";  // One letter per result column: t text, i integer, d double.
};

// What a query returned. Columns are counted from 0; text moves out of the row.
class Rows {
public:
    explicit Rows(std::vector<std::vector<Cell>> columns) : columns_(std::move(columns)) {}

    size_t size() const { return columns_.empty() ? 0 : columns_[0].size(); }
    bool empty() const { return size() == 0; }

    bool IsNull(size_t row, size_t column) const;
    int64_t Int(size_t row, size_t column) const;  // 0 for NULL.
    bool Bool(size_t row, size_t column) const { return Int(row, column) != 0; }
    std::string Text(size_t row, size_t column);  // "" for NULL.
    Timestamp Time(size_t row, size_t column) const { return {Int(row, column)}; }
    std::optional<Timestamp> OptionalTime(size_t row, size_t column) const;
    std::optional<std::string> OptionalText(size_t row, size_t column);
    // Null for NULL. Text that is not JSON was not written by this program; it reads as null.
    Value Json(size_t row, size_t column) const;

private:
    std::vector<std::vector<Cell>> columns_;
};

enum class OpenMode { kReadWrite, kReadOnly };

// Not thread-safe: one user at a time.
class Session {
public:
    // Opens and configures a connection to a SQLite file.
    static Result<std::unique_ptr<Session>> Open(const std::string& path, OpenMode mode,
                                                 int busy_timeout_ms);
    ~Session();

    // Runs a statement and keeps it prepared; `statement` must outlive the session.
    Result<Rows> Query(const Statement& statement, Parameters parameters);
    // The number of rows changed.
    Result<int64_t> Execute(const Statement& statement, Parameters parameters);
    // For SQL put together at run time: prepared for this one call.
    Result<Rows> QueryOnce(const Statement& statement, Parameters parameters);
    Result<Ok> ExecuteOnce(const Statement& statement, Parameters parameters = {});

    // Compiles without running. For tests.
    Result<Ok> Prepare(const Statement& statement);

    bool InTransaction() const;
    const std::string& path() const { return path_; }
    // Borrowed; for code below Poco::Data (docs/decisions/0005-journal-below-poco.md).
    sqlite3* handle() const;

private:
    struct Connection;
    struct Prepared;
    Session(std::string path, std::unique_ptr<Connection> connection);

    Result<std::unique_ptr<Prepared>> Compile(const Statement& statement);
    Result<Ok> Run(const Statement& statement, Prepared& prepared, Parameters parameters);

    std::string path_;
    std::unique_ptr<Connection> connection_;
};

// A transaction on a session, rolled back unless committed.
class Transaction {
public:
    static Result<Transaction> BeginWrite(Session& session);  // Takes the write lock at once.
    static Result<Transaction> BeginRead(Session& session);   // One snapshot for all its reads.
    Transaction(Transaction&& other) noexcept : session_(std::exchange(other.session_, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();

    Result<Ok> Commit();

private:
    explicit Transaction(Session& session) : session_(&session) {}

    Session* session_;
};

}  // namespace yard::storage::sql
