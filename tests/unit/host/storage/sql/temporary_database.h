// A database in a directory of its own, with a user and a graph to hang executions on.

#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>

#include "host/storage/account_store.h"
#include "host/storage/execution_journal.h"
#include "host/storage/execution_store.h"
#include "host/storage/graph_store.h"
#include "host/storage/library_store.h"
#include "host/storage/sql/open_database.h"
#include "host/storage/user_store.h"

namespace yard::storage::sql {

class TemporaryDirectory {
public:
    TemporaryDirectory() {
        std::string pattern = ::testing::TempDir() + "yard_storage_XXXXXX";
        path_ = ::mkdtemp(pattern.data());
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::string File(const std::string& name) const { return path_ + "/" + name; }
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

inline const UserId kUser("user-1");
inline const GraphId kGraph("graph-1");
inline const NodeId kFirstNode("node-1");
inline const NodeId kSecondNode("node-2");
inline const BlockId kBlock("block-1");

inline model::Graph ExampleGraph(GraphId id = kGraph, int version = 1) {
    const std::string suffix =
        id == kGraph && version == 1 ? "" : "-of-" + id.text() + "-" + std::to_string(version);
    model::Graph graph;
    graph.id = std::move(id);
    graph.version = version;
    graph.name = "Example";
    graph.user_id = kUser;
    graph.created_at = Timestamp{1000 + version};
    graph.nodes.push_back({.id = NodeId(kFirstNode.text() + suffix),
                           .block_id = kBlock,
                           .input_default = Value::Object({{"limit", Value::Int(3)}}),
                           .metadata = Value::EmptyObject(),
                           .webhook_id = {}});
    graph.nodes.push_back({.id = NodeId(kSecondNode.text() + suffix),
                           .block_id = kBlock,
                           .input_default = Value::EmptyObject(),
                           .metadata = Value::EmptyObject(),
                           .webhook_id = "hook"});
    graph.links.push_back({.id = "link-1" + suffix,
                           .source_id = graph.nodes[0].id,
                           .sink_id = graph.nodes[1].id,
                           .source_name = "out",
                           .sink_name = "in",
                           .is_static = true});
    return graph;
}

inline RunCreated ExampleRun(const std::string& id, Timestamp created_at = {5000}) {
    RunCreated run;
    run.execution.id = GraphExecutionId(id);
    run.execution.user_id = kUser;
    run.execution.graph_id = kGraph;
    run.execution.graph_version = 1;
    run.execution.status = model::ExecutionStatus::kQueued;
    run.execution.inputs = Value::Object({{"topic", Value::String("birds")}});
    run.execution.created_at = created_at;
    run.compiled_masks = Value::EmptyObject();
    return run;
}

inline NodeQueued ExampleNode(const std::string& id, const std::string& run,
                              Timestamp at = {6000}) {
    return {.id = NodeExecutionId(id),
            .run_id = GraphExecutionId(run),
            .node_id = kFirstNode,
            .block_id = kBlock,
            .data = Value::Object({{"text", Value::String("hello")}}),
            .at = at,
            .is_new = true};
}

inline NodeStatusChanged NodeBecomes(const std::string& id, model::ExecutionStatus status,
                                     Timestamp at = {7000}, Value stats = {}) {
    return {.id = NodeExecutionId(id), .status = status, .at = at, .stats = std::move(stats)};
}

inline NodeOutputAdded Output(const std::string& id, const std::string& name, Value value) {
    return {.id = NodeExecutionId(id), .name = name, .value = std::move(value), .at = {6500}};
}

inline RunStatusChanged RunBecomes(const std::string& id, model::ExecutionStatus status,
                                   Timestamp at = {8000}) {
    return {.id = GraphExecutionId(id), .status = status, .at = at, .stats = {}};
}

class TemporaryDatabase {
public:
    explicit TemporaryDatabase(DatabaseOptions options = {}) : options_(std::move(options)) {
        if (options_.url.empty()) options_.url = directory_.File("test.db");
        Reopen();
        const Result<Ok> filled = database_->Write([](Stores& stores) -> Result<Ok> {
            TRY(stores.users.GetOrCreate(kUser, "one@example.com", std::nullopt, {1}));
            return stores.graphs.Insert({ExampleGraph()});
        });
        EXPECT_TRUE(filled.ok());
    }

    void Reopen() {
        database_.reset();
        Result<std::unique_ptr<Database>> opened = OpenDatabase(options_);
        ASSERT_TRUE(opened.ok()) << opened.error().message;
        database_ = std::move(opened).value();
    }
    void Close() { database_.reset(); }

    Database& operator*() { return *database_; }
    Database* operator->() { return database_.get(); }
    const std::string& path() const { return options_.url; }
    const TemporaryDirectory& directory() const { return directory_; }

    void Append(std::vector<JournalRecord> records) {
        database_->journal().Append(std::move(records));
        database_->journal().Flush();
    }

    StoredRun LoadRun(const std::string& id) {
        std::optional<StoredRun> run;
        const Result<Ok> done = database_->Read([&](Stores& stores) -> Result<Ok> {
            run = TRY(stores.executions.LoadRun(GraphExecutionId(id)));
            return Ok{};
        });
        EXPECT_TRUE(done.ok()) << (done ? "" : done.error().message);
        EXPECT_TRUE(run.has_value()) << "no run " << id;
        return run ? std::move(*run) : StoredRun{};
    }

private:
    TemporaryDirectory directory_;
    DatabaseOptions options_;
    std::unique_ptr<Database> database_;
};

}  // namespace yard::storage::sql
