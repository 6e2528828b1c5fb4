#include "host/model/node_input.h"

#include "tests/unit/host/model/test_catalog.h"

namespace yard::model {
namespace {

constexpr char kPrefix[] = "Input data missing or mismatch for `";

class NodeInputTest : public testing::Test {
protected:
    // The prepared JSON, or "kind: message" of the error.
    std::string Prepared(const BlockType* block, std::string_view defaults, std::string_view data,
                         const std::vector<Link>& links = {},
                         DynamicPins dynamic_pins = DynamicPins::kMerge) {
        Node node = MakeNode("n", block->id.text(), defaults);
        NodeInputPlan plan(node, *block, links);
        Result<Value> input = plan.Prepare(Json(data), dynamic_pins);
        if (input) return Text(input.value());
        bool waiting = input.error().kind == ErrorKind::kConflict;
        return (waiting ? "waiting: " : "invalid: ") + input.error().message;
    }

    TestCatalog catalog_;
};

TEST_F(NodeInputTest, WaitsForEveryLinkedPin) {
    const BlockType* calculator = AddCalculator(catalog_);
    std::vector<Link> links = {MakeLink("x", "o", "n", "a"), MakeLink("x", "o", "n", "b"),
                               MakeLink("x", "o", "other", "c")};
    EXPECT_EQ(Prepared(calculator, R"({"operation":"Add","b":2})", R"({"a":1})", links),
              std::string("waiting: ") + kPrefix + "CalculatorBlock`: unpopulated links {'b'}");
}

TEST_F(NodeInputTest, ANullPopulatesALinkedPin) {
    const BlockType* calculator = AddCalculator(catalog_);
    Node node = MakeNode("n", kCalculator, R"({"operation":"Add"})");
    NodeInputPlan plan(node, *calculator, {MakeLink("x", "o", "n", "a")});
    EXPECT_TRUE(plan.HasAllLinkedPins(Json(R"({"a":null})")));
    EXPECT_FALSE(plan.HasAllLinkedPins(Json(R"({"b":1})")));
}

TEST_F(NodeInputTest, ConvertsToTheDeclaredTypes) {
    EXPECT_EQ(Prepared(AddCalculator(catalog_), R"({"operation":"Add"})", R"({"a":"1","b":"2.5"})"),
              R"({"operation":"Add","a":1.0,"b":2.5})");
}

TEST_F(NodeInputTest, NullsCountAsPresentButNotForTheSchema) {
    EXPECT_EQ(Prepared(AddCalculator(catalog_), R"({"operation":"Add"})", R"({"a":"1","b":null})"),
              std::string("invalid: ") + kPrefix + "CalculatorBlock`: 'b' is a required property");
}

TEST_F(NodeInputTest, NamesMissingInputs) {
    EXPECT_EQ(Prepared(AddCalculator(catalog_), R"({"operation":"Add"})", R"({"a":1})"),
              std::string("waiting: ") + kPrefix + "CalculatorBlock`: missing input {'b'}");
}

TEST_F(NodeInputTest, ReportsWhatTheSchemaRefuses) {
    EXPECT_EQ(Prepared(AddCalculator(catalog_), R"({"operation":"Foo","a":1,"b":2})", "{}"),
              std::string("invalid: ") + kPrefix +
                  "CalculatorBlock`: 'Foo' is not one of ['Add', 'Subtract']");
}

TEST_F(NodeInputTest, MergesDynamicPinsIntoTheDefaults) {
    const BlockType* block =
        catalog_.AddBlock(kPlain, "CreateDictionaryBlock",
                          R"({"values":{"type":"object","additionalProperties":true}})");
    const char* defaults = R"({"values":{"z":0}})";
    EXPECT_EQ(Prepared(block, defaults, R"({"values_#_a":1})"),
              R"({"values":{"z":0,"a":1},"values_#_a":1})");
    EXPECT_EQ(Prepared(block, defaults, R"({"values_#_a":1})", {}, DynamicPins::kKeep),
              R"({"values":{"z":0},"values_#_a":1})");
}

TEST_F(NodeInputTest, AWrongIndexIsAnErrorOfTheData) {
    const BlockType* block =
        catalog_.AddBlock(kPlain, "ListBlock", R"({"l":{"type":"array","items":{}}})");
    EXPECT_EQ(Prepared(block, "{}", R"({"l_$_x":1})"), "invalid: index must be an integer");
}

TEST_F(NodeInputTest, ConvertsAllDeclaredInputsOfInterfaceBlocks) {
    EXPECT_EQ(Prepared(AddAgentInput(catalog_),
                       R"({"name":5,"placeholder_values":"abc","secret":"yes"})", "{}"),
              R"({"name":"5","placeholder_values":["abc"],"secret":false})");
}

TEST_F(NodeInputTest, ConvertsTypedValues) {
    const BlockType* text = AddAgentInput(
        catalog_, "7fcd3bcb-8e1b-4e69-903d-32d3d4a92158",
        R"({"anyOf":[{"format":"short-text","type":"string"},{"type":"null"}],"default":null})");
    EXPECT_EQ(Prepared(text, R"({"name":"n","value":[1]})", "{}"), R"({"name":"n","value":"[1]"})");
    const BlockType* number =
        AddAgentInput(catalog_, "96dae2bb-97a2-41c2-bd2f-13a3b5a8ea98",
                      R"({"anyOf":[{"type":"integer"},{"type":"null"}],"default":null})");
    EXPECT_EQ(Prepared(number, R"({"name":"n","value":"12abc"})", "{}"),
              R"({"name":"n","value":0})");
}

TEST_F(NodeInputTest, FailedConversionsSayWhat) {
    EXPECT_EQ(Prepared(catalog_.AddBlock(kPlain, "B", R"({"i":{"type":"integer"}})"), "{}",
                       R"({"i":"inf"})"),
              "invalid: Failed to convert inf to <class 'int'>");
}

TEST_F(NodeInputTest, DoesNotAddTheDefaultsOfTheSchema) {
    EXPECT_EQ(Prepared(catalog_.AddBlock(kPlain, "B", R"({"i":{"type":"integer","default":3}})"),
                       "{}", "{}"),
              "{}");
}

TEST_F(NodeInputTest, ASubAgentGetsTheInputsOfItsGraphUnchecked) {
    const BlockType* agent = catalog_.AddBlock(
        kAgentExecutorBlock, "AgentExecutorBlock",
        R"({"graph_id":{"type":"string"},"inputs":{"type":"object","additionalProperties":true}})",
        R"(["graph_id","inputs"])", "{}", R"("uiType":"Agent")");
    EXPECT_EQ(Prepared(agent, R"({"graph_id":"g","inputs":{"x":1,"y":2}})", R"({"y":3,"z":"4"})"),
              R"({"x":1,"y":3,"z":"4"})");
    EXPECT_EQ(Prepared(agent, R"({"graph_id":"g"})", "{}"), "{}");
    EXPECT_EQ(Prepared(agent, "{}", "{}", {MakeLink("x", "o", "n", "q")}).substr(0, 8), "waiting:");
}

class SmartDecisionMakerInputTest : public NodeInputTest {
protected:
    std::string Prepare(std::string_view data, const std::vector<Link>& links) {
        const BlockType* block =
            catalog_.AddBlock(kSmartDecisionMakerBlock, "SmartDecisionMakerBlock",
                              R"({"prompt":{"type":"string"},"last_tool_output":{"default":null},
                "conversation_history":{"anyOf":[{"type":"array","items":{"type":"object",
                "additionalProperties":true}},{"type":"null"}]}})",
                              R"(["prompt"])", "{}", R"("uiType":"AI")");
        return Prepared(block, R"({"prompt":"p"})", data, links);
    }
    const std::vector<Link> both_ = {MakeLink("x", "o", "n", "conversation_history"),
                                     MakeLink("x", "o", "n", "last_tool_output")};
    const std::string missing_ =
        std::string("waiting: ") + kPrefix + "SmartDecisionMakerBlock`: missing input ";
};

TEST_F(SmartDecisionMakerInputTest, RunsBeforeItsConversationArrives) {
    EXPECT_EQ(Prepare("{}", both_), R"({"prompt":"p"})");
}

TEST_F(SmartDecisionMakerInputTest, WaitsForTheOutputOfACalledTool) {
    EXPECT_EQ(Prepare(R"({"conversation_history":[{"role":"assistant",
                          "tool_calls":[{"id":"c"}]}]})",
                      both_),
              missing_ + "{'last_tool_output'}");
    EXPECT_EQ(Prepare(R"({"last_tool_output":1})", both_), missing_ + "{'conversation_history'}");
}

TEST_F(SmartDecisionMakerInputTest, RefusesHalfAConversation) {
    EXPECT_EQ(Prepare("{}", {both_[0]}),
              "invalid: Last Tool Output is needed when Conversation History is used, and vice "
              "versa. Please connect both inputs together.");
}

TEST_F(SmartDecisionMakerInputTest, RefusesAStaticToolOutput) {
    EXPECT_EQ(
        Prepare("{}", {both_[0], MakeLink("x", "o", "n", "last_tool_output", true)}),
        "invalid: Last Tool Output can't be connected to a static (dashed line) link like the "
        "output of `StoreValue` or `AgentInput` block");
}

TEST(OverlayTest, ReplacesInPlaceAndAppendsTheRest) {
    EXPECT_EQ(Text(Overlay(Json(R"({"a":1,"b":2})"), Json(R"({"b":3,"c":4})"))),
              R"({"a":1,"b":3,"c":4})");
    EXPECT_EQ(Text(Overlay(View(), View())), "{}");
}

}  // namespace
}  // namespace yard::model
