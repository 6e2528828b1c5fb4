// Agents as the reference platform publishes them, where that data is at hand: imported, looked at,
// and run when every block of theirs is installed.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "base/json.h"
#include "tests/e2e/api_client.h"
#include "tests/e2e/graphs.h"
#include "tests/fakes/openai_server.h"

namespace yard::e2e {
namespace {

namespace fs = std::filesystem;

fs::path AgentsFolder() {
    if (const char* folder = std::getenv("BLOCKYARD_CONTRACT_DIR")) {
        return fs::path(folder) / "agents";
    }
    return fs::path(YARD_SOURCE_DIR).parent_path() / "shared" / "contract" / "agents";
}

// Exports come in two wrappings: the graph itself, or a listing around it.
View GraphOf(const Value& file) { return file.view().Has("graph") ? file["graph"] : file.view(); }

std::vector<Value> Agents() {
    std::vector<Value> agents;
    for (const auto& file : fs::directory_iterator(AgentsFolder())) {
        if (file.path().extension() == ".json") agents.push_back(Json(ReadText(file.path())));
    }
    return agents;
}

Value Sorted(View texts) {
    std::vector<std::string> sorted;
    for (View text : texts.items()) sorted.emplace_back(text.StringOr(""));
    std::sort(sorted.begin(), sorted.end());
    return Value::Strings(sorted);
}

// What may differ between servers: mappings of discriminators grow, values have no order, and
// WordPress offers its types only where its sign-in is configured.
Value ComparableCredentials(View schema) {
    ValueBuilder out;
    out.BeginObject();
    for (auto [name, field] : schema["properties"].members()) {
        if (name.starts_with("wordpress_")) continue;
        out.Key(name).BeginObject();
        for (auto [keyword, value] : field.members()) {
            if (keyword == "discriminator_mapping") continue;
            out.Member(keyword, keyword == "discriminator_values" ? Sorted(value).view() : value);
        }
        out.EndObject();
    }
    return out.EndObject().Take();
}

// The ids of all blocks of a graph and its sub-graphs.
void CollectBlocks(View graph, std::set<std::string>& blocks) {
    for (View node : graph["nodes"].items()) blocks.emplace(node["block_id"].StringOr(""));
    for (View sub_graph : graph["sub_graphs"].items()) CollectBlocks(sub_graph, blocks);
}

// Exported before exports carried their interface; blocks had other pins then.
bool IsOutdated(View agent) { return !agent.Has("input_schema"); }

// A value for every input of the agent: its default, or a text that fits most of them.
std::string InputsFor(View input_schema) {
    ValueBuilder out;
    out.BeginObject();
    for (auto [name, field] : input_schema["properties"].members()) {
        out.Key(name);
        if (field.Has("default") && !field["default"].IsNull()) {
            out.Copy(field["default"]);
        } else {
            out.String("5");
        }
    }
    return WriteJson(out.EndObject().Take());
}

class ContractAgentsTest : public testing::Test {
protected:
    void SetUp() override {
        if (!fs::is_directory(AgentsFolder())) GTEST_SKIP() << "no contract data here";
        provider_ = fakes::OpenAiServer::Start();
        ASSERT_NE(provider_, nullptr);
        ServerOptions options;
        options.settings = {"outbound.allow=127.0.0.1:" + std::to_string(provider_->port()),
                            "engine.node_executions_per_run_max=2000"};
        for (const char* name : {"openai", "groq", "open_router", "llama_api", "aiml_api", "v0"}) {
            const std::string prefix = std::string("providers.") + name;
            options.settings.push_back(prefix + ".base_url=" + provider_->Url());
            options.settings.push_back(prefix + ".api_key=sk-test");
        }
        options.settings.push_back("providers.anthropic.base_url=" + provider_->Origin());
        options.settings.push_back("providers.anthropic.api_key=sk-test");
        server_ = std::make_unique<ServerProcess>(options);
        client_ = std::make_unique<ApiClient>(ApiClient::SignUp(*server_));
        const Value blocks = client_->Get("/api/blocks").Json();
        for (View block : blocks->items()) installed_.emplace(block["id"].StringOr(""));
        agents_ = Agents();
        ASSERT_FALSE(agents_.empty());
    }

    bool IsInstalled(View graph) const {
        std::set<std::string> blocks;
        CollectBlocks(graph, blocks);
        return std::includes(installed_.begin(), installed_.end(), blocks.begin(), blocks.end());
    }

    bool HasAllBlocks(View graph) const {
        for (View node : graph["nodes"].items()) {
            if (!installed_.contains(std::string(node["block_id"].StringOr("")))) return false;
        }
        return true;
    }

