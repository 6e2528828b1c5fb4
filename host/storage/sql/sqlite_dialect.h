// Everything that is true of SQLite and not of SQL: how a connection is set up and what its error
// codes mean.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "host/storage/sql/session.h"

namespace yard::storage::sql {

inline constexpr std::string_view kMemoryPath = ":memory:";

// The path of the database file; kMemoryPath for "sqlite::memory:".
Result<std::string> PathFromUrl(const std::string& url);

// Creates the file, empty and readable by its owner only, unless it is there.
Result<Ok> EnsureFile(const std::string& path);

std::vector<std::string> ConnectionPragmas(OpenMode mode, int busy_timeout_ms);

Error CannotOpen(const std::string& path, const std::string& reason);

// The last fault of the connection: kConflict for a unique violation, kUnavailable for what the
// operator can mend (locked, full, read-only, damaged), else kInternal.
Error DescribeFault(sqlite3* connection, const std::string& path, const char* statement_name);

// The last fault is that a row breaks a constraint: the statement would fail for ever.
bool IsConstraintFault(sqlite3* connection);

// By the last INSERT, UPDATE or DELETE; cascades do not count.
int64_t ChangedRows(sqlite3* connection);

// How many different $n placeholders the statement has.
size_t CountParameters(std::string_view sql);

// Compiles the statement and compares the number of its columns.
Result<Ok> CheckStatement(sqlite3* connection, const std::string& path, const Statement& statement);

}  // namespace yard::storage::sql
