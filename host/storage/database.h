#pragma once

#include <functional>

#include "base/result.h"

namespace yard::storage {

class AccountStore;
class ExecutionJournal;
class ExecutionStore;
class GraphStore;
class LibraryStore;
class UserStore;

// The repositories inside one unit of work.
struct Stores {
    GraphStore& graphs;
    LibraryStore& library;
    UserStore& users;
    AccountStore& accounts;
    ExecutionStore& executions;
};

// The durable state of the host. Thread-safe; outlives everything that uses it.
class Database {
public:
    using Work = std::function<Result<Ok>(Stores&)>;

    virtual ~Database() = default;

    // One transaction: committed when `work` returns Ok, rolled back when it returns an error.
    // Calls block and must not nest; do not call them from an engine worker. kUnavailable when the
    // database is locked, full or gone.
    virtual Result<Ok> Write(const Work& work) = 0;
    virtual Result<Ok> Read(const Work& work) = 0;

    virtual ExecutionJournal& journal() = 0;

    // Whether a statement can be run right now.
    virtual Result<Ok> Check() = 0;
};

}  // namespace yard::storage