    std::unique_ptr<fakes::OpenAiServer> provider_;
    std::unique_ptr<ServerProcess> server_;
    std::unique_ptr<ApiClient> client_;
    std::set<std::string> installed_;
    std::vector<Value> agents_;
};

TEST_F(ContractAgentsTest, EveryAgentIsImportedAsItWasExported) {
    for (const Value& file : agents_) {
        const View agent = GraphOf(file);
        SCOPED_TRACE(agent["name"].StringOr(""));
        const HttpAnswer answer = client_->TryImport(agent);
        ASSERT_EQ(answer.status, 200) << answer.body.substr(0, 2000);
        const std::string id(answer.Json()["id"].StringOr(""));
        const Value saved = client_->Get("/api/graphs/" + id).Json();
        EXPECT_EQ(saved["nodes"].size(), agent["nodes"].size());
        EXPECT_EQ(saved["links"].size(), agent["links"].size());
        EXPECT_NE(id, agent["id"].StringOr("")) << "an upload has an id of its own";
        if (IsOutdated(agent)) continue;
        EXPECT_TRUE(Equal(saved["input_schema"], agent["input_schema"]))
            << WriteJson(saved["input_schema"]) << "\n"
            << WriteJson(agent["input_schema"]);
        EXPECT_TRUE(Equal(saved["output_schema"], agent["output_schema"]))
            << WriteJson(saved["output_schema"]) << "\n"
            << WriteJson(agent["output_schema"]);
        // What a block that is not installed asks for depends on inputs only its plugin knows.
        if (!agent.Has("credentials_input_schema") || !IsInstalled(agent)) continue;
        const Value ours = ComparableCredentials(saved["credentials_input_schema"]);
        const Value theirs = ComparableCredentials(agent["credentials_input_schema"]);
        EXPECT_TRUE(Equal(ours, theirs)) << WriteJson(ours) << "\n" << WriteJson(theirs);
    }
    EXPECT_EQ(server_->Terminate(), 0);
}

TEST_F(ContractAgentsTest, AgentsWhoseBlocksAreInstalledRunToTheirEnd) {
    int runs = 0;
    for (const Value& file : agents_) {
        const View agent = GraphOf(file);
        if (IsOutdated(agent) || !IsInstalled(agent)) continue;
        SCOPED_TRACE(agent["name"].StringOr(""));
        const GraphVersion graph = client_->Import(agent);
        const Value saved = client_->Get("/api/graphs/" + graph.id).Json();
        const HttpAnswer answer = client_->TryExecute(graph, InputsFor(saved["input_schema"]));
        ASSERT_EQ(answer.status, 200) << answer.body;
        const Value done =
            client_->WaitForEnd(graph, std::string(answer.Json()["id"].StringOr("")));
        EXPECT_EQ(done["status"].StringOr(""), "COMPLETED") << WriteJson(done["stats"]);
        EXPECT_EQ(done["stats"]["node_error_count"].IntOr(-1), 0)
            << WriteJson(done["node_executions"]).substr(0, 4000);
        EXPECT_GT(done["outputs"].size(), 0u) << WriteJson(done["node_executions"]).substr(0, 4000);
        for (auto [name, values] : done["outputs"].members()) {
            EXPECT_TRUE(saved["output_schema"]["properties"].Has(name)) << name;
            EXPECT_GT(values.size(), 0u) << name;
        }
        ++runs;
    }
    if (runs == 0) GTEST_SKIP() << "no agent has all of its blocks here";
    EXPECT_EQ(server_->Terminate(), 0);
}

TEST_F(ContractAgentsTest, AgentsWithMissingBlocksSayWhichOnes) {
    for (const Value& file : agents_) {
        const View agent = GraphOf(file);
        // Sub-agents are looked at when they start.
        if (IsOutdated(agent) || HasAllBlocks(agent)) continue;
        SCOPED_TRACE(agent["name"].StringOr(""));
        const GraphVersion graph = client_->Import(agent);
        const Value saved = client_->Get("/api/graphs/" + graph.id).Json();
        const HttpAnswer answer = client_->TryExecute(graph, InputsFor(saved["input_schema"]));
        EXPECT_EQ(answer.status, 400) << answer.body.substr(0, 2000);
        EXPECT_NE(answer.body.find("is not installed on this server"), std::string::npos)
            << answer.body.substr(0, 2000);
        EXPECT_EQ(answer.Json()["detail"]["type"].StringOr(""), "validation_error")
            << answer.body.substr(0, 2000);
    }
    EXPECT_EQ(server_->Terminate(), 0);
}

}  // namespace
}  // namespace yard::e2e
