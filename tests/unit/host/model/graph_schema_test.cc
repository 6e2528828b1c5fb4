#include "host/model/graph_schema.h"

#include "tests/unit/host/model/test_catalog.h"

namespace yard::model {
namespace {

constexpr char kWebhookBlock[] = "00000000-0000-4000-8000-0000000000aa";

class GraphSchemaTest : public testing::Test {
protected:
    GraphSchemaTest() {
        AddAgentInput(catalog_);
        AddAgentOutput(catalog_);
        AddCalculator(catalog_);
    }
    void Add(const std::string& block, std::string_view input_default) {
        graph_.nodes.push_back(
            MakeNode("n" + std::to_string(graph_.nodes.size()), block, input_default));
    }
    std::string Property(const char* name) {
        return Text(GraphInputSchema(graph_, catalog_)["properties"][name]);
    }
    std::string Required() { return Text(GraphInputSchema(graph_, catalog_)["required"]); }

    TestCatalog catalog_;
    Graph graph_;
};

TEST_F(GraphSchemaTest, AnEmptyGraphHasAnEmptyInterface) {
    EXPECT_EQ(Text(GraphInputSchema(graph_, catalog_)),
              R"({"type":"object","properties":{},"required":[]})");
}

TEST_F(GraphSchemaTest, DescribesInputs) {
    Add(kAgentInputBlock, R"({"name":"in_key_a","title":"Key A","value":"A","advanced":true})");
    Add(kAgentInputBlock, R"({"name":"in_key_b","advanced":true})");
    Add(kAgentInputBlock, R"({"name":"c","placeholder_values":["x","y"],"secret":true,
                              "description":"dd","value":""})");
    EXPECT_EQ(Property("in_key_a"),
              R"({"advanced":true,"secret":false,"title":"Key A","default":"A"})");
    EXPECT_EQ(Property("in_key_b"), R"({"advanced":false,"secret":false,"title":"in_key_b"})");
    EXPECT_EQ(Property("c"), R"({"advanced":false,"secret":true,"title":"c","enum":["x","y"],)"
                             R"("description":"dd","default":""})");
    EXPECT_EQ(Required(), R"(["in_key_b"])");
}

TEST_F(GraphSchemaTest, DescribesOutputsWithoutChoices) {
    Add(kAgentOutputBlock, R"({"name":"out_key","description":"This is an output key"})");
    Add(kCalculator, "{}");
    EXPECT_EQ(Text(GraphOutputSchema(graph_, catalog_)),
              R"({"type":"object","properties":{"out_key":{"advanced":false,"secret":false,)"
              R"("title":"out_key","description":"This is an output key"}},)"
              R"("required":["out_key"]})");
}

TEST_F(GraphSchemaTest, TypedInputsKeepTheirTypeAndDefault) {
    AddAgentInput(catalog_, "cbf36ab5-df4a-43b6-8a7f-f7ed8652116e",
                  R"({"type":"boolean","default":false,"description":"d","title":"T"})");
    Add("cbf36ab5-df4a-43b6-8a7f-f7ed8652116e", R"({"name":"t"})");
    EXPECT_EQ(Property("t"),
              R"({"advanced":false,"type":"boolean","secret":false,"title":"t","default":false})");
    EXPECT_EQ(Required(), "[]");
}

TEST_F(GraphSchemaTest, TheLastOfEqualNamesWins) {
    Add(kAgentInputBlock, R"({"name":"a","value":1})");
    Add(kAgentInputBlock, R"({"name":"a","value":2})");
    EXPECT_EQ(Property("a"), R"({"advanced":false,"secret":false,"title":"a","default":2})");
}

TEST_F(GraphSchemaTest, NodesWithoutANameAndUnknownBlocksHaveNoPlaceInIt) {
    Add(kAgentInputBlock, R"({"value":1})");
    Add("00000000-0000-4000-8000-00000000dead", R"({"name":"x"})");
    EXPECT_EQ(Text(GraphInputSchema(graph_, catalog_)["properties"]), "{}");
}

TEST_F(GraphSchemaTest, TablesListTheirColumns) {
    AddAgentInput(catalog_, kAgentTableInputBlock);
    Add(kAgentTableInputBlock, R"({"name":"t","column_headers":["A","A","B"]})");
    Add(kAgentTableInputBlock, R"({"name":"u","column_headers":[]})");
    EXPECT_EQ(Property("t"), R"({"advanced":false,"type":"array","format":"table","items":)"
                             R"({"type":"object","properties":{"A":{"type":"string"},)"
                             R"("B":{"type":"string"}}},"secret":false,"title":"t"})");
    Value schema = GraphInputSchema(graph_, catalog_);
    EXPECT_TRUE(schema["properties"]["u"]["items"]["properties"].Has("Column 3"));
}

TEST_F(GraphSchemaTest, DriveFilesConfigureThePicker) {
    AddAgentInput(catalog_, kAgentGoogleDriveFileInputBlock);
    Add(kAgentGoogleDriveFileInputBlock,
        R"({"name":"f","allowed_views":[],"allow_folder_selection":true})");
    Value schema = GraphInputSchema(graph_, catalog_);
    View config = schema["properties"]["f"]["google_drive_picker_config"];
    EXPECT_EQ(Text(config["allowed_views"]), R"(["DOCS"])");
    EXPECT_TRUE(config["allow_folder_selection"].AsBool());
    EXPECT_EQ(schema["properties"]["f"]["auto_credentials"]["provider"].AsString(), "google");
}

TEST_F(GraphSchemaTest, TriggersShowTheirConfigurationWithoutCredentials) {
    catalog_.AddBlock(kWebhookBlock, "TriggerBlock",
                      R"({"credentials":{"credentials_provider":["g"],
                          "credentials_types":["api_key"]},"repo":{"type":"string"},
                          "payload":{"hidden":true}})",
                      R"(["credentials","repo"])", "{}",
                      R"("uiType":"Webhook","webhook_config":{"provider":"github"})");
    EXPECT_EQ(FindTriggerNode(graph_, catalog_), nullptr);
    EXPECT_TRUE(TriggerSetupInfo(graph_, catalog_)->IsNull());
    Add(kWebhookBlock, "{}");
    EXPECT_EQ(FindTriggerNode(graph_, catalog_), &graph_.nodes[0]);
    EXPECT_EQ(Text(TriggerSetupInfo(graph_, catalog_)),
              R"({"provider":"github","config_schema":{"type":"object","properties":)"
              R"({"repo":{"type":"string"},"payload":{"hidden":true}},"required":["repo"]},)"
              R"("credentials_input_name":"credentials"})");
}

