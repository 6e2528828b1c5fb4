#include "host/storage/sql/session.h"

#include <Poco/Data/DataException.h>
#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <Poco/Data/TypeHandler.h>
#include <sqlite3.h>

#include <unordered_map>

#include "base/assert.h"
#include "base/json.h"
#include "base/log.h"
#include "host/storage/sql/kept_statement.h"
#include "host/storage/sql/sqlite_dialect.h"

// How Poco::Data binds and reads a Cell. What to read is decided by the kind of cell given as the
// column's default.
template <>
class Poco::Data::TypeHandler<yard::storage::sql::Cell> {
public:
    using Cell = yard::storage::sql::Cell;

    static std::size_t size() { return 1; }

    static void bind(std::size_t pos, const Cell& cell, AbstractBinder::Ptr binder,
                     AbstractBinder::Direction direction) {
        switch (cell.index()) {
            case 0: binder->bind(pos, Keywords::null, direction); return;
            case 1: binder->bind(pos, Poco::Int64{std::get<1>(cell)}, direction); return;
            case 2: binder->bind(pos, std::get<2>(cell), direction); return;
            case 3: binder->bind(pos, std::get<3>(cell), direction); return;
        }
    }

    static void extract(std::size_t pos, Cell& cell, const Cell& kind,
                        AbstractExtractor::Ptr extractor) {
        bool present = false;
        switch (kind.index()) {
            case 0: break;
            case 1: {
                Poco::Int64 value = 0;
                present = extractor->extract(pos, value);
                cell = int64_t{value};
                break;
            }
            case 2: present = extractor->extract(pos, cell.emplace<double>()); break;
            case 3: present = extractor->extract(pos, cell.emplace<std::string>()); break;
        }
        if (!present) cell = std::monostate{};
    }

    static void prepare(std::size_t pos, const Cell&, AbstractPreparator::Ptr preparator) {
        preparator->prepare(pos, std::string());
    }
};

namespace yard::storage::sql {
namespace {

// Only our own depth and size limits apply to what is read back, and those were met on writing.
constexpr ValueLimits kStoredValueLimits{.depth_max = 1000, .bytes_max = size_t{1} << 32};

constexpr size_t kOpenTimeoutS = 1;

Cell KindOfColumn(char letter) {
    switch (letter) {
        case 'i': return int64_t{0};
        case 'd': return 0.0;
        case 't': return std::string();
    }
    ASSERT(!"column letter must be t, i or d");
}

// SQL's functions and Poco::Data cut a text short at a NUL.
Result<Ok> CheckTexts(const Parameters& parameters) {
    for (const Cell& parameter : parameters) {
        const std::string* text = std::get_if<std::string>(&parameter);
        if (text && text->find('\0') != std::string::npos) {
            return Invalid("Text to be stored may not contain the character U+0000.");
        }
    }
    return Ok{};
}

}  // namespace

Cell JsonCell(View value) {
    if (value.IsNull()) return {};
    return WriteJson(value);
}

Cell ObjectCell(View value) { return value.IsNull() ? std::string("{}") : WriteJson(value); }

bool Rows::IsNull(size_t row, size_t column) const { return columns_[column][row].index() == 0; }

int64_t Rows::Int(size_t row, size_t column) const {
    const int64_t* value = std::get_if<int64_t>(&columns_[column][row]);
    return value ? *value : 0;
}

std::string Rows::Text(size_t row, size_t column) {
    std::string* text = std::get_if<std::string>(&columns_[column][row]);
    return text ? std::move(*text) : std::string();
}

std::optional<Timestamp> Rows::OptionalTime(size_t row, size_t column) const {
    if (IsNull(row, column)) return std::nullopt;
    return Time(row, column);
}

std::optional<std::string> Rows::OptionalText(size_t row, size_t column) {
    if (IsNull(row, column)) return std::nullopt;
    return Text(row, column);
}

Value Rows::Json(size_t row, size_t column) const {
    const std::string* text = std::get_if<std::string>(&columns_[column][row]);
    if (!text) return {};
    Result<Value> parsed = ParseJson(*text, kStoredValueLimits);
    if (parsed) return std::move(parsed).value();
    LogWarning("storage", "A stored JSON column is not JSON; it reads as null.",
               {{"error", parsed.error().message}});
    return {};
}

struct Session::Prepared {
    explicit Prepared(Poco::Data::Session& session) : statement(session) {}

