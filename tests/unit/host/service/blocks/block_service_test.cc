#include "host/service/blocks/block_service.h"

#include "tests/unit/host/service/host_fixture.h"

namespace yard::service {
namespace {

using model::Json;

class BlockServiceTest : public HostTest {
protected:
    BlockServiceTest() { AddUser("alice", "a@example.com"); }

    Result<BlockService::Outcome> Execute(const std::string& id, const Value& input,
                                          const std::string& user = "alice") {
        std::optional<Result<BlockService::Outcome>> answer;
        blocks_.Execute(UserId(user), BlockId(id), input,
                        [&](Result<BlockService::Outcome> run) { answer = std::move(run); });
        if (!answer) return Internal("Execute never answered");
        return *answer;
    }
};

TEST_F(BlockServiceTest, ListsReadyBlocksOnly) {
    Value blocks = Json(blocks_.ListJson());
    bool has_calculator = false;
    for (View block : blocks->items()) {
        has_calculator |= block["name"].StringOr("") == "CalculatorBlock";
        EXPECT_NE(block["name"].StringOr(""), "DisabledBlock");
    }
    EXPECT_TRUE(has_calculator);
}

TEST_F(BlockServiceTest, CollectsTheOutputsPerPin) {
    runtime_.On(model::kCalculator, [](fakes::FakeCall& call) {
        call.Emit("result", Value::Int(3));
        call.Emit("result", Value::Int(4));
        call.Finish();
    });
    auto run = Execute(model::kCalculator, Json(R"({"operation":"Add","a":1,"b":2})"));
    ASSERT_TRUE(run.ok()) << run.error().message;
    ASSERT_EQ(run.value().outputs.size(), 1u);
    EXPECT_EQ(run.value().outputs[0].second.size(), 2u);
}

TEST_F(BlockServiceTest, InputIsCheckedAgainstTheSchema) {
    auto run = Execute(model::kCalculator, Json(R"({"operation":"Add","a":1})"));
    ASSERT_FALSE(run.ok());
    EXPECT_EQ(run.error().kind, ErrorKind::kInvalid);
    EXPECT_NE(run.error().message.find("raised by CalculatorBlock with message: Unable to execute "
                                       "block with invalid input data"),
              std::string::npos)
        << run.error().message;
    EXPECT_EQ(runtime_.call_count(), 0u);
}

TEST_F(BlockServiceTest, UnknownDisabledAndForeignCallersAreRefused) {
    EXPECT_EQ(Execute("nope", Json("{}")).error().kind, ErrorKind::kNotFound);
    EXPECT_EQ(Execute(kDisabledBlock, Json("{}")).error().kind, ErrorKind::kNotAllowed);
    Value input = Json(R"({"operation":"Add","a":1,"b":2})");
    EXPECT_EQ(Execute(model::kCalculator, input, "nobody").error().message,
              "User not found with ID: nobody");
}

TEST_F(BlockServiceTest, ABlocksErrorIsItsOutcome) {
    runtime_.On(model::kCalculator, [](fakes::FakeCall& call) { call.FailWith("no"); });
    auto run = Execute(model::kCalculator, Json(R"({"operation":"Add","a":1,"b":2})"));
    ASSERT_TRUE(run.ok());
    EXPECT_EQ(run.value().outcome.result, engine::BlockResult::kFailed);
    EXPECT_NE(run.value().outcome.error.find("no"), std::string::npos);
}

}  // namespace
}  // namespace yard::service
