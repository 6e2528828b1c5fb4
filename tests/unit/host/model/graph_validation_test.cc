#include "host/model/graph_validation.h"

#include "tests/unit/host/model/test_catalog.h"

namespace yard::model {
namespace {

constexpr char kMissingBlock[] = "00000000-0000-4000-8000-00000000dead";
constexpr char kTodo[] = "00000000-0000-4000-8000-0000000000b1";
constexpr char kDisabled[] = "00000000-0000-4000-8000-0000000000b2";
constexpr char kNotInstalled[] = "00000000-0000-4000-8000-0000000000b3";

class GraphValidationTest : public testing::Test {
protected:
    GraphValidationTest() {
        AddCalculator(catalog_);
        AddAgentInput(catalog_);
        catalog_.AddBlock(kAgentExecutorBlock, "AgentExecutorBlock",
                          R"({"user_id":{},"graph_id":{},"graph_version":{},"inputs":{},
                              "input_schema":{},"output_schema":{}})",
                          R"(["user_id","graph_id","graph_version","inputs","input_schema",
                              "output_schema"])",
                          "{}", R"("uiType":"Agent")");
        catalog_.AddBlock(kTodo, "TodoBlock",
                          R"({"duration":{"default":null,"depends_on":["duration_unit"]},
                              "duration_unit":{"default":null},
                              "credentials":{"credentials_provider":["p"],
                                             "credentials_types":["api_key"]}})",
                          R"(["credentials"])");
        BlockType disabled = *catalog_.Find(BlockId(kTodo));
        disabled.id = BlockId(kDisabled);
        disabled.availability = BlockAvailability::kDisabled;
        disabled.availability_reason = "plugins.todo.enabled is false";
        catalog_.Add(disabled);
        catalog_.Add(MakeNotInstalledBlockType(BlockId(kNotInstalled), "GoneBlock"));
    }

    void Add(const std::string& id, const std::string& block, std::string_view defaults = "{}") {
        graph_.nodes.push_back(MakeNode(id, block, defaults));
    }
    std::string StructureFault() {
        Result<Ok> result = CheckStructure(graph_, catalog_);
        return result.ok() ? "" : result.error().message;
    }
    std::string Errors(GraphUse use, std::string_view masks = "null") {
        Result<NodeErrors> errors = CollectNodeErrors(graph_, catalog_, use, Json(masks));
        return errors.ok() ? Text(errors.value().ToJson()) : errors.error().message;
    }

    TestCatalog catalog_;
    Graph graph_;
};

TEST_F(GraphValidationTest, NamesUnknownNodes) {
    Add("a", kCalculator);
    graph_.links = {MakeLink("a", "result", "b", "a")};
    EXPECT_EQ(StructureFault(),
              "Link ('a', 'result') <-> ('b', 'a'), b is invalid node id, available nodes: "
              "dict_keys(['a'])");
}

TEST_F(GraphValidationTest, NamesUnknownBlocks) {
    Add("a", kMissingBlock);
    graph_.links = {MakeLink("a", "result", "a", "a")};
    EXPECT_EQ(
        StructureFault().substr(0, 126),
        "Link ('a', 'result') <-> ('a', 'a'), 00000000-0000-4000-8000-00000000dead is invalid "
        "block id, available blocks: {'b1ab9b19-67");
    EXPECT_EQ(Errors(GraphUse::kSave),
              "Invalid block 00000000-0000-4000-8000-00000000dead for node #a");
}

TEST_F(GraphValidationTest, NamesUnknownPins) {
    Add("a", kCalculator);
    graph_.links = {MakeLink("a", "nope", "a", "a")};
    EXPECT_EQ(StructureFault(),
              "Link ('a', 'nope') <-> ('a', 'a'), `nope` invalid, Allowed fields: {'result'}");
    graph_.links = {MakeLink("a", "result", "a", "c_#_x")};
    EXPECT_EQ(StructureFault(),
              "Link ('a', 'result') <-> ('a', 'c_#_x'), `c_#_x` invalid, Allowed fields: "
              "{'operation', 'a', 'b', 'round_result'}");
}

TEST_F(GraphValidationTest, ImportsKeepLinksToPinsOfOtherVersions) {
    Add("a", kCalculator);
    graph_.links = {MakeLink("a", "result", "a", "was_once_an_input")};
    EXPECT_TRUE(ValidateForSave(graph_, catalog_, GraphOrigin::kImport).ok());
    EXPECT_FALSE(ValidateForSave(graph_, catalog_).ok());
    graph_.links = {MakeLink("a", "result", "nobody", "a")};
    EXPECT_FALSE(ValidateForSave(graph_, catalog_, GraphOrigin::kImport).ok());
}

TEST_F(GraphValidationTest, AllowsDynamicAndToolPins) {
    Add("a", kCalculator);
    graph_.links = {MakeLink("a", "result_$_0", "a", "a_#_x"),
                    MakeLink("a", "tools_^_x_~_y", "a", "a"), MakeLink("a", "tools", "a", "b")};
    EXPECT_EQ(StructureFault(), "");
}

TEST_F(GraphValidationTest, PinsOfSubAgentsAreThoseOfTheirGraph) {
    Add("a", kAgentExecutorBlock, R"({"output_schema":{"properties":{"x":{}}}})");
    graph_.links = {MakeLink("a", "y", "a", "z")};
    EXPECT_EQ(StructureFault(),
              "Link ('a', 'y') <-> ('a', 'z'), `y` invalid, Allowed fields: dict_keys(['x'])");
    graph_.links = {MakeLink("a", "x", "a", "z")};
    EXPECT_EQ(StructureFault(),
              "Link ('a', 'x') <-> ('a', 'z'), `z` invalid, Allowed fields: dict_keys([])");
}

