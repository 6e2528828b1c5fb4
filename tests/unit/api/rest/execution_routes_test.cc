#include "tests/unit/api/rest/api_fixture.h"

namespace yard::rest {
namespace {

class ExecutionRoutesTest : public ApiTest {
protected:
    ExecutionRoutesTest() : graph_(CreateGraph()), path_("/api/graphs/" + graph_) {}

    const std::string graph_;
    const std::string path_;
};

TEST_F(ExecutionRoutesTest, ExecuteAnswersTheQueuedRun) {
    Answer run = Call("POST", path_ + "/execute/1", R"({"inputs":{"n":1},"source":"builder"})");
    ASSERT_EQ(run.status, 200) << run.text;
    EXPECT_EQ(run["status"].StringOr(""), "QUEUED");
    EXPECT_EQ(run["graph_version"].AsInt(), 1);
    EXPECT_TRUE(run["stats"].IsNull());
    EXPECT_TRUE(run["started_at"].IsNull());
    EXPECT_TRUE(run["credential_inputs"].IsNull());
    EXPECT_EQ(WriteJson(run["nodes_input_masks"]), "{}");
    EXPECT_FALSE(run.json->Has("outputs"));
}

TEST_F(ExecutionRoutesTest, TheBodyIsOptional) {
    EXPECT_EQ(Call("POST", path_ + "/execute/1").status, 200);
    EXPECT_EQ(Call("POST", path_ + "/execute/1", "{}").status, 200);
}

TEST_F(ExecutionRoutesTest, EmptyCreditsAnswer402) {
    ledger_.balance = 0;
    Answer run = Call("POST", path_ + "/execute/1");
    EXPECT_EQ(run.status, 402);
    EXPECT_EQ(run.text,
              R"({"detail":"Insufficient balance to execute the agent. Please top up your )"
              R"(account."})");
    EXPECT_EQ(Call("GET", "/api/credits").text, R"({"credits":0})");
}

TEST_F(ExecutionRoutesTest, AMissingGraphAnswers400) {
    for (const char* version : {"2", "0", "99999999999"}) {
        Answer run = Call("POST", path_ + "/execute/" + version);
        EXPECT_EQ(run.status, 400);
        EXPECT_EQ(run["detail"].StringOr(""), "Graph #" + graph_ + " not found.");
    }
    EXPECT_EQ(Call("POST", path_ + "/execute/one").status, 422);
}

TEST_F(ExecutionRoutesTest, AnotherUsersGraphAnswers403) {
    Answer run = Call("POST", path_ + "/execute/1", "", "bob");
    EXPECT_EQ(run.status, 403);
    EXPECT_EQ(run["detail"].StringOr(""),
              "You do not have access to graph #" + graph_ +
                  " v1: it is not owned by you and not available in the Marketplace");
}

TEST_F(ExecutionRoutesTest, MissingInputsAnswerTheFaultsPerNode) {
    std::string body = R"({"graph":{"name":"x","description":"","nodes":[
        {"id":"a","block_id":"b1ab9b19-67a6-406d-abf5-2dba76d00c79"}]}})";
    std::string graph(Call("POST", "/api/graphs", body)["id"].StringOr(""));
    Answer run = Call("POST", "/api/graphs/" + graph + "/execute/1");
    EXPECT_EQ(run.status, 400) << run.text;
    EXPECT_EQ(run["detail"]["type"].StringOr(""), "validation_error");
    EXPECT_EQ(run["detail"]["node_errors"].size(), 1u);
}

TEST_F(ExecutionRoutesTest, MissingCredentialsAreNamed) {
    std::string body = R"({"graph":{"name":"x","description":"","nodes":[
        {"id":"a","block_id":")" +
                       std::string(service::kLlmBlock) + R"(","input_default":{"prompt":"hi"}}]}})";
    std::string graph(Call("POST", "/api/graphs", body)["id"].StringOr(""));
    Answer run = Call("POST", "/api/graphs/" + graph + "/execute/1");
    EXPECT_EQ(run.status, 400);
    auto [node, faults] = *run["detail"]["node_errors"].members().begin();
    EXPECT_EQ(faults["credentials"].StringOr(""), "These credentials are required");
}

TEST_F(ExecutionRoutesTest, BodiesOfTheWrongShapeAnswer422) {
    for (const char* body :
         {"[]", "7", "{\"inputs\":null}", "{\"inputs\":[]}", "{\"credentials_inputs\":{\"a\":1}}",
          "{\"credentials_inputs\":{\"a\":{\"id\":\"x\",\"provider\":\"y\",\"type\":\"z\"}}}",
          "{\"source\":\"x\"}", "{\"inputs\":{"}) {
        EXPECT_EQ(Call("POST", path_ + "/execute/1", body).status, 422) << body;
    }
}

