#include "host/storage/sql/migrations.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/log.h"
#include "host/storage/sql/session.h"

namespace yard::storage::sql {
namespace {

const Statement kCreateTable{"migrations.create_table",
                             R"(CREATE TABLE IF NOT EXISTS "schema_migrations" (
    "version" INTEGER NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "checksum" TEXT NOT NULL,
    "applied_at" INTEGER NOT NULL
))"};
const Statement kList{"migrations.list",
                      R"(SELECT "version", "name", "checksum" FROM "schema_migrations"
                         ORDER BY "version")",
                      "itt"};
const Statement kRecord{"migrations.record",
                        R"(INSERT INTO "schema_migrations"
                           ("version", "name", "checksum", "applied_at")
                           VALUES ($1, $2, $3, $4))"};

std::vector<std::string> SplitStatements(std::string_view sql) {
    std::vector<std::string> statements;
    for (size_t end = sql.find(";\n"); end != std::string_view::npos; end = sql.find(";\n")) {
        statements.emplace_back(sql.substr(0, end));
        sql.remove_prefix(end + 2);
    }
    return statements;
}

Result<Ok> CheckApplied(Rows& applied, std::span<const Migration> migrations) {
    for (size_t row = 0; row < applied.size(); ++row) {
        const int64_t version = applied.Int(row, 0);
        const std::string name = applied.Text(row, 1);
        if (row >= migrations.size()) {
            return Unavailable(
                fmt::format("The database is at version {} ({}) and this program knows versions up "
                            "to {}; run the newer program that wrote it.",
                            version, name, migrations.size()));
        }
        if (version != migrations[row].version ||
            applied.Text(row, 2) != Sha256Hex(migrations[row].sql)) {
            return Unavailable(fmt::format(
                "Migration {} ({}) of the database is not the one this program has; run the "
                "program that wrote it, or restore a backup.",
                version, name));
        }
    }
    return Ok{};
}

Result<Ok> Apply(Session& session, const Migration& migration, Timestamp now) {
    Transaction transaction = TRY(Transaction::BeginWrite(session));
    for (std::string& sql : SplitStatements(migration.sql)) {
        TRY(session.ExecuteOnce({"migrations.apply", std::move(sql)}));
    }
    TRY(session.ExecuteOnce(kRecord, {int64_t{migration.version}, std::string(migration.name),
                                      Sha256Hex(migration.sql), ToCell(now)}));
    return transaction.Commit();
}

}  // namespace

Result<Ok> Migrate(Session& session, std::span<const Migration> migrations, Timestamp now) {
    TRY(session.ExecuteOnce(kCreateTable));
    Rows applied = TRY(session.QueryOnce(kList, {}));
    TRY(CheckApplied(applied, migrations));
    for (const Migration& migration : migrations.subspan(applied.size())) {
        TRY(Apply(session, migration, now));
        LogInfo("storage", "Applied a migration.",
                {{"version", std::to_string(migration.version)},
                 {"name", std::string(migration.name)}});
    }
    return Ok{};
}

}  // namespace yard::storage::sql
