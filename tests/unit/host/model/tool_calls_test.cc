#include "host/model/tool_calls.h"

#include "tests/unit/host/model/test_catalog.h"

namespace yard::model {
namespace {

TEST(ToolCallsTest, NothingIsPendingWithoutAHistory) {
    EXPECT_FALSE(HasPendingToolCalls(View()));
    EXPECT_FALSE(HasPendingToolCalls(Json("[]")));
    EXPECT_FALSE(HasPendingToolCalls(Json(R"(["text",5,{"role":"assistant","content":"hi"}])")));
}

TEST(ToolCallsTest, ACallIsPendingUntilAToolMessageAnswersIt) {
    EXPECT_TRUE(
        HasPendingToolCalls(Json(R"([{"role":"assistant","tool_calls":[{"id":"c1"},{"id":"c2"}]},
                 {"role":"tool","tool_call_id":"c1"}])")));
    EXPECT_FALSE(HasPendingToolCalls(Json(R"([{"role":"assistant","tool_calls":[{"id":"c1"}]},
                                              {"role":"tool","tool_call_id":"c1"}])")));
}

TEST(ToolCallsTest, UnderstandsContentParts) {
    EXPECT_TRUE(HasPendingToolCalls(
        Json(R"([{"role":"assistant","content":[{"type":"tool_use","id":"t1"}]}])")));
    EXPECT_FALSE(
        HasPendingToolCalls(Json(R"([{"role":"assistant","content":[{"type":"tool_use","id":"t1"}]},
                 {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1"}]}])")));
}

TEST(ToolCallsTest, AnAnswerToAnotherCallDoesNotCount) {
    EXPECT_TRUE(HasPendingToolCalls(Json(R"([{"role":"assistant","tool_calls":[{"id":"c1"}]},
                                             {"role":"tool","tool_call_id":"c9"}])")));
}

}  // namespace
}  // namespace yard::model
