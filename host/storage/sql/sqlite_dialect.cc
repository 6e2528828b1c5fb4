#include "host/storage/sql/sqlite_dialect.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace yard::storage::sql {
namespace {

// What the operator can do about it; empty if it is a fault of this program.
std::string_view Advice(int primary_code) {
    switch (primary_code) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED: return "another process holds a lock on it; stop that process or wait";
        case SQLITE_FULL: return "the disk is full; make room and the work goes on";
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH: return "it is read-only; make the file and its directory writable";
        case SQLITE_CANTOPEN:
            return "it cannot be opened; check that its directory exists and is writable";
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return "the file is damaged or not a database; restore it from a backup";
        case SQLITE_IOERR: return "the disk reports an error; check the disk and its free space";
        case SQLITE_NOMEM: return "memory is exhausted; give the process more";
    }
    return {};
}

bool IsUniqueFault(int extended_code) {
    return extended_code == SQLITE_CONSTRAINT_UNIQUE ||
           extended_code == SQLITE_CONSTRAINT_PRIMARYKEY ||
           extended_code == SQLITE_CONSTRAINT_ROWID;
}

}  // namespace

Result<std::string> PathFromUrl(const std::string& url) {
    constexpr std::string_view kFilePrefix = "sqlite://";
    if (url == "sqlite::memory:") return std::string(kMemoryPath);
    if (url.starts_with("postgresql:") || url.starts_with("postgres:")) {
        return Unavailable(
            "PostgreSQL is not supported by this version; use a database url like "
            "sqlite:///var/lib/blockyard/blockyard.db.");
    }
    std::string path = url.starts_with(kFilePrefix) ? url.substr(kFilePrefix.size()) : url;
    const bool is_url = path.find("://") != std::string::npos || path.starts_with("sqlite:") ||
                        path.starts_with("file:") || path.starts_with(":");
    const bool is_relative_url = path.size() != url.size() && !path.starts_with('/');
    if (path.empty() || is_url || is_relative_url || path.find('\0') != std::string::npos) {
        return Invalid(
            fmt::format("The database url '{}' is not understood; write "
                        "sqlite:///absolute/path.db, a path, or sqlite::memory:.",
                        url));
    }
    return path;
}

Result<Ok> EnsureFile(const std::string& path) {
    if (path == kMemoryPath) return Ok{};
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return CannotOpen(path, std::strerror(errno));
    ::close(file);
    return Ok{};
}

std::vector<std::string> ConnectionPragmas(OpenMode mode, int busy_timeout_ms) {
    std::vector<std::string> pragmas = {
        fmt::format("PRAGMA busy_timeout = {}", busy_timeout_ms),
        "PRAGMA foreign_keys = ON",
    };
    if (mode == OpenMode::kReadOnly) {
        pragmas.push_back("PRAGMA query_only = ON");
        return pragmas;
    }
    pragmas.push_back("PRAGMA journal_mode = WAL");
    pragmas.push_back("PRAGMA synchronous = NORMAL");
    pragmas.push_back("PRAGMA wal_autocheckpoint = 4000");      // Pages.
    pragmas.push_back("PRAGMA journal_size_limit = 67108864");  // Bytes kept after a check-point.
    pragmas.push_back("PRAGMA cache_size = -65536");            // KiB.
    return pragmas;
}

Error CannotOpen(const std::string& path, const std::string& reason) {
    return Unavailable(
        fmt::format("The database {} cannot be opened ({}); check that its directory "
                    "exists and is writable.",
                    path, reason));
}

Error DescribeFault(sqlite3* connection, const std::string& path, const char* statement_name) {
    const int code = sqlite3_extended_errcode(connection);
    const char* text = sqlite3_errmsg(connection);
    if (IsUniqueFault(code)) {
        return {ErrorKind::kConflict, fmt::format("The row exists already ({}).", text), {}};
    }
    if (code == SQLITE_CONSTRAINT_FOREIGNKEY || code == SQLITE_CONSTRAINT_TRIGGER) {
        return {ErrorKind::kConflict,
                fmt::format("Statement {} refers to a row that does not exist, or removes one that "
                            "others refer to.",
                            statement_name),
                {}};
    }
    const std::string_view advice = Advice(code & 0xff);
    if (advice.empty()) {
        return Internal(fmt::format("Statement {} on {} failed: {} (SQLite {}).", statement_name,
                                    path, text, code));
    }
    return Unavailable(fmt::format("The database {} cannot be used: {} ({}).", path, advice, text));
}

bool IsConstraintFault(sqlite3* connection) {
    return (sqlite3_errcode(connection) & 0xff) == SQLITE_CONSTRAINT;
}

int64_t ChangedRows(sqlite3* connection) { return sqlite3_changes64(connection); }

size_t CountParameters(std::string_view sql) {
    size_t highest = 0;
    for (size_t at = sql.find('$'); at != std::string_view::npos; at = sql.find('$', at + 1)) {
        size_t number = 0;
        std::from_chars(sql.data() + at + 1, sql.data() + sql.size(), number);
        highest = std::max(highest, number);
    }
    return highest;
}

Result<Ok> CheckStatement(sqlite3* connection, const std::string& path,
                          const Statement& statement) {
    sqlite3_stmt* compiled = nullptr;
    const int code = sqlite3_prepare_v2(connection, statement.sql.c_str(), -1, &compiled, nullptr);
    if (code != SQLITE_OK) return DescribeFault(connection, path, statement.name);
    const size_t columns = static_cast<size_t>(sqlite3_column_count(compiled));
    const size_t parameters = static_cast<size_t>(sqlite3_bind_parameter_count(compiled));
    sqlite3_finalize(compiled);
    if (columns != std::strlen(statement.columns)) {
        return Internal(fmt::format("Statement {} declares {} columns and has {}.", statement.name,
                                    std::strlen(statement.columns), columns));
    }
    if (parameters != CountParameters(statement.sql)) {
        return Internal(
            fmt::format("Statement {} does not number its placeholders 1, 2, ...", statement.name));
    }
    return Ok{};
}

}  // namespace yard::storage::sql
