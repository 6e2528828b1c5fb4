// What was acknowledged survives the end of the process, however it comes.

#include <gtest/gtest.h>

#include <csignal>
#include <map>

#include "base/json.h"
#include "tests/e2e/api_client.h"
#include "tests/e2e/graphs.h"

namespace yard::e2e {
namespace {

Value DelayGraph(int delay_ms) {
    return OneBlockGraph("test.e2e.delay", R"({"delay_ms":)" + std::to_string(delay_ms) + "}",
                         "text", "text");
}

// Ten delays in a row, so that an interruption finds runs in every state.
Value ChainGraph() {
    constexpr int kLength = 10;
    GraphText graph;
    graph.Node("in", kInputBlock, R"({"name":"in"})");
    std::string before = "in.result";
    for (int link = 0; link < kLength; ++link) {
        const std::string id = "d" + std::to_string(link);
        graph.Node(id, "test.e2e.delay", R"({"delay_ms":20})").Link(before, id + ".text");
        before = id + ".text";
    }
    graph.Node("out", kOutputBlock, R"({"name":"out"})").Link(before, "out.value");
    return graph.Build();
}

void ExpectDone(View execution, const std::string& text) {
    EXPECT_EQ(execution["status"].StringOr(""), "COMPLETED") << WriteJson(execution);
    EXPECT_EQ(WriteJson(execution["outputs"]), R"({"out":[")" + text + R"("]})");
    EXPECT_EQ(execution["stats"]["node_error_count"].IntOr(-1), 0) << WriteJson(execution["stats"]);
}

TEST(RestartTest, SigtermParksARunAndTheNextStartFinishesIt) {
    ServerOptions options;
    options.settings = {"server.shutdown_grace_ms=100"};
    ServerProcess server(options);
    const ApiClient before = ApiClient::SignUp(server);
    const GraphVersion graph = before.Import(DelayGraph(1500));
    const std::string execution = before.Execute(graph, R"({"in":"parked"})");
    ASSERT_TRUE(before.WaitForStatus(graph, execution, "RUNNING"));
    ASSERT_EQ(server.Terminate(std::chrono::seconds(20)), 0);

    server.StartAgain();
    const ApiClient after(server.port(), before.token());
    ExpectDone(after.WaitForEnd(graph, execution), "parked");
    EXPECT_EQ(server.Terminate(), 0);
}

TEST(RestartTest, ShutdownLetsShortRunsFinish) {
    ServerProcess server;
    const ApiClient before = ApiClient::SignUp(server);
    const GraphVersion graph = before.Import(DelayGraph(300));
    const std::string execution = before.Execute(graph, R"({"in":"short"})");
    ASSERT_TRUE(before.WaitForStatus(graph, execution, "RUNNING"));
    ASSERT_EQ(server.Terminate(), 0);
    server.StartAgain();
    const ApiClient after(server.port(), before.token());
    ExpectDone(after.WaitForEnd(graph, execution), "short");
}

TEST(RestartTest, EveryAcknowledgedRunEndsRightAfterKill) {
    constexpr int kRuns = 50;
    ServerOptions options;
    options.settings = {"engine.runs_per_user_and_graph_max=100"};
    ServerProcess server(options);
    const ApiClient before = ApiClient::SignUp(server);
    const GraphVersion graph = before.Import(ChainGraph());
    std::map<std::string, std::string> acknowledged;  // Execution -> its text.
    for (int run = 0; run < kRuns; ++run) {
        const std::string text = "run " + std::to_string(run);
        const HttpAnswer answer = before.TryExecute(graph, R"({"in":")" + text + R"("})");
        ASSERT_EQ(answer.status, 200) << answer.body;
        acknowledged[std::string(answer.Json()["id"].StringOr(""))] = text;
    }
    server.Kill();

    server.StartAgain();
    const ApiClient after(server.port(), before.token());
    for (const auto& [execution, text] : acknowledged) {
        ExpectDone(after.WaitForEnd(graph, execution), text);
    }
    EXPECT_EQ(after.Get("/api/executions").Json()->size(), static_cast<size_t>(kRuns));
    EXPECT_EQ(server.Terminate(), 0);
}

TEST(RestartTest, RepeatedKillsLoseNothing) {
    constexpr int kKills = 5;
    ServerProcess server;
    const ApiClient first = ApiClient::SignUp(server);
    const GraphVersion graph = first.Import(ChainGraph());
    std::map<std::string, std::string> acknowledged;
    for (int round = 0; round < kKills; ++round) {
        const ApiClient client(server.port(), first.token());
        const std::string text = "round " + std::to_string(round);
        acknowledged[client.Execute(graph, R"({"in":")" + text + R"("})")] = text;
        server.Kill();
        server.StartAgain();
    }
    const ApiClient after(server.port(), first.token());
    for (const auto& [execution, text] : acknowledged) {
        ExpectDone(after.WaitForEnd(graph, execution), text);
    }
}

TEST(RestartTest, AStoppedRunStaysStopped) {
    ServerProcess server;
    const ApiClient before = ApiClient::SignUp(server);
    const GraphVersion graph = before.Import(DelayGraph(3'600'000));
    const std::string execution = before.Execute(graph, R"({"in":"x"})");
    ASSERT_TRUE(before.WaitForStatus(graph, execution, "RUNNING"));
    EXPECT_EQ(before.Post("/api/graphs/" + graph.id + "/executions/" + execution + "/stop").status,
              200);
    server.Kill();
    server.StartAgain();
    const ApiClient after(server.port(), before.token());
    EXPECT_EQ(after.GetExecution(graph, execution).Json()["status"].StringOr(""), "TERMINATED");
}

TEST(RestartTest, ASecondServerOnTheSameDataIsRefused) {
    ServerProcess server;
    const ApiClient client = ApiClient::SignUp(server);
    const GraphVersion graph = client.Import(DelayGraph(500));
    const std::string execution = client.Execute(graph, R"({"in":"once"})");
    // It would resume the run that the first server is busy with.
    const Finished second = RunToEnd(ServeCommand({}, server.data_dir()));
    EXPECT_EQ(second.exit_code, 1);
    EXPECT_NE(second.err.find("another server uses " + server.data_dir()), std::string::npos)
        << second.err;
    const Value done = client.WaitForEnd(graph, execution);
    ExpectDone(done, "once");
    EXPECT_EQ(done["node_executions"].size(), 3u) << WriteJson(done);
}

}  // namespace
}  // namespace yard::e2e
