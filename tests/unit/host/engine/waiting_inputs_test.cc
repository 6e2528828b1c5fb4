#include "host/engine/waiting_inputs.h"

#include <gtest/gtest.h>

#include <string>

namespace yard::engine {
namespace {

WaitingExecution Execution(const std::string& id, size_t pin) {
    return {NodeExecutionId(id), {}, {{pin, Value::Int(1)}}};
}

TEST(WaitingInputsTest, ValueGoesToTheOldestThatLacksThePin) {
    WaitingInputs waiting(2);
    EXPECT_EQ(waiting.OldestLacking(0), 0u);
    waiting.Add(Execution("first", 0));
    waiting.Add(Execution("second", 0));
    EXPECT_EQ(waiting.OldestLacking(0), 2u);
    EXPECT_EQ(waiting.OldestLacking(1), 0u);
    waiting.Fill(0, 1, Value::Int(2));
    EXPECT_EQ(waiting.OldestLacking(1), 1u);
}

TEST(WaitingInputsTest, TakingOneKeepsThePlacesOfTheOthers) {
    WaitingInputs waiting(2);
    for (const char* id : {"first", "second", "third"}) waiting.Add(Execution(id, 0));
    EXPECT_EQ(waiting.OldestLacking(0), 3u);
    EXPECT_EQ(waiting.Take(1).id.text(), "second");
    EXPECT_EQ(waiting.OldestLacking(0), 2u);
    EXPECT_EQ(waiting.OldestLacking(1), 0u);
    EXPECT_EQ(waiting.Take(0).id.text(), "first");
    EXPECT_EQ(waiting.at(0).id.text(), "third");
    EXPECT_EQ(waiting.at(0).Find(1), nullptr);
}

}  // namespace
}  // namespace yard::engine
