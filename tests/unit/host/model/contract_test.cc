// Agents and blocks as the reference platform publishes them, where that data is at hand.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "host/model/credentials_aggregation.h"
#include "host/model/graph_json.h"
#include "host/model/graph_schema.h"
#include "host/model/graph_validation.h"
#include "tests/unit/host/model/test_catalog.h"

namespace yard::model {
namespace {

namespace fs = std::filesystem;

fs::path ContractFolder() {
    if (const char* folder = std::getenv("BLOCKYARD_CONTRACT_DIR")) return folder;
    return fs::path(YARD_SOURCE_DIR).parent_path() / "shared" / "contract";
}

Value JsonFile(const fs::path& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return Json(text.str());
}

class ContractTest : public testing::Test {
protected:
    void SetUp() override {
        if (!fs::is_directory(ContractFolder())) GTEST_SKIP() << "no contract data here";
        for (const auto& file : fs::directory_iterator(ContractFolder() / "blocks")) {
            Value entries = JsonFile(file.path());
            for (View entry : entries->items()) {
                Result<BlockType> block = ParseBlockType(entry);
                ASSERT_TRUE(block.ok()) << block.error().message;
                catalog_.Add(std::move(block).value());
            }
        }
        for (const auto& file : fs::directory_iterator(ContractFolder() / "agents")) {
            if (file.path().extension() == ".json") agents_.push_back(JsonFile(file.path()));
        }
    }

    Graph Decoded(View json) {
        auto decoded = DecodeGraph(json);
        EXPECT_TRUE(std::holds_alternative<Graph>(decoded)) << json["name"].StringOr("");
        return std::holds_alternative<Graph>(decoded) ? std::get<Graph>(decoded) : Graph();
    }

    TestCatalog catalog_;
    std::vector<Value> agents_;
};

Value Sorted(View texts) {
    std::vector<std::string> sorted;
    for (View text : texts.items()) sorted.emplace_back(text.StringOr(""));
    std::sort(sorted.begin(), sorted.end());
    return Value::Strings(sorted);
}

// Mappings of discriminators grow with every version of the blocks; values come in any order.
Value Comparable(View schema) {
    ValueBuilder out;
    out.BeginObject();
    for (auto [name, field] : schema["properties"].members()) {
        // The blocks were read from a server without WordPress sign-in, which offers no type there.
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

TEST_F(ContractTest, EveryAgentDecodesWithAllItsNodesAndLinks) {
    ASSERT_FALSE(agents_.empty());
    for (const Value& agent : agents_) {
        Graph graph = Decoded(agent);
        EXPECT_EQ(graph.nodes.size(), agent["nodes"].size());
        EXPECT_EQ(graph.links.size(), agent["links"].size());
        EXPECT_EQ(graph.sub_graphs.size(), agent["sub_graphs"].size());
    }
}

TEST_F(ContractTest, TheInterfaceOfEveryAgentIsTheOneItWasExportedWith) {
    for (const Value& agent : agents_) {
        if (!agent.view().Has("input_schema")) continue;
        Graph graph = Decoded(agent);
        Value inputs = GraphInputSchema(graph, catalog_);
        Value outputs = GraphOutputSchema(graph, catalog_);
        EXPECT_TRUE(Equal(inputs, agent["input_schema"])) << graph.name << "\n"
                                                          << Text(inputs) << "\n"
                                                          << Text(agent["input_schema"]);
        EXPECT_TRUE(Equal(outputs, agent["output_schema"])) << graph.name << "\n"
                                                            << Text(outputs) << "\n"
                                                            << Text(agent["output_schema"]);
    }
}

TEST_F(ContractTest, TheCredentialsOfEveryAgentAreThoseItWasExportedWith) {
    for (const Value& agent : agents_) {
        if (!agent.view().Has("credentials_input_schema")) continue;
        Graph graph = Decoded(agent);
        Value ours = Comparable(CredentialsInputSchema(graph, catalog_));
        Value theirs = Comparable(agent["credentials_input_schema"]);
        EXPECT_TRUE(Equal(ours, theirs)) << graph.name << "\n"
                                         << Text(ours) << "\n"
                                         << Text(theirs);
    }
}

TEST_F(ContractTest, TheStructureOfCurrentAgentsIsValid) {
    for (const Value& agent : agents_) {
        if (!agent.view().Has("input_schema")) continue;
        Graph graph = Decoded(agent);
        Result<Ok> result = CheckStructure(graph, catalog_);
        EXPECT_TRUE(result.ok()) << graph.name << ": " << result.error().message;
    }
}

}  // namespace
}  // namespace yard::model
