// The database of the host on SQLite. The only SQL of the product and the only use of Poco::Data
// are in this folder.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "host/storage/database.h"

namespace yard::storage::sql {

struct DatabaseOptions {
    // "sqlite:///absolute/path.db", a plain path, or "sqlite::memory:" (gone when closed; one
    // connection, so readers wait for the writer).
    std::string url = {};
    int busy_timeout_ms = 2000;  // How long to wait for another process's lock or a free reader.
    size_t pool_size = 4;        // Connections for readers.

    // The execution journal: how long a commit waits for company, how many records at most go into
    // one, and how much may be pending before Append blocks.
    int64_t commit_wait_us = 500;
    size_t commit_group_max = 20'000;
    size_t journal_pending_bytes_max = 64u << 20;
    // How long closing goes on trying while commits fail; what is pending then is lost.
    int64_t journal_drain_ms = 10'000;
};

// Opens the database, creating it (readable by its owner only) and bringing its tables up to date.
// kInvalid for a url of no known form, kUnavailable for a file that cannot be used, with what to do
// about it. Closing drains the journal.
Result<std::unique_ptr<Database>> OpenDatabase(const DatabaseOptions& options);

}  // namespace yard::storage::sql
