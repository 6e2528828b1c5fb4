// Runs the vectors of cases/*.json: a block, its input, and what it outputs or how it fails.

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/unit/plugins/plugin_fixture.h"

namespace yard {
namespace {

using engine::BlockResult;
using ::testing::HasSubstr;

std::vector<std::string> CaseFiles() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(YARD_CASES_DIR)) {
        names.push_back(entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

Value ReadCases(const std::string& file) {
    const auto cases =
        ParseJson(testing::ReadFile(std::string(YARD_CASES_DIR) + "/" + file + ".json"));
    EXPECT_TRUE(cases) << file << ": " << (cases ? "" : cases.error().message);
    return cases ? cases.value() : Value::EmptyArray();
}

class BlockCasesTest : public testing::PluginTest,
                       public ::testing::WithParamInterface<std::string> {
protected:
    void RunCase(View vector) {
        const std::string block(vector["block"].AsString());
        const engine::BlockOutcome outcome = Run(block, Value::Copy(vector["input"]));
        if (vector.Has("error")) {
            EXPECT_EQ(outcome.result, BlockResult::kFailed);
            EXPECT_THAT(outcome.error, HasSubstr(std::string(vector["error"].AsString())));
        } else {
            EXPECT_EQ(outcome.result, BlockResult::kCompleted) << outcome.error;
        }
        const Value none = Value::EmptyArray();
        testing::ExpectOutputs(*sink_, vector.Has("outputs") ? vector["outputs"] : none.view());
    }
};

TEST_P(BlockCasesTest, BlocksOutputWhatTheirCasesSay) {
    const Value cases = ReadCases(GetParam());
    ASSERT_FALSE(cases->empty());
    for (const View vector : cases->items()) {
        SCOPED_TRACE(WriteJson(vector).substr(0, 300));
        RunCase(vector);
    }
}

INSTANTIATE_TEST_SUITE_P(Files, BlockCasesTest, ::testing::ValuesIn(CaseFiles()),
                         [](const auto& file) { return file.param; });

class BlockCoverageTest : public testing::PluginTest {};

// Blocks that wait for the network, a child or the clock have tests of their own.
TEST_F(BlockCoverageTest, EveryPureBlockHasTwoCases) {
    const std::set<std::string> elsewhere{"AgentExecutorBlock", "SendWebRequestBlock",
                                          "GetCurrentDateBlock", "GetCurrentTimeBlock",
                                          "GetCurrentDateAndTimeBlock"};
    std::map<std::string, int> counts;
    for (const std::string& file : CaseFiles()) {
        const Value cases = ReadCases(file);
        for (const View vector : cases->items()) {
            ++counts[std::string(vector["block"].AsString())];
        }
    }
    EXPECT_FALSE(catalog_->All().empty());
    for (const model::BlockType* type : catalog_->All()) {
        if (elsewhere.contains(type->name)) continue;
        EXPECT_GE(counts[type->name], 2) << type->name;
    }
}

}  // namespace
}  // namespace yard
