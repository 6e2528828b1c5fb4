#include "host/storage/sql/kept_statement.h"

#include <sqlite3.h>

#include <cstring>

#include "base/assert.h"

namespace yard::storage::sql {

std::unique_ptr<KeptStatement> KeptStatement::Compile(sqlite3* connection,
                                                      const Statement& statement) {
    sqlite3_stmt* compiled = nullptr;
    const int code = sqlite3_prepare_v3(connection, statement.sql.c_str(), -1,
                                        SQLITE_PREPARE_PERSISTENT, &compiled, nullptr);
    if (code != SQLITE_OK) return nullptr;
    return std::unique_ptr<KeptStatement>(new KeptStatement(compiled, statement.columns));
}

KeptStatement::~KeptStatement() { sqlite3_finalize(compiled_); }

std::optional<Rows> KeptStatement::Run(const Parameters& parameters) {
    Bind(parameters);
    std::vector<std::vector<Cell>> columns(std::strlen(columns_));
    int code = sqlite3_step(compiled_);
    for (; code == SQLITE_ROW; code = sqlite3_step(compiled_)) {
        for (size_t i = 0; i < columns.size(); ++i) {
            columns[i].push_back(Read(static_cast<int>(i)));
        }
    }
    // Ends its hold on the database and on the parameters; a fault stays readable.
    sqlite3_reset(compiled_);
    sqlite3_clear_bindings(compiled_);
    if (code != SQLITE_DONE) return std::nullopt;
    return Rows(std::move(columns));
}

// Texts are borrowed until the statement is reset.
void KeptStatement::Bind(const Parameters& parameters) {
    ASSERT(parameters.size() == static_cast<size_t>(sqlite3_bind_parameter_count(compiled_)));
    for (size_t i = 0; i < parameters.size(); ++i) {
        const Cell& cell = parameters[i];
        const int at = static_cast<int>(i) + 1;
        if (const auto* integer = std::get_if<int64_t>(&cell)) {
            sqlite3_bind_int64(compiled_, at, *integer);
        } else if (const auto* real = std::get_if<double>(&cell)) {
            sqlite3_bind_double(compiled_, at, *real);
        } else if (const auto* text = std::get_if<std::string>(&cell)) {
            sqlite3_bind_text64(compiled_, at, text->data(), text->size(), SQLITE_STATIC,
                                SQLITE_UTF8);
        }
    }
}

Cell KeptStatement::Read(int column) const {
    if (sqlite3_column_type(compiled_, column) == SQLITE_NULL) return {};
    switch (columns_[column]) {
        case 'i': return int64_t{sqlite3_column_int64(compiled_, column)};
        case 'd': return sqlite3_column_double(compiled_, column);
        case 't': {
            const auto* text =
                reinterpret_cast<const char*>(sqlite3_column_text(compiled_, column));
            if (text == nullptr) return {};  // Out of memory: the next step fails and says so.
            const int bytes = sqlite3_column_bytes(compiled_, column);
            return std::string(text, static_cast<size_t>(bytes));
        }
    }
    ASSERT(!"column letter must be t, i or d");
}

}  // namespace yard::storage::sql