    // Poco binds and extracts by reference: these must not move.
    std::vector<Cell> parameters;
    std::vector<std::vector<Cell>> columns;
    Poco::Data::Statement statement;
};

struct Session::Connection {
    Poco::Data::Session session;
    std::unordered_map<const Statement*, std::unique_ptr<KeptStatement>> kept;
};

Session::Session(std::string path, std::unique_ptr<Connection> connection)
    : path_(std::move(path)), connection_(std::move(connection)) {}

Session::~Session() = default;

Result<std::unique_ptr<Session>> Session::Open(const std::string& path, OpenMode mode,
                                               int busy_timeout_ms) {
    // Else every allocation of every connection takes one lock to be counted.
    [[maybe_unused]] static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    TRY(EnsureFile(path));  // Poco::Data tries for seconds to open what cannot be opened.
    Poco::Data::SQLite::Connector::registerConnector();
    std::unique_ptr<Session> session;
    try {
        session.reset(
            new Session(path, std::make_unique<Connection>(Connection{
                                  Poco::Data::Session("SQLite", path, kOpenTimeoutS), {}})));
    } catch (const Poco::Exception& exception) {
        return CannotOpen(path, exception.displayText());
    }
    for (const std::string& pragma : ConnectionPragmas(mode, busy_timeout_ms)) {
        TRY(session->ExecuteOnce({"connection.configure", pragma}));
    }
    return session;
}

Result<std::unique_ptr<Session::Prepared>> Session::Compile(const Statement& statement) {
    try {
        auto prepared = std::make_unique<Prepared>(connection_->session);
        prepared->parameters.resize(CountParameters(statement.sql));
        prepared->columns.resize(std::char_traits<char>::length(statement.columns));
        prepared->statement << statement.sql;
        for (Cell& parameter : prepared->parameters) {
            prepared->statement, Poco::Data::Keywords::useRef(parameter);
        }
        for (size_t i = 0; i < prepared->columns.size(); ++i) {
            // Poco's into() has no form with a default for a column.
            Poco::Data::AbstractExtraction::Ptr column =
                new Poco::Data::Extraction<std::vector<Cell>>(prepared->columns[i],
                                                              KindOfColumn(statement.columns[i]));
            prepared->statement, column;
        }
        return prepared;
    } catch (const Poco::Exception& exception) {
        return DescribeFault(handle(), path_, statement.name);
    }
}

Result<Ok> Session::Run(const Statement& statement, Prepared& prepared, Parameters parameters) {
    ASSERT(parameters.size() == prepared.parameters.size());
    TRY(CheckTexts(parameters));
    std::move(parameters.begin(), parameters.end(), prepared.parameters.begin());
    for (std::vector<Cell>& column : prepared.columns) column.clear();
    try {
        prepared.statement.execute();
        return Ok{};
    } catch (const Poco::Exception& exception) {
        return DescribeFault(handle(), path_, statement.name);
    }
}

Result<Rows> Session::Query(const Statement& statement, Parameters parameters) {
    TRY(CheckTexts(parameters));
    std::unique_ptr<KeptStatement>& kept = connection_->kept[&statement];
    if (!kept) kept = KeptStatement::Compile(handle(), statement);
    if (!kept) return DescribeFault(handle(), path_, statement.name);
    std::optional<Rows> rows = kept->Run(parameters);
    if (!rows) return DescribeFault(handle(), path_, statement.name);
    return *std::move(rows);
}

Result<int64_t> Session::Execute(const Statement& statement, Parameters parameters) {
    TRY(Query(statement, std::move(parameters)));
    return ChangedRows(handle());
}

Result<Rows> Session::QueryOnce(const Statement& statement, Parameters parameters) {
    std::unique_ptr<Prepared> prepared = TRY(Compile(statement));
    TRY(Run(statement, *prepared, std::move(parameters)));
    return Rows(std::move(prepared->columns));
}

Result<Ok> Session::ExecuteOnce(const Statement& statement, Parameters parameters) {
    std::unique_ptr<Prepared> prepared = TRY(Compile(statement));
    return Run(statement, *prepared, std::move(parameters));
}

Result<Ok> Session::Prepare(const Statement& statement) {
    return CheckStatement(handle(), path_, statement);
}

bool Session::InTransaction() const { return sqlite3_get_autocommit(handle()) == 0; }

sqlite3* Session::handle() const {
    return Poco::Data::SQLite::Utility::dbHandle(connection_->session);
}

namespace {
const Statement kBeginWrite{"transaction.begin_write", "BEGIN IMMEDIATE"};
const Statement kBeginRead{"transaction.begin_read", "BEGIN"};
const Statement kCommit{"transaction.commit", "COMMIT"};
const Statement kRollback{"transaction.rollback", "ROLLBACK"};
}  // namespace

Result<Transaction> Transaction::BeginWrite(Session& session) {
    TRY(session.Execute(kBeginWrite, {}));
    return Transaction(session);
}

Result<Transaction> Transaction::BeginRead(Session& session) {
    TRY(session.Execute(kBeginRead, {}));
    return Transaction(session);
}

Transaction::~Transaction() {
    // SQLite has ended the transaction by itself after some faults (disk full, for one).
    if (!session_ || !session_->InTransaction()) return;
    Result<int64_t> done = session_->Execute(kRollback, {});
    if (!done) LogError("storage", "A roll-back failed.", {{"error", done.error().message}});
}

Result<Ok> Transaction::Commit() {
    TRY(session_->Execute(kCommit, {}));
    session_ = nullptr;
    return Ok{};
}

}  // namespace yard::storage::sql
