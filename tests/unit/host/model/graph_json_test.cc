#include "host/model/graph_json.h"

#include "tests/unit/host/model/test_catalog.h"

namespace yard::model {
namespace {

std::vector<std::string> Keys(View object) {
    std::vector<std::string> keys;
    for (auto [key, value] : object.members()) keys.emplace_back(key);
    return keys;
}

class GraphJsonTest : public testing::Test {
protected:
    GraphJsonTest() {
        AddAgentInput(catalog_);
        graph_.id = GraphId("g");
        graph_.version = 2;
        graph_.name = "N";
        graph_.user_id = UserId("u");
        graph_.nodes = {MakeNode("a", kAgentInputBlock, R"({"name":"x"})"), MakeNode("b", kPlain)};
        graph_.nodes[1].webhook_id = "w";
        graph_.links = {MakeLink("a", "result", "b", "in", true)};
        Graph sub_graph;
        sub_graph.id = GraphId("s");
        sub_graph.nodes = {MakeNode("c", kPlain)};
        graph_.sub_graphs = {sub_graph};
    }

    TestCatalog catalog_;
    Graph graph_;
};

TEST_F(GraphJsonTest, HasTheMembersOfAGraphInOrder) {
    EXPECT_EQ(Keys(EncodeGraph(graph_, catalog_)),
              (std::vector<std::string>{"id",
                                        "version",
                                        "is_active",
                                        "name",
                                        "description",
                                        "instructions",
                                        "recommended_schedule_cron",
                                        "nodes",
                                        "links",
                                        "forked_from_id",
                                        "forked_from_version",
                                        "sub_graphs",
                                        "user_id",
                                        "created_at",
                                        "input_schema",
                                        "output_schema",
                                        "has_external_trigger",
                                        "has_human_in_the_loop",
                                        "has_sensitive_action",
                                        "trigger_setup_info",
                                        "credentials_input_schema"}));
}

TEST_F(GraphJsonTest, AMetaHasNoNodesLinksAndTime) {
    std::vector<std::string> keys = Keys(EncodeGraphMeta(graph_, catalog_));
    for (const char* absent : {"nodes", "links", "created_at"}) {
        EXPECT_EQ(std::count(keys.begin(), keys.end(), absent), 0) << absent;
    }
    EXPECT_EQ(keys.size(), 18u);
}

TEST_F(GraphJsonTest, SubGraphsAreBareGraphs) {
    Value json = EncodeGraph(graph_, catalog_);
    View sub_graph = json["sub_graphs"].At(0);
    EXPECT_FALSE(sub_graph.Has("user_id") || sub_graph.Has("credentials_input_schema"));
    EXPECT_EQ(Keys(sub_graph["nodes"].At(0)),
              (std::vector<std::string>{"id", "block_id", "input_default", "metadata",
                                        "input_links", "output_links"}));
}

TEST_F(GraphJsonTest, NodesNameTheirLinksGraphAndWebhook) {
    Value json = EncodeGraph(graph_, catalog_,
                             [](const std::string& id) { return Value::String("hook " + id); });
    View nodes = json["nodes"];
    EXPECT_EQ(Text(nodes.At(0)["output_links"]), Text(json["links"]));
    EXPECT_EQ(Text(nodes.At(1)["input_links"]),
              R"([{"id":"link-a-b","source_id":"a","sink_id":"b","source_name":"result",)"
              R"("sink_name":"in","is_static":true}])");
    EXPECT_EQ(nodes.At(1)["graph_version"].AsInt(), 2);
    EXPECT_EQ(nodes.At(1)["webhook"].AsString(), "hook w");
    EXPECT_TRUE(nodes.At(0)["webhook"].IsNull());
}

TEST_F(GraphJsonTest, WhatIsEncodedDecodesToTheSameGraph) {
    auto decoded = DecodeGraph(EncodeGraph(graph_, catalog_));
    ASSERT_TRUE(std::holds_alternative<Graph>(decoded));
    Graph graph = std::get<Graph>(decoded);
    EXPECT_EQ(graph.id, graph_.id);
    EXPECT_EQ(graph.links.size(), 1u);
    EXPECT_TRUE(graph.links[0].is_static);
    EXPECT_EQ(graph.sub_graphs.size(), 1u);
}

}  // namespace
}  // namespace yard::model
