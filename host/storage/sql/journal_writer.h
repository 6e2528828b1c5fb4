#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "host/storage/sql/journal_group.h"
#include "host/storage/sql/session.h"

namespace yard::storage::sql {

// Writes a group as one transaction. On the SQLite C interface, not on Poco::Data:
// docs/decisions/0005-journal-below-poco.md. Not thread-safe.
class JournalWriter {
public:
    // `session` outlives the writer; use it only while holding the turn to write.
    explicit JournalWriter(Session& session);
    ~JournalWriter();

    // All or nothing. Rows whose run was deleted meanwhile are left out; returns how many.
    Result<int> Write(const JournalGroup& group);

    // Every statement this class runs.
    static std::vector<const Statement*> Statements();

private:
    class Row;

    Result<Ok> WriteRows(const JournalGroup& group);
    Result<Ok> WriteRun(const JournalGroup::NewRun& run);
    Result<Ok> WriteNode(const JournalGroup::NewNode& node);
    Result<Ok> WriteOutput(const NodeOutputAdded& output);
    Result<Ok> WriteChange(const RunStatusChanged& change);
    Result<Ok> WriteChange(const NodeQueued& change);
    Result<Ok> WriteChange(const NodeStatusChanged& change);
    Result<Ok> WriteChange(const NodeInputAdded& change);

    Result<Row*> RowFor(const Statement& statement);
    Result<Ok> Finish(Row& row);

    Session& session_;
    std::unordered_map<const Statement*, std::unique_ptr<Row>> rows_;
    int left_out_ = 0;
};

}  // namespace yard::storage::sql