TEST_F(ExecutionRoutesTest, AFullDiskAnswers503) {
    engine_.RefuseWith(Unavailable("The database cannot be written."));
    EXPECT_EQ(Call("POST", path_ + "/execute/1").status, 503);
}

TEST_F(ExecutionRoutesTest, DetailsHaveNodesAndOutputs) {
    std::string run = Execute(graph_);
    Answer details = Call("GET", path_ + "/executions/" + run);
    ASSERT_EQ(details.status, 200) << details.text;
    EXPECT_TRUE(details["node_executions"].IsArray());
    EXPECT_TRUE(details["outputs"].IsObject());
    EXPECT_EQ(details["inputs"]["n"].AsInt(), 1);
}

TEST_F(ExecutionRoutesTest, ForeignAndUnknownRunsAreNotFound) {
    std::string run = Execute(graph_);
    Answer foreign = Call("GET", path_ + "/executions/" + run, "", "bob");
    EXPECT_EQ(foreign.status, 404);
    EXPECT_EQ(foreign.text, R"({"detail":"Graph execution #)" + run + R"( not found."})");
    EXPECT_EQ(Call("GET", "/api/graphs/other/executions/" + run).status, 404);
    EXPECT_EQ(Call("GET", path_ + "/executions/unknown").status, 404);
}

TEST_F(ExecutionRoutesTest, ListsArePaged) {
    for (int i = 0; i < 3; ++i) Execute(graph_);
    EXPECT_EQ(Call("GET", "/api/executions").json->size(), 3u);
    EXPECT_EQ(Call("GET", "/api/executions", "", "bob").text, "[]");
    Answer page = Call("GET", path_ + "/executions?page=2&page_size=2");
    ASSERT_EQ(page.status, 200);
    EXPECT_EQ(page["executions"].size(), 1u);
    EXPECT_EQ(WriteJson(page["pagination"]),
              R"({"total_items":3,"total_pages":2,"current_page":2,"page_size":2})");
    Answer empty = Call("GET", "/api/graphs/unknown/executions");
    EXPECT_EQ(WriteJson(empty["pagination"]),
              R"({"total_items":0,"total_pages":0,"current_page":1,"page_size":25})");
}

TEST_F(ExecutionRoutesTest, PagesOutOfRangeAnswer422) {
    Answer answer = Call("GET", path_ + "/executions?page=0&page_size=101");
    EXPECT_EQ(answer.status, 422);
    ASSERT_EQ(answer["detail"].size(), 2u);
    EXPECT_EQ(WriteJson(answer["detail"].At(0)),
              R"({"type":"greater_than_equal","loc":["query","page"],)"
              R"("msg":"Input should be greater than or equal to 1","input":"0","ctx":{"ge":1}})");
    EXPECT_EQ(answer["detail"].At(1)["type"].StringOr(""), "less_than_equal");
}

TEST_F(ExecutionRoutesTest, StopAnswersTheRunAsItWas) {
    std::string stop = path_ + "/executions/" + Execute(graph_) + "/stop";
    EXPECT_EQ(Call("POST", stop, "", "bob").text, "null");
    EXPECT_EQ(Call("POST", stop)["status"].StringOr(""), "QUEUED");
    EXPECT_EQ(Call("POST", stop).text, "null");
}

TEST_F(ExecutionRoutesTest, ARunThatGoesOnAnswers500) {
    std::string stop = path_ + "/executions/" + Execute(graph_) + "/stop";
    engine_.HangOnStop();
    Answer answer = Call("POST", stop);
    EXPECT_EQ(answer.status, 500);
    EXPECT_TRUE(answer["detail"].StringOr("").starts_with("Graph execution #"));
}

TEST_F(ExecutionRoutesTest, DeleteHidesTheRun) {
    std::string run = Execute(graph_);
    Answer foreign = Call("DELETE", "/api/executions/" + run, "", "bob");
    EXPECT_EQ(foreign.status, 500);
    EXPECT_EQ(foreign["detail"].StringOr(""),
              "Could not delete graph execution #" + run + ": not found");
    Answer deleted = Call("DELETE", "/api/executions/" + run);
    EXPECT_EQ(deleted.status, 204);
    EXPECT_EQ(deleted.text, "");
    EXPECT_EQ(Call("GET", "/api/executions").text, "[]");
}

}  // namespace
}  // namespace yard::rest