TEST_F(GraphSchemaTest, FlagsFollowTheBlocks) {
    EXPECT_FALSE(HasSensitiveAction(graph_, catalog_) || HasHumanInTheLoop(graph_, catalog_));
    catalog_.AddBlock(kPlain, "HitlBlock", "{}", "[]", "{}",
                      R"("uiType":"Human In The Loop","is_sensitive_action":true)");
    Add(kPlain, "{}");
    EXPECT_TRUE(HasSensitiveAction(graph_, catalog_));
    EXPECT_TRUE(HasHumanInTheLoop(graph_, catalog_));
}

TEST_F(GraphSchemaTest, StartsWithInputsAndNodesNothingLeadsTo) {
    catalog_.AddBlock(kPlain, "NoteBlock", "{}", "[]", "{}", R"("uiType":"Note")");
    Add(kCalculator, "{}");
    Add(kCalculator, "{}");
    Add(kAgentInputBlock, "{}");
    Add(kPlain, "{}");
    graph_.links = {MakeLink("n0", "result", "n1", "a"), MakeLink("n0", "result", "n2", "value")};
    std::vector<const Node*> starting = StartingNodes(graph_, catalog_);
    EXPECT_EQ(starting, (std::vector<const Node*>{&graph_.nodes[0], &graph_.nodes[2]}));
}

}  // namespace
}  // namespace yard::model
