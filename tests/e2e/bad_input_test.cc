// Everything a client can get wrong, at the door of the running server. It answers and goes on
// serving.

#include <gtest/gtest.h>

#include "base/json.h"
#include "tests/e2e/api_client.h"
#include "tests/e2e/graphs.h"

namespace yard::e2e {
namespace {

class BadInputTest : public testing::Test {
protected:
    BadInputTest() : client_(ApiClient::SignUp(server_)) {}

    // Whatever was sent before: the same process still imports and runs an agent.
    void TearDown() override {
        EXPECT_EQ(client_.Get("/health").status, 200);
        const Value done = client_.Run(client_.Import(Example("greeting")), R"({"name":"you"})");
        EXPECT_EQ(WriteJson(done["outputs"]), R"({"greeting":["Hello, you!"]})");
        EXPECT_EQ(server_.Terminate(), 0);
    }

    HttpAnswer PostGraphs(const std::string& body) { return client_.Post("/api/graphs", body); }

    ServerProcess server_;
    ApiClient client_;
};

// The type and place of the first fault of a 422 body, as "type at a.b.c".
std::string FirstFault(const HttpAnswer& answer) {
    const Value json = answer.Json();
    const View fault = json["detail"].At(0);
    std::string text = std::string(fault["type"].StringOr("")) + " at ";
    for (View part : fault["loc"].items()) {
        if (!text.ends_with(" at ")) text += ".";
        text += part.IsString() ? std::string(part.AsString()) : WriteJson(part);
    }
    return text;
}

TEST_F(BadInputTest, TextThatIsNoJsonIsRefusedWithThePlaceOfTheFault) {
    const std::string whole = WriteJson(Example("greeting"));
    for (const std::string& body :
         {std::string("{\"graph\":"), std::string("{'graph':1}"), std::string("nope"),
          whole.substr(0, whole.size() / 2), whole + "}", std::string("{\"a\":\"\xff\xfe\"}"),
          std::string("\0\0\0", 3), std::string("{\"a\":1e999}"), std::string("\"\\ud800\"")}) {
        const HttpAnswer answer = PostGraphs(body);
        EXPECT_EQ(answer.status, 422) << body.substr(0, 40) << answer.body;
        EXPECT_EQ(answer.Json()["detail"].At(0)["type"].StringOr(""), "json_invalid")
            << answer.body;
    }
}

TEST_F(BadInputTest, MalformedJsonIsReportedBeforeAMissingToken) {
    const ApiClient nobody(server_.port());
    EXPECT_EQ(nobody.Post("/api/graphs", "{").status, 422);
    EXPECT_EQ(nobody.Post("/api/graphs", "{}").status, 401);
}

TEST_F(BadInputTest, DeepNestingIsRefusedAndNotFollowed) {
    for (const std::string& open : {std::string("["), std::string("{\"a\":")}) {
        std::string body;
        for (int level = 0; level < 10'000; ++level) body += open;
        EXPECT_EQ(PostGraphs(body).status, 422);
        body += "1";
        for (int level = 0; level < 10'000; ++level) body += open == "[" ? "]" : "}";
        const HttpAnswer answer = PostGraphs(body);
        EXPECT_EQ(answer.status, 422);
        EXPECT_NE(answer.body.find("nested deeper than 100"), std::string::npos) << answer.body;
    }
}

TEST_F(BadInputTest, BodiesOfTheWrongShapeNameEveryFault) {
    EXPECT_EQ(FirstFault(PostGraphs("")), "missing at body");
    EXPECT_EQ(FirstFault(PostGraphs("[]")), "model_attributes_type at body");
    EXPECT_EQ(FirstFault(PostGraphs("{}")), "missing at body.graph");
    EXPECT_EQ(FirstFault(PostGraphs(R"({"graph":5})")), "model_attributes_type at body.graph");
    const HttpAnswer answer = PostGraphs(R"({"graph":{"name":5,"description":null,"nodes":"x"}})");
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(FirstFault(answer), "string_type at body.graph.name");
    EXPECT_EQ(answer.Json()["detail"].size(), 3u) << answer.body;
    EXPECT_EQ(FirstFault(PostGraphs(
                  R"({"graph":{"name":"","description":"","nodes":[{"id":1}],"links":[]}})")),
              "string_type at body.graph.nodes.0.id");
}

TEST_F(BadInputTest, ABodyOfTenMegabytesIsReadAndOneOverTheLimitIsNot) {
    const std::string garbage(10u << 20, 'x');
    EXPECT_EQ(PostGraphs(garbage).status, 422);
    EXPECT_EQ(PostGraphs("{\"a\":\"" + garbage + "\"}").status, 422);
    EXPECT_EQ(PostGraphs("\"" + std::string(17u << 20, 'x') + "\"").status, 413);
}

TEST_F(BadInputTest, OversizedHeadersAndUrlsAreRefused) {
    const uint16_t port = server_.port();
    EXPECT_EQ(Send(port, {"GET", "/" + std::string(20'000, 'u'), {}, {}}).status, 414);
    EXPECT_EQ(Send(port, {"GET", "/health", {{"X-Long", std::string(100'000, 'h')}}, {}}).status,
              431);
    std::string many = "GET /health HTTP/1.1\r\nHost: a\r\n";
    for (int header = 0; header < 5'000; ++header)
        many += "X-" + std::to_string(header) + ": 1\r\n";
    EXPECT_EQ(SendRaw(port, many + "\r\n").status, 431);
}

TEST_F(BadInputTest, BytesThatAreNoHttpAreRefused) {
    for (const std::string& bytes :
         {std::string("nonsense\r\n\r\n"), std::string("GET\r\n\r\n"),
          std::string("GET /health HTTP/9.9\r\nHost: a\r\n\r\n"),
          std::string("POST /api/graphs HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n"),
          std::string("POST /api/graphs HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"),
          std::string("POST /api/graphs HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n"
                      "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
          std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15)}) {
        const HttpAnswer answer = SendRaw(server_.port(), bytes);
        EXPECT_TRUE(answer.status >= 400 && answer.status < 600) << answer.status << " " << bytes;
    }
}

TEST_F(BadInputTest, UnknownPathsAndMethodsAreSaidToBeSo) {
    const HttpAnswer path = client_.Get("/api/no/such/thing");
    EXPECT_EQ(path.status, 404);
    EXPECT_EQ(path.body, R"({"detail":"Not Found"})");
    const HttpAnswer method = client_.Delete("/api/blocks");
    EXPECT_EQ(method.status, 405);
    EXPECT_EQ(method.body, R"({"detail":"Method Not Allowed"})");
    EXPECT_EQ(method.headers.at("allow"), "GET");
    EXPECT_EQ(client_.Call("HEAD", "/api/graphs").status, 405);
    EXPECT_EQ(client_.Get("/api/graphs/../../etc/passwd").status, 404);
    EXPECT_EQ(client_.Get("/api/graphs/%00").status, 400);
}

TEST_F(BadInputTest, PathAndQueryParametersAreChecked) {
    const GraphVersion graph = client_.Import(Example("greeting"));
    const std::string path = "/api/graphs/" + graph.id;
    EXPECT_EQ(FirstFault(client_.Post(path + "/execute/first", R"({"inputs":{}})")),
              "int_parsing at path.graph_version");
    EXPECT_EQ(client_.Post(path + "/execute/99999999999999999999", R"({"inputs":{}})").status, 422);
    EXPECT_EQ(client_.Post(path + "/execute/77", R"({"inputs":{}})").status, 400);
    EXPECT_EQ(FirstFault(client_.Get(path + "/executions?page=0")),
              "greater_than_equal at query.page");
    EXPECT_EQ(FirstFault(client_.Get(path + "/executions?page_size=1000")),
              "less_than_equal at query.page_size");
    EXPECT_EQ(client_.Get("/api/graphs/not-a-uuid").status, 404);
    EXPECT_EQ(client_.Get("/api/graphs/" + graph.id + "/versions/0").status, 404);
}

TEST_F(BadInputTest, GraphsThatCannotWorkAreRefusedWithTheirReason) {
    const std::string input = R"({"name":"a"})";
    const auto detail = [&](const GraphText& graph) {
        const HttpAnswer answer = PostGraphs(R"({"graph":)" + WriteJson(graph.Build()) + "}");
        EXPECT_EQ(answer.status, 400) << answer.body;
        return answer.Detail();
    };
    EXPECT_TRUE(detail(GraphText().Node("a", "no.such.block"))
                    .starts_with("Invalid block no.such.block for node #"));
    EXPECT_NE(detail(GraphText().Node("a", kInputBlock, input).Link("a.result", "gone.value"))
                  .find("gone is invalid node id"),
              std::string::npos);
    const GraphText two = GraphText().Node("a", kInputBlock, input).Node("b", kOutputBlock, input);
    EXPECT_NE(detail(GraphText(two).Link("a.nothing", "b.value")).find("`nothing` invalid"),
              std::string::npos);
    EXPECT_NE(detail(GraphText(two).Link("a.result", "b.nothing")).find("`nothing` invalid"),
              std::string::npos);
}

TEST_F(BadInputTest, AnUploadWithAMissingPinIsKeptAndRefusedWhenItIsRun) {
    const GraphVersion graph = client_.Import(GraphText()
                                                  .Node("a", kInputBlock, R"({"name":"a"})")
                                                  .Node("b", kOutputBlock, R"({"name":"b"})")
                                                  .Link("a.nothing", "b.value")
                                                  .Build());
    const HttpAnswer answer = client_.TryExecute(graph, R"({"a":1})");
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_NE(answer.body.find("`nothing` invalid"), std::string::npos) << answer.body;
}

TEST_F(BadInputTest, AGraphWithTooManyNodesIsRefused) {
    GraphText graph;
    for (int node = 0; node < 5'001; ++node) {
        graph.Node("n" + std::to_string(node), kStoreValueBlock, R"({"input":1})");
    }
    EXPECT_EQ(client_.TryImport(graph.Build()).status, 413);
}

TEST_F(BadInputTest, ACycleRunsUntilItIsStopped) {
    // Each turn stores the value again, for ever.
    const GraphVersion graph = client_.Import(GraphText()
                                                  .Node("in", kInputBlock, R"({"name":"in"})")
                                                  .Node("a", kStoreValueBlock)
                                                  .Node("b", kStoreValueBlock)
                                                  .Link("in.result", "a.input")
                                                  .Link("a.output", "b.input")
                                                  .Link("b.output", "a.input")
                                                  .Build());
    const std::string execution = client_.Execute(graph, R"({"in":1})");
    EXPECT_TRUE(client_.WaitForStatus(graph, execution, "RUNNING"));
    const HttpAnswer stopped =
        client_.Post("/api/graphs/" + graph.id + "/executions/" + execution + "/stop");
    EXPECT_EQ(stopped.status, 200) << stopped.body;
    EXPECT_EQ(client_.WaitForEnd(graph, execution)["status"].StringOr(""), "TERMINATED");
}

TEST(BoundedCycleTest, ACycleEndsAtTheLimitOfTheRun) {
    ServerOptions options;
    options.settings = {"engine.node_executions_per_run_max=500"};
    ServerProcess server(options);
    const ApiClient client = ApiClient::SignUp(server);
    const GraphVersion graph = client.Import(GraphText()
                                                 .Node("in", kInputBlock, R"({"name":"in"})")
                                                 .Node("a", kStoreValueBlock)
                                                 .Node("b", kStoreValueBlock)
                                                 .Link("in.result", "a.input")
                                                 .Link("a.output", "b.input")
                                                 .Link("b.output", "a.input")
                                                 .Build());
    const Value done = client.Run(graph, R"({"in":1})");
    EXPECT_EQ(done["status"].StringOr(""), "FAILED");
    EXPECT_FALSE(done["stats"]["error"].StringOr("").empty()) << WriteJson(done["stats"]);
    EXPECT_EQ(server.Terminate(), 0);
}

}  // namespace
}  // namespace yard::e2e