TEST_F(GraphValidationTest, LinksOfStaticOutputsBecomeStatic) {
    Add("i", kAgentInputBlock, R"({"name":"x"})");
    Add("a", kCalculator);
    graph_.links = {MakeLink("i", "result", "a", "a"), MakeLink("a", "result", "a", "b", true)};
    EXPECT_EQ(StructureFault(), "");
    EXPECT_TRUE(graph_.links[0].is_static && graph_.links[1].is_static);
}

TEST_F(GraphValidationTest, ChecksSubGraphsToo) {
    Graph sub_graph;
    sub_graph.links = {MakeLink("a", "o", "b", "i")};
    graph_.sub_graphs = {sub_graph};
    EXPECT_NE(StructureFault(), "");
}

TEST_F(GraphValidationTest, RefusesAbsurdSizes) {
    graph_.nodes.resize(kNodesMax + 1);
    EXPECT_EQ(StructureFault(), "The graph has 5001 nodes; at most 5000 are allowed");
    graph_.nodes.clear();
    graph_.links.resize(kLinksMax + 1);
    EXPECT_EQ(StructureFault(), "The graph has 50001 links; at most 50000 are allowed");
}

TEST_F(GraphValidationTest, OnlyInterfaceAndAgentBlocksNeedTheirInputsToBeSaved) {
    Add("a", kAgentExecutorBlock, R"({"graph_id":"g"})");
    Add("c", kCalculator);
    const char* required = "\"This field is required\"";
    Value errors = Json(Errors(GraphUse::kSave));
    EXPECT_EQ(errors["a"].size(), 5u);
    EXPECT_EQ(Text(errors["a"]["user_id"]), required);
    EXPECT_FALSE(errors.view().Has("c"));
}

TEST_F(GraphValidationTest, RunningNeedsAllRequiredInputsFromSomewhere) {
    Add("c", kCalculator);
    EXPECT_EQ(Errors(GraphUse::kRun),
              R"({"c":{"operation":"This field is required","a":"This field is required",)"
              R"("b":"This field is required"}})");
    EXPECT_EQ(Errors(GraphUse::kRun, R"({"c":{"a":1,"b":2,"operation":"Add"}})"), "{}");
    graph_.nodes[0].input_default = Json(R"({"a_#_x":1,"b":null})");
    graph_.links = {MakeLink("c", "result", "c", "operation")};
    EXPECT_EQ(Errors(GraphUse::kRun), "{}");
}

TEST_F(GraphValidationTest, CredentialsNamesAreReservedForInputs) {
    Add("i", kAgentInputBlock, R"({"name":"my_credentials"})");
    EXPECT_EQ(Errors(GraphUse::kSave),
              R"({"i":{"name":"'my_credentials' is a reserved input name: 'credentials' and )"
              R"(`*_credentials` are reserved"}})");
}

TEST_F(GraphValidationTest, InputsNeedWhatTheyDependOnWhenRun) {
    Add("t", kTodo, R"({"duration":5})");
    const char* fault = R"({"t":{"duration":"Requires duration_unit to be set"}})";
    EXPECT_EQ(Errors(GraphUse::kRun), fault);
    EXPECT_EQ(Errors(GraphUse::kRun, R"({"t":{"duration_unit":"  "}})"), fault);
    EXPECT_EQ(Errors(GraphUse::kRun, R"({"t":{"duration_unit":"day"}})"), "{}");
    EXPECT_EQ(Errors(GraphUse::kSave), "{}");
}

TEST_F(GraphValidationTest, DisabledBlocksAreSavedButNotRun) {
    Add("d", kDisabled);
    EXPECT_EQ(Errors(GraphUse::kSave), "{}");
    EXPECT_EQ(Errors(GraphUse::kRun),
              R"({"d":{"block_id":"Block TodoBlock is disabled: plugins.todo.enabled is false"}})");
}

TEST_F(GraphValidationTest, BlocksOfAbsentPluginsAreSavedButNotRun) {
    Add("g", kNotInstalled);
    graph_.links = {MakeLink("g", "anything", "g", "else")};
    EXPECT_TRUE(ValidateForSave(graph_, catalog_).ok());
    EXPECT_EQ(Errors(GraphUse::kRun),
              R"({"g":{"block_id":"Block GoneBlock is not installed on this server"}})");
}

TEST_F(GraphValidationTest, SavingReportsTheFirstFaultOnly) {
    Add("i", kAgentInputBlock);
    Result<Ok> result = ValidateForSave(graph_, catalog_);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().kind, ErrorKind::kInvalid);
    EXPECT_EQ(result.error().message, "This field is required");
}

TEST(GraphValidationErrorTest, CountsAndListsTheFaults) {
    NodeErrors errors;
    errors.Set(NodeId("a"), "x", "first");
    errors.Set(NodeId("a"), "x", "second");
    errors.Set(NodeId("a"), "y", "third");
    errors.Set(NodeId("b"), "x", "fourth");
    Error error = MakeGraphValidationError(errors);
    EXPECT_EQ(error.message, "Graph validation failed: 3 issues on 2 nodes");
    EXPECT_EQ(error.detail_json, R"({"type":"validation_error","message":)"
                                 R"("Graph validation failed: 3 issues on 2 nodes","node_errors":)"
                                 R"({"a":{"x":"second","y":"third"},"b":{"x":"fourth"}}})");
}

}  // namespace
}  // namespace yard::model
