// Stopping, deleting, listing and executing single blocks.

#include <gtest/gtest.h>

#include <chrono>

#include "base/json.h"
#include "tests/e2e/api_client.h"
#include "tests/e2e/graphs.h"

namespace yard::e2e {
namespace {

constexpr char kCalculatorBlock[] = "b1ab9b19-67a6-406d-abf5-2dba76d00c79";

class ExecutionControlTest : public testing::Test {
protected:
    ExecutionControlTest() : client_(ApiClient::SignUp(server_)) {}

    HttpAnswer Stop(const GraphVersion& graph, const std::string& execution) {
        return client_.Post("/api/graphs/" + graph.id + "/executions/" + execution + "/stop");
    }
    HttpAnswer ExecuteBlock(const std::string& block, const std::string& input) {
        return client_.Post("/api/blocks/" + block + "/execute", input);
    }
    Value ListOf(const GraphVersion& graph, const std::string& query) {
        return client_.Get("/api/graphs/" + graph.id + "/executions" + query).Json();
    }

    ServerProcess server_;
    ApiClient client_;
};

// A run that would last an hour.
Value SlowGraph() {
    return OneBlockGraph("test.e2e.delay", R"({"delay_ms":3600000})", "text", "text");
}

TEST_F(ExecutionControlTest, StopEndsARunThatWaits) {
    const GraphVersion graph = client_.Import(SlowGraph());
    const std::string execution = client_.Execute(graph, R"({"in":"x"})");
    ASSERT_TRUE(client_.WaitForStatus(graph, execution, "RUNNING"));
    const HttpAnswer answer = Stop(graph, execution);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.Json()["id"].StringOr(""), execution) << answer.body;
    const Value done = client_.GetExecution(graph, execution).Json();
    EXPECT_EQ(done["status"].StringOr(""), "TERMINATED");
    EXPECT_FALSE(done["ended_at"].IsNull());
    for (View node : done["node_executions"].items()) {
        EXPECT_NE(node["status"].StringOr(""), "RUNNING");
        EXPECT_NE(node["status"].StringOr(""), "QUEUED");
    }
    EXPECT_EQ(server_.Terminate(), 0);
}

TEST_F(ExecutionControlTest, StopOfAnEndedOrUnknownRunChangesNothing) {
    const GraphVersion graph = client_.Import(Example("greeting"));
    const std::string execution(client_.Run(graph, R"({"name":"x"})")["id"].StringOr(""));
    const HttpAnswer again = Stop(graph, execution);
    EXPECT_EQ(again.status, 200) << again.body;
    EXPECT_EQ(client_.GetExecution(graph, execution).Json()["status"].StringOr(""), "COMPLETED");
    EXPECT_EQ(Stop(graph, "00000000-0000-4000-8000-000000000000").body, "null");
}

TEST_F(ExecutionControlTest, ADeletedRunIsGoneFromEveryList) {
    const GraphVersion graph = client_.Import(Example("greeting"));
    const std::string execution(client_.Run(graph, R"({"name":"x"})")["id"].StringOr(""));
    EXPECT_EQ(client_.Delete("/api/executions/" + execution).status, 204);
    EXPECT_EQ(client_.GetExecution(graph, execution).status, 404);
    EXPECT_EQ(client_.Get("/api/executions").body, "[]");
    EXPECT_EQ(ListOf(graph, "")["pagination"]["total_items"].IntOr(-1), 0);
}

TEST_F(ExecutionControlTest, ASharedRunThatIsDeletedIsNotShownToAnybody) {
    const GraphVersion graph = client_.Import(Example("greeting"));
    const std::string execution(client_.Run(graph, R"({"name":"x"})")["id"].StringOr(""));
    const Value shared =
        client_.Post("/api/graphs/" + graph.id + "/executions/" + execution + "/share", "{}")
            .Json();
    const std::string path =
        "/api/public/shared/" + std::string(shared["share_token"].StringOr(""));
    EXPECT_EQ(client_.Get(path).status, 200);
    EXPECT_EQ(client_.Delete("/api/executions/" + execution).status, 204);
    EXPECT_EQ(client_.Get(path).status, 404);
}

TEST_F(ExecutionControlTest, PagesShowEveryRunOnceNewestFirst) {
    const GraphVersion graph = client_.Import(Example("greeting"));
    std::vector<std::string> newest_first;
    for (int run = 0; run < 5; ++run) {
        const Value done = client_.Run(graph, R"({"name":"x"})");
        newest_first.insert(newest_first.begin(), std::string(done["id"].StringOr("")));
    }
    std::vector<std::string> seen;
    for (int page = 1; page <= 3; ++page) {
        const Value list = ListOf(graph, "?page_size=2&page=" + std::to_string(page));
        EXPECT_EQ(WriteJson(list["pagination"]),
                  R"({"total_items":5,"total_pages":3,"current_page":)" + std::to_string(page) +
                      R"(,"page_size":2})");
        for (View run : list["executions"].items()) seen.emplace_back(run["id"].StringOr(""));
    }
    EXPECT_EQ(seen, newest_first);
    const Value past = ListOf(graph, "?page_size=2&page=9");
    EXPECT_EQ(past["executions"].size(), 0u);
    EXPECT_EQ(past["pagination"]["total_items"].IntOr(-1), 5);
}

TEST_F(ExecutionControlTest, AMissingInputLeavesNodesWithoutAValueAndEndsTheRun) {
    const GraphVersion graph = client_.Import(Example("order_sizes"));
    const Value done = client_.Run(graph, R"({"limit":3})");
    EXPECT_EQ(done["status"].StringOr(""), "COMPLETED");
    EXPECT_EQ(WriteJson(done["outputs"]), "{}");
}

TEST_F(ExecutionControlTest, ABlockCanBeExecutedAlone) {
    const HttpAnswer sum = ExecuteBlock(kCalculatorBlock, R"({"operation":"Add","a":1,"b":2})");
    EXPECT_EQ(sum.status, 200) << sum.body;
    EXPECT_TRUE(Equal(sum.Json(), Json(R"({"result":[3]})"))) << sum.body;
    const HttpAnswer delayed = ExecuteBlock("test.e2e.delay", R"({"text":"later","delay_ms":20})");
    EXPECT_EQ(delayed.body, R"({"text":["later"]})");
}

TEST_F(ExecutionControlTest, ABlockExecutedAloneSaysWhatIsWrong) {
    const HttpAnswer division =
        ExecuteBlock(kCalculatorBlock, R"({"operation":"Divide","a":1,"b":0})");
    EXPECT_EQ(division.status, 400);
    EXPECT_EQ(division.Detail(),
              std::string("raised by CalculatorBlock with message: Cannot divide by zero. "
                          "block_id: ") +
                  kCalculatorBlock);
    EXPECT_NE(ExecuteBlock(kCalculatorBlock, R"({"operation":"Add","a":"x","b":2})")
                  .Detail()
                  .find("'x' is not of type 'number'"),
              std::string::npos);
    EXPECT_NE(ExecuteBlock(kCalculatorBlock, "{}").Detail().find("is a required property"),
              std::string::npos);
    EXPECT_EQ(ExecuteBlock(kCalculatorBlock, "[]").status, 422);
    const HttpAnswer unknown = ExecuteBlock("no-such-block", "{}");
    EXPECT_EQ(unknown.status, 404);
    EXPECT_EQ(unknown.Detail(), "Block #no-such-block not found.");
    // A block of the platform that no plugin provides here: known by name, and nothing more.
    const HttpAnswer absent = ExecuteBlock("1f292d4a-41a4-4977-9684-7c8d560b9f9f", "{}");
    EXPECT_EQ(absent.status, 404);
}

TEST_F(ExecutionControlTest, TheListOfBlocksIsCachedByItsTag) {
    const HttpAnswer first = client_.Get("/api/blocks");
    ASSERT_EQ(first.status, 200);
    const std::string tag = first.headers.at("etag");
    const HttpAnswer second = Send(
        server_.port(), {"GET",
                         "/api/blocks",
                         {{"Authorization", "Bearer " + client_.token()}, {"If-None-Match", tag}},
                         {}});
    EXPECT_EQ(second.status, 304);
    EXPECT_TRUE(second.body.empty());
}

}  // namespace
}  // namespace yard::e2e
