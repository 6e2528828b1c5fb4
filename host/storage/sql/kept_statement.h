#pragma once

#include <memory>
#include <optional>

#include "host/storage/sql/session.h"

struct sqlite3_stmt;

namespace yard::storage::sql {

// A statement that stays compiled on its connection and is run again and again. It is below
// Poco::Data, which compiles a statement each time it executes it
// (docs/decisions/0009-statements-stay-compiled.md). Not thread-safe; must not outlive the
// connection, which describes the fault whenever there is no result.
class KeptStatement {
public:
    // Null on a fault. `statement` must outlive what is made.
    static std::unique_ptr<KeptStatement> Compile(sqlite3* connection, const Statement& statement);
    ~KeptStatement();
    KeptStatement(const KeptStatement&) = delete;
    KeptStatement& operator=(const KeptStatement&) = delete;

    // Runs it to its end. Precondition: a parameter for every placeholder.
    std::optional<Rows> Run(const Parameters& parameters);

private:
    KeptStatement(sqlite3_stmt* compiled, const char* columns)
        : compiled_(compiled), columns_(columns) {}

    void Bind(const Parameters& parameters);
    Cell Read(int column) const;

    sqlite3_stmt* compiled_;
    const char* columns_;
};

}  // namespace yard::storage::sql
