// How many node executions per second the journal makes durable.
//
// Usage: journal_bench [node executions per case]
// Each node execution is queued, runs, emits one output and completes: 4 records, 2 rows. The file
// is made in $TMPDIR. Prints one line per case: wall-clock rate and CPU per node execution.

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "base/uuid.h"
#include "host/storage/execution_journal.h"
#include "host/storage/graph_store.h"
#include "host/storage/sql/open_database.h"
#include "host/storage/sql/session.h"
#include "host/storage/user_store.h"

namespace yard::storage::sql {
namespace {

using model::ExecutionStatus;

const UserId kUser("00000000-0000-4000-8000-000000000001");
const GraphId kGraph("00000000-0000-4000-8000-000000000002");
const NodeId kNode("00000000-0000-4000-8000-000000000003");
const BlockId kBlock("00000000-0000-4000-8000-000000000004");
constexpr int kNodesPerRun = 1000;

double CpuSeconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](timeval time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class Measure {
public:
    void Report(const char* name, int nodes) const {
        const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start_;
        std::printf("%-34s %9.0f node executions/s   %5.1f us CPU each\n", name,
                    nodes / wall.count(), (CpuSeconds() - cpu_) / nodes * 1e6);
    }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    double cpu_ = CpuSeconds();
};

template <typename T>
T Must(Result<T> result) {
    if (result) return std::move(result).value();
    std::fprintf(stderr, "%s\n", result.error().message.c_str());
    std::exit(1);
}

void MustDo(Result<Ok> result) { [[maybe_unused]] const Ok done = Must(std::move(result)); }

class Bench {
public:
    explicit Bench(int nodes) : nodes_(nodes) {
        path_ =
            std::filesystem::temp_directory_path() / ("journal_bench_" + NewOrderedUuid() + ".db");
        database_ = Must(OpenDatabase({.url = path_}));
        MustDo(database_->Write([](Stores& stores) -> Result<Ok> {
            TRY(stores.users.GetOrCreate(kUser, "bench@example.com", std::nullopt, {1}));
            model::Graph graph;
            graph.id = kGraph;
            graph.user_id = kUser;
            graph.nodes.push_back({.id = kNode, .block_id = kBlock, .webhook_id = {}});
            return stores.graphs.Insert({graph});
        }));
        data_ = Value::Object({{"text", Value::String("a line of text such as blocks pass on")},
                               {"count", Value::Int(42)}});
        stats_ = Value::Object({{"walltime", Value::Double(0.001)},
                                {"cputime", Value::Double(0.0005)},
                                {"input_size", Value::Int(64)},
                                {"output_size", Value::Int(40)}});
    }
    ~Bench() {
        database_.reset();
        for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + suffix);
    }

    // Every record of a node execution arrives in the same Append.
    void Whole(const char* name, int threads) {
        Spread(name, threads, [this](const GraphExecutionId& run) {
            const NodeExecutionId id(NewOrderedUuid());
            database_->journal().Append({Queued(id, run), Changed(id, ExecutionStatus::kRunning),
                                         Emitted(id), Changed(id, ExecutionStatus::kCompleted)});
        });
    }

    // A node execution takes long: it is queued in one commit and completed in a later one.
    void Slow(const char* name) {
        std::vector<NodeExecutionId> ids;
        Spread(
            name, 1,
            [this, &ids](const GraphExecutionId& run) {
                ids.emplace_back(NewOrderedUuid());
                database_->journal().Append(
                    {Queued(ids.back(), run), Changed(ids.back(), ExecutionStatus::kRunning)});
                if (ids.size() < 20'000) return;
                Finish(ids);
            },
            [this, &ids] { Finish(ids); });
    }

    // The same two rows by statements of a session, a thousand node executions per transaction:
    // what the journal adds for batching, order and durability is the difference.
    void WithoutJournal(const char* name) {
        const Statement insert_node{"bench.node", R"(
            INSERT INTO "AgentNodeExecution" ("id", "agentGraphExecutionId", "agentNodeId",
                "blockId", "executionStatus", "executionData", "addedTime", "queuedTime",
                "startedTime", "endedTime", "stats")
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11))"};
        const Statement insert_output{"bench.output", R"(
            INSERT INTO "AgentNodeExecutionInputOutput" ("name", "data", "time",
                "referencedByOutputExecId")
            VALUES ($1, $2, $3, $4))"};
        std::vector<std::string> runs;
        for (int i = 0; i < nodes_; i += kNodesPerRun) runs.push_back(NewRun().text());
        database_->journal().Flush();
        const std::unique_ptr<Session> session =
            Must(Session::Open(path_, OpenMode::kReadWrite, 1000));
        const Measure measure;
        for (const std::string& run : runs) {
            Transaction transaction = Must(Transaction::BeginWrite(*session));
            for (int i = 0; i < kNodesPerRun; ++i) {
                const std::string id = NewOrderedUuid();
                Must(session->Execute(
                    insert_node, {id, run, kNode.text(), kBlock.text(), std::string("COMPLETED"),
                                  JsonCell(data_), int64_t{1}, int64_t{2}, int64_t{3}, int64_t{4},
                                  JsonCell(stats_)}));
                Must(session->Execute(insert_output,
                                      {std::string("out"), JsonCell(data_), int64_t{3}, id}));
            }
            MustDo(transaction.Commit());
        }
        measure.Report(name, static_cast<int>(runs.size()) * kNodesPerRun);
        CheckRows(static_cast<int64_t>(runs.size()) * kNodesPerRun);
    }

private:
    GraphExecutionId NewRun() {
        RunCreated run;
        run.execution.id = GraphExecutionId(NewOrderedUuid());
        run.execution.user_id = kUser;
        run.execution.graph_id = kGraph;
        run.execution.status = ExecutionStatus::kQueued;
        const GraphExecutionId id = run.execution.id;
        database_->journal().Append({std::move(run)});
        return id;
    }
    JournalRecord Queued(const NodeExecutionId& id, const GraphExecutionId& run) const {
        return NodeQueued{id, run, kNode, kBlock, data_, {2}, true};
    }
    JournalRecord Changed(const NodeExecutionId& id, ExecutionStatus status) const {
        return NodeStatusChanged{
            id, status, {3}, status == ExecutionStatus::kCompleted ? stats_ : Value()};
    }
    JournalRecord Emitted(const NodeExecutionId& id) const {
        return NodeOutputAdded{id, "out", data_, {3}};
    }
    void Finish(std::vector<NodeExecutionId>& ids) {
        database_->journal().Flush();
        for (const NodeExecutionId& id : ids) {
            database_->journal().Append({Emitted(id), Changed(id, ExecutionStatus::kCompleted)});
        }
        ids.clear();
    }

    template <typename Action>
    void Spread(
        const char* name, int threads, const Action& action,
        const std::function<void()>& after = [] {}) {
        const Measure measure;
        std::vector<std::thread> appenders;
        for (int thread = 0; thread < threads; ++thread) {
            appenders.emplace_back([&] {
                for (int done = 0; done < nodes_ / threads;) {
                    const GraphExecutionId run = NewRun();
                    for (int i = 0; i < kNodesPerRun && done < nodes_ / threads; ++i, ++done) {
                        action(run);
                    }
                }
            });
        }
        for (std::thread& appender : appenders) appender.join();
        after();
        database_->journal().Flush();
        measure.Report(name, nodes_);
        CheckRows(nodes_);
    }

    // A rate of rows that were left out would mean nothing.
    void CheckRows(int64_t expected) const {
        const std::unique_ptr<Session> session =
            Must(Session::Open(path_, OpenMode::kReadOnly, 1000));
        const Rows rows = Must(session->QueryOnce({"bench.count", R"(
            SELECT count(*) FROM "AgentNodeExecution" n
            JOIN "AgentNodeExecutionInputOutput" o ON o."referencedByOutputExecId" = n."id"
            WHERE n."executionStatus" = 'COMPLETED')",
                                                   "i"},
                                                  {}));
        if (rows.Int(0, 0) == expected) return;
        std::fprintf(stderr, "%lld rows instead of %lld\n", static_cast<long long>(rows.Int(0, 0)),
                     static_cast<long long>(expected));
        std::exit(1);
    }

    const int nodes_;
    std::string path_;
    std::unique_ptr<Database> database_;
    Value data_;
    Value stats_;
};

int Main(int argc, char** argv) {
    const int nodes = argc > 1 ? std::atoi(argv[1]) : 200'000;
    if (nodes < kNodesPerRun) {
        std::fprintf(stderr, "usage: %s [node executions, at least %d]\n", argv[0], kNodesPerRun);
        return 2;
    }
    Bench(nodes).Whole("journal, 1 thread", 1);
    Bench(nodes).Whole("journal, 4 threads", 4);
    Bench(nodes).Slow("journal, queued and done apart");
    Bench(nodes).WithoutJournal("statements, 1000 per transaction");
    return 0;
}

}  // namespace
}  // namespace yard::storage::sql

int main(int argc, char** argv) { return yard::storage::sql::Main(argc, argv); }
