#include "host/engine/block_execution.h"

#include "tests/fakes/fake_block_runtime.h"
#include "tests/fakes/fake_catalog.h"

namespace yard::engine {
namespace {

class BlockExecutionTest : public testing::Test {
protected:
    BlockExecutionTest() {
        fakes::FakeCatalog::Block block;
        block.id = "id";
        block.name = "TBlock";
        block.input_schema =
            R"({"type":"object","properties":{"mode":{"type":"string"},"n":{"type":"integer"}}})";
        block.output_schema = R"({"type":"object","properties":{"r":{"type":"integer"}}})";
        block_ = catalog_.Add(block);
    }

    // The error text, or empty.
    std::string Execute(fakes::FakeBlockRuntime::Block run, Value input = Value::EmptyObject()) {
        runtime_.On("id", std::move(run));
        BlockCall call;
        call.block = block_;
        call.input = std::move(input);
        std::string error = "never called";
        ExecuteBlock(runtime_, std::move(call), [&](BlockOutcome outcome, BlockOutputs outputs) {
            error = outcome.error;
            result_ = outcome.result;
            outputs_ = std::move(outputs);
        });
        return error;
    }
    size_t Count() const { return outputs_.empty() ? 0 : outputs_[0].second.size(); }

    fakes::FakeCatalog catalog_;
    fakes::FakeBlockRuntime runtime_;
    const model::BlockType* block_ = nullptr;
    BlockResult result_ = BlockResult::kCancelled;
    BlockOutputs outputs_;
};

fakes::FakeBlockRuntime::Block EmitThree(std::string pin, Value value) {
    return [pin, value](fakes::FakeCall& call) {
        call.Emit("r", Value::Int(3));
        call.Emit(pin, value);
        call.Emit("r", Value::Int(99));
        call.Finish();
    };
}

TEST_F(BlockExecutionTest, CollectsOutputs) {
    EXPECT_EQ(Execute(EmitThree("r", Value::Double(1.0))), "");
    EXPECT_EQ(result_, BlockResult::kCompleted);
    EXPECT_EQ(Count(), 3u);
}

TEST_F(BlockExecutionTest, ErrorOutputAborts) {
    EXPECT_EQ(Execute(EmitThree("error", Value::String("bad"))),
              "raised by TBlock with message: bad. block_id: id");
    EXPECT_EQ(result_, BlockResult::kFailed);
    EXPECT_EQ(Count(), 1u);
    EXPECT_EQ(Execute(EmitThree("error", Value())),
              "raised by TBlock with message: Output error was None. block_id: id");
}

TEST_F(BlockExecutionTest, UndeclaredOutputAborts) {
    EXPECT_EQ(Execute(EmitThree("nope", Value::Int(1))),
              "raised by TBlock with message: Invalid property name nope. block_id: id");
}

TEST_F(BlockExecutionTest, OutputOfTheWrongTypeAborts) {
    EXPECT_NE(Execute(EmitThree("r", Value::String("str")))
                  .find("Block produced an invalid output data: 'str' is not of type 'integer'"),
              std::string::npos);
}

TEST_F(BlockExecutionTest, FailuresKeepTheirKindAndGetTheirText) {
    EXPECT_EQ(Execute([](fakes::FakeCall& call) { call.FailWith("ve"); }),
              "raised by TBlock with message: ve. block_id: id");
    EXPECT_EQ(result_, BlockResult::kFailed);
    EXPECT_EQ(Execute([](fakes::FakeCall& call) {
                  call.Finish({BlockResult::kUnexpected, "", Value(), 0});
              }),
              "raised by TBlock with message: Unknown error occurred. block_id: id");
    EXPECT_EQ(result_, BlockResult::kUnexpected);
}

TEST_F(BlockExecutionTest, InvalidInputIsRefusedWithoutACall) {
    const std::string error = Execute([](fakes::FakeCall& call) { call.Finish(); },
                                      Value::Object({{"n", Value::String("5")}}));
    EXPECT_NE(error.find("Unable to execute block with invalid input data: '5'"),
              std::string::npos);
    EXPECT_EQ(runtime_.call_count(), 0u);
}

TEST_F(BlockExecutionTest, NullInputsAndExtraKeysAreIgnored) {
    EXPECT_EQ(Execute([](fakes::FakeCall& call) { call.Finish(); },
                      Value::Object({{"n", Value()}, {"extra", Value::Int(1)}})),
              "");
}

}  // namespace
}  // namespace yard::engine
