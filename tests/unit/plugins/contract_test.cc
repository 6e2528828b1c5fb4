// The first-party blocks against the published declarations and examples of the reference platform.

#include <cstdlib>
#include <map>
#include <set>

#include "tests/unit/plugins/plugin_fixture.h"

namespace yard {
namespace {

using engine::BlockResult;

// The folder of declarations, or nothing on a machine without it.
std::optional<std::filesystem::path> ContractBlocks() {
    const char* variable = std::getenv("BLOCKYARD_CONTRACT_DIR");
    const std::filesystem::path folder =
        variable != nullptr ? std::filesystem::path(variable)
                            : std::filesystem::path(YARD_SOURCE_DIR) / "../shared/contract";
    if (!std::filesystem::is_directory(folder / "blocks")) return std::nullopt;
    return folder / "blocks";
}

class BlockContractTest : public testing::PluginTest {
protected:
    void SetUp() override {
        const auto folder = ContractBlocks();
        if (!folder) GTEST_SKIP() << "there is no contract on this machine";
        for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
            if (entry.path().extension() != ".json") continue;
            const Value blocks = ParseJson(testing::ReadFile(entry.path())).value();
            for (const View block : blocks->items()) {
                contract_[std::string(block["id"].AsString())] = Value::Copy(block);
            }
        }
    }
    std::map<std::string, Value> contract_;  // By id.
};

TEST_F(BlockContractTest, DeclarationsEqualTheContract) {
    ASSERT_FALSE(catalog_->All().empty());
    for (const model::BlockType* type : catalog_->All()) {
        SCOPED_TRACE(type->name);
        ASSERT_TRUE(contract_.contains(type->id.text()));
        const Value& expected = contract_[type->id.text()];
        for (const char* key : {"id", "name", "description", "inputSchema", "outputSchema",
                                "contributors", "staticOutput", "uiType", "costs"}) {
            EXPECT_TRUE(testing::SameJson(type->declaration[key], expected[key]))
                << key << "\n"
                << WriteJson(type->declaration[key]) << "\n"
                << WriteJson(expected[key]);
        }
    }
}

TEST_F(BlockContractTest, ExamplesOutputWhatTheContractSays) {
    // It sleeps for a second; cases/time.json runs it without.
    const std::set<std::string> slow{"CountdownTimerBlock"};
    size_t ran = 0;
    for (const model::BlockType* type : catalog_->All()) {
        const Value& declared = contract_[type->id.text()];
        if (!declared["example"].IsObject() || slow.contains(type->name)) continue;
        SCOPED_TRACE(type->name);
        ++ran;
        std::vector<Value> outputs;
        std::string got;
        for (const View input : declared["example"]["inputs"].items()) {
            const auto outcome = Run(type->name, Value::Copy(input));
            EXPECT_EQ(outcome.result, BlockResult::kCompleted) << outcome.error;
            for (const std::string& output : sink_->emitted()) {
                const size_t equals = output.find('=');
                outputs.push_back(Value::Array({Value::String(output.substr(0, equals)),
                                                ParseJson(output.substr(equals + 1)).value()}));
            }
        }
        const Value all = Value::Array(outputs);
        EXPECT_TRUE(testing::SameJson(all, declared["example"]["outputs"]))
            << WriteJson(all) << "\n"
            << WriteJson(declared["example"]["outputs"]);
    }
    EXPECT_GE(ran, 38u);
}

}  // namespace
}  // namespace yard
