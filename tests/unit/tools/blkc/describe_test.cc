#include "tools/blkc/describe.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace yard::blkc {
namespace {

constexpr const char* kMinimal =
    R"({"id":"a.b","name":"ABlock","inputSchema":{"type":"object","properties":{}},
        "outputSchema":{"type":"object","properties":{}}})";

std::string Fault(std::string_view spec) {
    auto checked = CheckBlock("a.b", 0, spec);
    return checked ? "none" : checked.error().message;
}

// The minimal declaration with one member replaced or added.
std::string With(std::string_view key, std::string_view json) {
    Value minimal = ParseJson(kMinimal).value();
    ValueBuilder changed;
    changed.BeginObject();
    for (auto [name, value] : minimal->members()) {
        if (name != key) changed.Member(name, value);
    }
    if (!json.empty()) changed.Member(key, ParseJson(json).value());
    return WriteJson(changed.EndObject().Take());
}

TEST(CheckBlockTest, AddsWhatAMinimalDeclarationLeavesOut) {
    Value block = CheckBlock("a.b", BLK_F_BLOCKING, kMinimal).value();
    EXPECT_EQ(block["description"].AsString(), "");
    EXPECT_EQ(block["uiType"].AsString(), "Standard");
    EXPECT_FALSE(block["staticOutput"].AsBool());
    EXPECT_EQ(WriteJson(block["flags"]), R"(["blocking"])");
    EXPECT_EQ(WriteJson(block["costs"]), "[]");
    EXPECT_EQ(WriteJson(block["credentials"]), "[]");
}

TEST(CheckBlockTest, FlagsAreThoseOfTheCodeAndNotOfTheText) {
    Value block = CheckBlock("a.b", BLK_F_SERIAL, With("flags", R"(["blocking"])")).value();
    EXPECT_EQ(WriteJson(block["flags"]), R"(["serial"])");
}

TEST(CheckBlockTest, RefusesWhatIsNoDeclaration) {
    EXPECT_NE(Fault("{").find("Block \"a.b\": its declaration is not JSON"), std::string::npos);
    EXPECT_EQ(Fault("[]"), "Block \"a.b\": its declaration is not a JSON object.");
    EXPECT_EQ(Fault(R"({"id":"a.b","name":"A","error":"Input has no field \"x\""})"),
              "Block \"a.b\": Input has no field \"x\"");
}

TEST(CheckBlockTest, RefusesMissingAndMistypedMembers) {
    EXPECT_EQ(Fault(With("name", "")), "Block \"a.b\": it does not say its \"name\".");
    EXPECT_EQ(Fault(With("name", "\"\"")), "Block \"a.b\": its name is empty.");
    EXPECT_EQ(Fault(With("inputSchema", "")),
              "Block \"a.b\": it does not say its \"inputSchema\".");
    EXPECT_EQ(Fault(With("categories", "\"AI\"")),
              "Block \"a.b\": its \"categories\" must be a list.");
    EXPECT_EQ(Fault(With("staticOutput", "1")),
              "Block \"a.b\": its \"staticOutput\" must be true or false.");
    EXPECT_EQ(Fault(With("id", "\"a.c\"")),
              "Block \"a.b\": its declaration has the id of another block.");
}

TEST(CheckBlockTest, RefusesSchemasThatAreNoObjectSchemas) {
    EXPECT_NE(Fault(With("inputSchema", "{}")).find("inputSchema must have"), std::string::npos);
    EXPECT_EQ(Fault(With("outputSchema", R"({"type":"object","properties":{"x":1}})")),
              "Block \"a.b\": the property \"x\" of outputSchema is not an object.");
    EXPECT_EQ(Fault(With("inputSchema", R"({"type":"object","properties":{},"required":["x"]})")),
              "Block \"a.b\": inputSchema requires a property that it does not have.");
    EXPECT_EQ(Fault(With("outputSchema",
                         R"({"type":"object","properties":{"error":{"type":"object"}}})")),
              "Block \"a.b\": the output \"error\" must be a string.");
}

TEST(CheckBlockTest, RefusesCostsThatCannotBeCharged) {
    const char* fault =
        "Block \"a.b\": a cost needs an integer cost_amount, an object cost_filter and a "
        "cost_type of run, byte or second.";
    EXPECT_EQ(Fault(With("costs", R"([{"cost_amount":1,"cost_filter":{},"cost_type":"day"}])")),
              fault);
    EXPECT_EQ(Fault(With("costs", R"([{"cost_amount":"1","cost_filter":{},"cost_type":"run"}])")),
              fault);
    EXPECT_EQ(Fault(With("costs", R"([{"cost_amount":1,"cost_type":"run"}])")), fault);
    EXPECT_EQ(Fault(With("costs", R"([{"cost_amount":1,"cost_filter":{},"cost_type":"run"}])")),
              "none");
}

TEST(BlockIdTest, IsAUuidOrDottedWords) {
    EXPECT_TRUE(IsBlockId("com.acme.chat-2_x"));
    EXPECT_TRUE(IsBlockId("715696a0-e1da-45c8-b209-c2fa9c3b0be6"));
    for (const char* wrong :
         {"", ".", "chat", "com..chat", ".chat", "chat.", "Com.Chat", "com.ch at"}) {
        EXPECT_FALSE(IsBlockId(wrong)) << wrong;
    }
    EXPECT_FALSE(IsBlockId(std::string(300, 'a') + ".b"));
}

class RefusedPluginTest : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(RefusedPluginTest, IsRefusedWithASentence) {
    auto [fault, sentence] = GetParam();
    auto described =
        DescribePlugin(std::string(YARD_BUILD_DIR "/refused/refused_") + fault + ".so");
    ASSERT_FALSE(described.ok());
    EXPECT_NE(described.error().message.find(sentence), std::string::npos)
        << described.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Faults, RefusedPluginTest,
    ::testing::Values(std::pair{"json", "its declaration is not JSON"},
                      std::pair{"step", "lacks a function"},
                      std::pair{"major", "needs block ABI 2.0, this tool has 1.0."},
                      std::pair{"need", "needs block ABI 1.99, this tool has 1.0."},
                      std::pair{"size", "returned no complete blk_plugin"},
                      std::pair{"empty", "returned no complete blk_plugin"},
                      std::pair{"entry", "exports no blk_plugin_entry_v1"},
                      std::pair{"id", "The plugin's id must be dotted words"},
                      std::pair{"twice",
                                "Two blocks of the plugin have the id or name of \"TestBlock\"."},
                      std::pair{"missing_file", "cannot be loaded"}));

TEST(DescribePluginTest, TellsWhatASoundPluginSays) {
    PluginDescription plugin = DescribePlugin(YARD_BUILD_DIR "/refused/refused_none.so").value();
    EXPECT_EQ(plugin.id, "test.refused");
    EXPECT_EQ(plugin.version, "1.0");
    EXPECT_EQ(plugin.abi_major, BLK_ABI_MAJOR);
    ASSERT_EQ(plugin.blocks.size(), 1u);
    EXPECT_EQ(plugin.blocks[0]["id"].AsString(), "test.one");
}

}  // namespace
}  // namespace yard::blkc
