#include <fmt/format.h>

#include "base/log.h"
#include "host/storage/sql/account_store.h"
#include "host/storage/sql/execution_store.h"
#include "host/storage/sql/graph_store.h"
#include "host/storage/sql/journal.h"
#include "host/storage/sql/library_store.h"
#include "host/storage/sql/migrations.h"
#include "host/storage/sql/open_database.h"
#include "host/storage/sql/reader_pool.h"
#include "host/storage/sql/sqlite_dialect.h"
#include "host/storage/sql/user_store.h"
#include "host/storage/sql/writer.h"

namespace yard::storage::sql {
namespace {

const Statement kCheck{"database.check", R"(SELECT count(*) FROM "schema_migrations")", "i"};

Result<Ok> RunWork(Session& session, const Database::Work& work) {
    SqlGraphStore graphs(session);
    SqlLibraryStore library(session);
    SqlUserStore users(session);
    SqlAccountStore accounts(session);
    SqlExecutionStore executions(session);
    Stores stores{graphs, library, users, accounts, executions};
    return work(stores);
}

class SqlDatabase final : public Database {
public:
    SqlDatabase(const std::string& path, std::unique_ptr<Session> session,
                const DatabaseOptions& options)
        : in_memory_(path == kMemoryPath),
          writer_(std::move(session)),
          readers_(path, options.pool_size, options.busy_timeout_ms),
          journal_(writer_, {.commit_wait_us = options.commit_wait_us,
                             .commit_group_max = options.commit_group_max,
                             .pending_bytes_max = options.journal_pending_bytes_max,
                             .drain_ms = options.journal_drain_ms}) {}

    Result<Ok> Write(const Work& work) override {
        Writer::Lock lock(writer_);
        Transaction transaction = TRY(Transaction::BeginWrite(lock.session()));
        TRY(RunWork(lock.session(), work));
        return transaction.Commit();
    }

    Result<Ok> Read(const Work& work) override {
        return WithReader([&](Session& session) -> Result<Ok> {
            Transaction transaction = TRY(Transaction::BeginRead(session));
            TRY(RunWork(session, work));
            return transaction.Commit();
        });
    }

    ExecutionJournal& journal() override { return journal_; }

    Result<Ok> Check() override {
        return WithReader([](Session& session) -> Result<Ok> {
            TRY(session.Query(kCheck, {}));
            return Ok{};
        });
    }

private:
    template <typename Action>
    Result<Ok> WithReader(const Action& action) {
        if (in_memory_) {  // A second connection would see another, empty database.
            Writer::Lock lock(writer_);
            return action(lock.session());
        }
        ReaderPool::Lease lease = TRY(readers_.Take());
        return action(lease.session());
    }

    const bool in_memory_;
    Writer writer_;
    ReaderPool readers_;
    SqlJournal journal_;
};

Result<Ok> CheckOptions(const DatabaseOptions& options) {
    if (options.pool_size < 1 || options.busy_timeout_ms < 0 || options.commit_wait_us < 0 ||
        options.commit_group_max < 1 || options.journal_pending_bytes_max < 1 ||
        options.journal_drain_ms < 0) {
        return Invalid(
            "The database needs a pool and journal limits of at least 1 and time-outs "
            "that are not negative.");
    }
    return Ok{};
}

}  // namespace

Result<std::unique_ptr<Database>> OpenDatabase(const DatabaseOptions& options) {
    TRY(CheckOptions(options));
    const std::string path = TRY(PathFromUrl(options.url));
    std::unique_ptr<Session> session =
        TRY(Session::Open(path, OpenMode::kReadWrite, options.busy_timeout_ms));
    TRY(Migrate(*session, CompiledMigrations(), SystemClock().Now()));
    return std::unique_ptr<Database>(new SqlDatabase(path, std::move(session), options));
}

}  // namespace yard::storage::sql
