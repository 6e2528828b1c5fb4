#include "host/model/graph_ids.h"

#include "base/uuid.h"
#include "tests/unit/host/model/test_catalog.h"

namespace yard::model {
namespace {

const UserId kUser{"user"};

Graph SmallGraph() {
    Graph graph;
    graph.id = GraphId("g");
    graph.name = "Name";
    graph.version = 7;
    graph.nodes = {MakeNode("a", kPlain),
                   MakeNode("b", kAgentExecutorBlock, R"({"graph_id":"s"})")};
    graph.links = {MakeLink("a", "o", "b", "x"), MakeLink("a", "o", "gone", "x")};
    Graph sub_graph;
    sub_graph.id = GraphId("s");
    sub_graph.nodes = {MakeNode("c", kPlain)};
    graph.sub_graphs = {sub_graph};
    return graph;
}

std::string Stripped(std::string_view schema_properties, std::string_view input_default) {
    TestCatalog catalog;
    catalog.AddBlock(kPlain, "B", std::string(schema_properties));
    Graph graph;
    graph.nodes = {MakeNode("n", kPlain, input_default)};
    StripForExport(graph, catalog);
    return Text(graph.nodes[0].input_default);
}

TEST(GraphIdsTest, NodesGetFreshIdsAndLinksFollow) {
    Graph graph = SmallGraph();
    ReassignIds(graph, kUser, GraphIds::kKeep);
    EXPECT_EQ(graph.id.text(), "g");
    EXPECT_EQ(graph.sub_graphs[0].id.text(), "s");
    EXPECT_TRUE(IsUuid(graph.nodes[0].id.text()));
    EXPECT_TRUE(IsUuid(graph.sub_graphs[0].nodes[0].id.text()));
    EXPECT_EQ(graph.links[0].source_id, graph.nodes[0].id);
    EXPECT_EQ(graph.links[0].sink_id, graph.nodes[1].id);
    EXPECT_EQ(graph.links[1].sink_id.text(), "gone");
    EXPECT_EQ(Text(graph.nodes[1].input_default),
              R"({"graph_id":"s","user_id":"user","inputs":{}})");
}

TEST(GraphIdsTest, SubAgentsFollowTheirGraph) {
    Graph graph = SmallGraph();
    ReassignIds(graph, kUser, GraphIds::kReassign);
    EXPECT_TRUE(IsUuid(graph.id.text()));
    EXPECT_NE(graph.sub_graphs[0].id.text(), "s");
    EXPECT_EQ(graph.nodes[1].input_default["graph_id"].AsString(), graph.sub_graphs[0].id.text());
}

TEST(GraphIdsTest, AForkNamesItsOrigin) {
    Graph graph = SmallGraph();
    TurnIntoFork(graph, kUser);
    EXPECT_EQ(graph.forked_from_id->text(), "g");
    EXPECT_EQ(graph.forked_from_version, 7);
    EXPECT_EQ(graph.name, "Name (copy)");
    EXPECT_EQ(graph.version, 7);
    EXPECT_NE(graph.id.text(), "g");
    EXPECT_EQ(graph.user_id, kUser);
}

TEST(StripForExportTest, RemovesSecretsByNameAndBySchema) {
    EXPECT_EQ(Stripped(R"({"a":{"properties":{"b":{"properties":{"c":{"secret":true}}}}}})",
                       R"({"api_key":"x","API_KEY_2":"y","secret":true,"my_secret":false,
                           "secretary":"z","Token_count":5,"tokens":[1],"password":null,
                           "a":{"credentials":1,"b":{"token":2,"c":3}},"ok":1})"),
              R"({"secret":true,"my_secret":false,"a":{"b":{}},"ok":1})");
    EXPECT_EQ(Stripped(R"({"x":{"secret":true}})", R"({"x":true,"y":1})"), R"({"y":1})");
}

TEST(StripForExportTest, LooksIntoLists) {
    EXPECT_EQ(Stripped(R"({"l":{"items":{"properties":{"pin":{"secret":true}}}}})",
                       R"({"l":[{"token":1,"pin":2,"ok":3},[{"password":1}],"token"]})"),
              R"({"l":[{"ok":3},[{}],"token"]})");
}

TEST(StripForExportTest, RemovesTheValueOfSecretInputs) {
    TestCatalog catalog;
    AddAgentInput(catalog);
    Graph graph;
    graph.nodes = {MakeNode("n", kAgentInputBlock, R"({"name":"a","secret":true,"value":"v"})"),
                   MakeNode("m", kAgentInputBlock, R"({"name":"a","secret":1,"value":"v"})")};
    StripForExport(graph, catalog);
    EXPECT_EQ(Text(graph.nodes[0].input_default), R"({"name":"a","secret":true})");
    EXPECT_EQ(Text(graph.nodes[1].input_default), R"({"name":"a","value":"v"})");
}

TEST(StripForExportTest, ForgetsOwnerAndWebhooksAlsoInSubGraphs) {
    TestCatalog catalog;
    Graph graph = SmallGraph();
    graph.user_id = kUser;
    graph.sub_graphs[0].user_id = kUser;
    graph.nodes[0].webhook_id = "w";
    graph.sub_graphs[0].nodes[0].webhook_id = "w";
    graph.sub_graphs[0].nodes[0].input_default = Json(R"({"password":"p"})");
    StripForExport(graph, catalog);
    EXPECT_TRUE(graph.user_id.empty() && graph.sub_graphs[0].user_id.empty());
    EXPECT_FALSE(graph.nodes[0].webhook_id || graph.sub_graphs[0].nodes[0].webhook_id);
    EXPECT_EQ(Text(graph.sub_graphs[0].nodes[0].input_default), "{}");
}

}  // namespace
}  // namespace yard::model
