// The agents in examples/, imported and run by a user as anybody would.

#include <gtest/gtest.h>

#include "base/json.h"
#include "tests/e2e/api_client.h"
#include "tests/e2e/graphs.h"
#include "tests/fakes/openai_server.h"

namespace yard::e2e {
namespace {

bool HasBlock(const ApiClient& client, std::string_view id) {
    const Value blocks = client.Get("/api/blocks").Json();
    for (View block : blocks->items()) {
        if (block["id"].StringOr("") == id) return true;
    }
    return false;
}

void ExpectOutputs(View execution, std::string_view outputs) {
    EXPECT_EQ(execution["status"].StringOr(""), "COMPLETED") << WriteJson(execution);
    EXPECT_TRUE(Equal(execution["outputs"], Json(outputs))) << WriteJson(execution["outputs"]);
    EXPECT_EQ(execution["stats"]["node_error_count"].IntOr(-1), 0) << WriteJson(execution);
}

TEST(ExamplesTest, GreetingGreetsWhoeverGivesAName) {
    ServerProcess server;
    const ApiClient client = ApiClient::SignUp(server);
    const GraphVersion graph = client.Import(Example("greeting"));
    const Value saved = client.Get("/api/graphs/" + graph.id).Json();
    EXPECT_EQ(saved["nodes"].size(), 3u);
    EXPECT_EQ(saved["links"].size(), 2u);
    EXPECT_TRUE(saved["input_schema"]["properties"].Has("name"));
    EXPECT_TRUE(saved["output_schema"]["properties"].Has("greeting"));
    EXPECT_TRUE(Equal(saved["input_schema"]["required"], Json(R"(["name"])")));

    const Value done = client.Run(graph, R"({"name":"Zoë"})");
    ExpectOutputs(done, R"({"greeting":["Hello, Zoë!"]})");
    EXPECT_EQ(done["node_executions"].size(), 3u);
    EXPECT_EQ(server.Terminate(), 0);
}

TEST(ExamplesTest, OrderSizesKeepsTheOrderOfTheAmounts) {
    ServerProcess server;
    const ApiClient client = ApiClient::SignUp(server);
    const GraphVersion graph = client.Import(Example("order_sizes"));
    ExpectOutputs(client.Run(graph, R"({"amounts":[5,250,99,100,7],"limit":100})"),
                  R"({"large":[250,100],"small":[5,99,7]})");
    EXPECT_EQ(server.Terminate(), 0);
}

TEST(ExamplesTest, OrderSizesUsesTheLimitOfTheNodeWhenNoneIsGiven) {
    ServerProcess server;
    const ApiClient client = ApiClient::SignUp(server);
    const GraphVersion graph = client.Import(Example("order_sizes"));
    ExpectOutputs(client.Run(graph, R"({"amounts":[99,101]})"), R"({"large":[101],"small":[99]})");
}

TEST(ExamplesTest, WordReportNumbersTheWords) {
    ServerProcess server;
    const ApiClient client = ApiClient::SignUp(server);
    const GraphVersion graph = client.Import(Example("word_report"));
    ExpectOutputs(client.Run(graph, R"({"text":"the quick fox"})"),
                  R"({"report":["1. the\n2. quick\n3. fox\n3 words"]})");
    EXPECT_EQ(server.Terminate(), 0);
}

TEST(ExamplesTest, SubAgentLetsAnotherAgentDoubleTheNumber) {
    ServerProcess server;
    const ApiClient client = ApiClient::SignUp(server);
    if (!HasBlock(client, "e189baac-8c20-45a1-94a7-55177ea42565")) {
        GTEST_SKIP() << "the agents plugin is not installed";
    }
    const GraphVersion graph = client.Import(Example("sub_agent"));
    ExpectOutputs(client.Run(graph, R"({"number":20})"), R"({"result":[41]})");
    EXPECT_EQ(server.Terminate(), 0);
}

TEST(ExamplesTest, AskAModelAsksTheConfiguredProvider) {
    const auto provider = fakes::OpenAiServer::Start();
    ASSERT_NE(provider, nullptr);
    ServerOptions options;
    options.settings = {"providers.openai.base_url=" + provider->Url(),
                        "providers.openai.api_key=sk-test-key",
                        "outbound.allow=127.0.0.1:" + std::to_string(provider->port())};
    ServerProcess server(options);
    const ApiClient client = ApiClient::SignUp(server);
    if (!HasBlock(client, "1f292d4a-41a4-4977-9684-7c8d560b9f91")) {
        GTEST_SKIP() << "the llm plugin is not installed";
    }
    provider->Script({fakes::OpenAiServer::Saying("It is forty-two.")});
    const GraphVersion graph = client.Import(Example("ask_a_model"));
    ExpectOutputs(client.Run(graph, R"({"question":"What is it?"})"),
                  R"({"answer":["It is forty-two."]})");

    const auto requests = provider->requests();
    ASSERT_EQ(requests.size(), 1u);
    EXPECT_NE(requests[0].head.find("Bearer sk-test-key"), std::string::npos) << requests[0].head;
    EXPECT_NE(requests[0].body.find("What is it?"), std::string::npos) << requests[0].body;
    EXPECT_EQ(server.Log().find("sk-test-key"), std::string::npos) << "the log shows the key";
}

TEST(ExamplesTest, AskAModelSaysWhatTheProviderRefused) {
    const auto provider = fakes::OpenAiServer::Start();
    ASSERT_NE(provider, nullptr);
    ServerOptions options;
    options.settings = {"providers.openai.base_url=" + provider->Url(),
                        "providers.openai.api_key=sk-test-key",
                        "outbound.allow=127.0.0.1:" + std::to_string(provider->port())};
    ServerProcess server(options);
    const ApiClient client = ApiClient::SignUp(server);
    if (!HasBlock(client, "1f292d4a-41a4-4977-9684-7c8d560b9f91")) {
        GTEST_SKIP() << "the llm plugin is not installed";
    }
    provider->Script(std::vector<fakes::ProviderAnswer>(
        8, fakes::OpenAiServer::Failing(401, "Incorrect API key provided")));
    const GraphVersion graph = client.Import(Example("ask_a_model"));
    const Value done = client.Run(graph, R"({"question":"What is it?"})");
    EXPECT_EQ(done["status"].StringOr(""), "COMPLETED");
    EXPECT_EQ(done["stats"]["node_error_count"].IntOr(-1), 1);
    EXPECT_NE(WriteJson(done["node_executions"]).find("Incorrect API key provided"),
              std::string::npos)
        << WriteJson(done);
}

}  // namespace
}  // namespace yard::e2e
