// Brings the tables of a database up to date. docs/storage.md says how to add a migration.

#pragma once

#include <span>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace yard::storage::sql {

class Session;

struct Migration {
    int version;  // 1, 2, 3, ... without gaps.
    std::string_view name;
    std::string_view sql;  // Statements, each ending with a semicolon at the end of a line.
};

// The migrations compiled into this program, ascending.
std::span<const Migration> CompiledMigrations();

// Applies what is missing, each in a transaction of its own. kUnavailable, with nothing applied, if
// the database is newer than `migrations` or one that was applied has another text now.
Result<Ok> Migrate(Session& session, std::span<const Migration> migrations, Timestamp now);

}  // namespace yard::storage::sql
