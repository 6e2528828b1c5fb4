#include "host/plugin/block_runtime.h"

#include <gmock/gmock.h>

#include "tests/unit/host/plugin/runtime_fixture.h"

namespace yard {
namespace {

using engine::BlockResult;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class BlockRuntimeTest : public testing::RuntimeTest {};

TEST_F(BlockRuntimeTest, BlockThatEndsInItsFirstStepIsDoneWhenStartReturns) {
    const auto sink = std::make_shared<testing::RecordingSink>();
    Start(1, sink, R"({"a": 1, "b": {"c": [true, null, "x"]}})");
    ASSERT_TRUE(sink->is_done());
    EXPECT_EQ(sink->Wait().result, BlockResult::kCompleted);
    EXPECT_THAT(sink->emitted(), ElementsAre("out=1", R"(out={"c":[true,null,"x"]})"));
    EXPECT_EQ(runtime_->calls_open(), 0u);
}

TEST_F(BlockRuntimeTest, BlockSeesTheFactsOfItsExecution) {
    Run(28);
    EXPECT_THAT(sink_->emitted(), ElementsAre(R"(out={"user_id":"user","graph_id":"graph",)"
                                              R"("node_id":"node","user_timezone":"UTC",)"
                                              R"("graph_version":2})"));
}

TEST_F(BlockRuntimeTest, BlockThatIsNotInstalledFailsWithItsName) {
    model::BlockType type = model::MakeNotInstalledBlockType(BlockId("x"), "GoneBlock");
    engine::BlockCall call;
    call.block = &type;
    call.input = Value::EmptyObject();
    const auto sink = std::make_shared<testing::RecordingSink>();
    runtime_->Start(std::move(call), sink);
    EXPECT_EQ(sink->Wait().result, BlockResult::kFailed);
    EXPECT_THAT(sink->Wait().error, HasSubstr("GoneBlock is not installed"));
}

TEST_F(BlockRuntimeTest, UndeclaredOutputFailsTheCallWhateverTheBlockSays) {
    const auto outcome = Run(2);
    EXPECT_EQ(outcome.result, BlockResult::kFailed);
    EXPECT_EQ(outcome.error, "Invalid property name nope");
    EXPECT_THAT(sink_->emitted(), IsEmpty());
}

TEST_F(BlockRuntimeTest, MalformedTapeIsABugOfTheBlock) {
    const auto outcome = Run(3);
    EXPECT_EQ(outcome.result, BlockResult::kUnexpected);
    EXPECT_THAT(outcome.error, HasSubstr("the output 'out': the value is malformed"));
    EXPECT_THAT(sink_->emitted(), IsEmpty());
}

TEST_F(BlockRuntimeTest, ValueOfTenThousandLevelsIsRefused) {
    const auto outcome = Run(4);
    EXPECT_EQ(outcome.result, BlockResult::kFailed);
    EXPECT_THAT(outcome.error, HasSubstr("nested deeper than"));
}

TEST_F(BlockRuntimeTest, BlockThatWaitsForNothingFailsInsteadOfHanging) {
    const auto outcome = Run(6);
    EXPECT_EQ(outcome.result, BlockResult::kUnexpected);
    EXPECT_THAT(outcome.error, HasSubstr("nothing can wake it up"));
}

TEST_F(BlockRuntimeTest, BlockingBlockThatWaitsForNothingFailsToo) {
    const auto outcome = Run(24);
    EXPECT_EQ(outcome.result, BlockResult::kUnexpected);
    EXPECT_THAT(outcome.error, HasSubstr("nothing can wake it up"));
}

TEST_F(BlockRuntimeTest, UnknownStatusOfAStepIsABugOfTheBlock) {
    EXPECT_EQ(Run(10).result, BlockResult::kUnexpected);
    EXPECT_THAT(Run(10).error, HasSubstr("unknown status 77"));
    EXPECT_EQ(Run(26).result, BlockResult::kUnexpected);
}

TEST_F(BlockRuntimeTest, BlockThatCannotBeOpenedFails) {
    const auto outcome = Run(11);
    EXPECT_EQ(outcome.result, BlockResult::kUnexpected);
    EXPECT_EQ(outcome.error, "the block could not be opened");
}

TEST_F(BlockRuntimeTest, FailureOfABlockKeepsItsWords) {
    const auto outcome = Run(12);
    EXPECT_EQ(outcome.result, BlockResult::kFailed);
    EXPECT_EQ(outcome.error, "the text is too blue");
}

TEST_F(BlockRuntimeTest, InternalErrorOfABlockIsUnexpected) {
    const auto outcome = Run(13);
    EXPECT_EQ(outcome.result, BlockResult::kUnexpected);
    EXPECT_EQ(outcome.error, "Unknown error occurred");
}

TEST_F(BlockRuntimeTest, SuspendedBlockGoesOnWhenItsTimerFires) {
    EXPECT_EQ(Run(14).result, BlockResult::kCompleted);
    EXPECT_THAT(sink_->emitted(), ElementsAre("out=7"));
}

TEST_F(BlockRuntimeTest, BlockingBlockGoesOnWhenItsTimerFires) {
    EXPECT_EQ(Run(16).result, BlockResult::kCompleted);
    EXPECT_THAT(sink_->emitted(), ElementsAre("out=3"));
}

TEST_F(BlockRuntimeTest, FullReceiverSuspendsTheBlockUntilItDrains) {
    const auto sink = std::make_shared<testing::RecordingSink>();
    sink->SetFull(true);
    const auto task = Start(15, sink);
    EXPECT_FALSE(sink->is_done());
    EXPECT_THAT(sink->emitted(), IsEmpty());
    sink->SetFull(false);
    task->Drain();
    EXPECT_EQ(sink->Wait().result, BlockResult::kCompleted);
    EXPECT_THAT(sink->emitted(), ElementsAre("out=0", "out=1", "out=2"));
}

TEST_F(BlockRuntimeTest, CancelClosesASuspendedBlockAndRefusesWhatItEmitsThen) {
    const auto sink = std::make_shared<testing::RecordingSink>();
    const auto task = Start(5, sink);
    ASSERT_FALSE(sink->is_done());
    task->Cancel();
    EXPECT_EQ(sink->Wait().result, BlockResult::kCancelled);
    EXPECT_THAT(sink->emitted(), IsEmpty());
    EXPECT_EQ(runtime_->calls_open(), 0u);
    Run(27);
    EXPECT_THAT(sink_->emitted(), ElementsAre("out=-2"));
}

TEST_F(BlockRuntimeTest, CancelAndDrainAfterTheEndDoNothing) {
    const auto sink = std::make_shared<testing::RecordingSink>();
    const auto task = Start(1, sink);
    ASSERT_TRUE(sink->is_done());
    task->Cancel();
    task->Drain();
    EXPECT_EQ(sink->Wait().result, BlockResult::kCompleted);
}

TEST_F(BlockRuntimeTest, CancelWakesABlockingBlock) {
    const auto sink = std::make_shared<testing::RecordingSink>();
    const auto task = Start(25, sink);
    task->Cancel();
    EXPECT_EQ(sink->Wait().result, BlockResult::kCancelled);
}

TEST_F(BlockRuntimeTest, DeadlineEndsASuspendedBlockWithItsLimit) {
    const auto sink = std::make_shared<testing::RecordingSink>();
    engine::BlockCall call = CallOf(5);
    call.deadline_ns = clock_.MonotonicNs() + 20'000'000;
    runtime_->Start(std::move(call), sink);
    EXPECT_EQ(sink->Wait().result, BlockResult::kFailed);
    EXPECT_EQ(sink->Wait().error, "timed out after 0 s");
}

TEST_F(BlockRuntimeTest, DeadlineEndsABlockingBlock) {
    const auto sink = std::make_shared<testing::RecordingSink>();
    engine::BlockCall call = CallOf(25);
    call.deadline_ns = clock_.MonotonicNs() + 20'000'000;
    runtime_->Start(std::move(call), sink);
    EXPECT_EQ(sink->Wait().result, BlockResult::kFailed);
    EXPECT_THAT(sink->Wait().error, HasSubstr("timed out"));
}

TEST_F(BlockRuntimeTest, BlockThatNeverReturnsHoldsNobodyElseUp) {
    const auto stuck = std::make_shared<testing::RecordingSink>();
    const auto task = Start(7, stuck);
    stuck->WaitForEmits(1);
    task->Cancel();
    EXPECT_EQ(Run(16).result, BlockResult::kCompleted);
    EXPECT_EQ(Run(14).result, BlockResult::kCompleted);
    EXPECT_FALSE(stuck->is_done());
    EXPECT_EQ(Run(8).result, BlockResult::kCompleted);  // Lets it go.
    EXPECT_EQ(stuck->Wait().result, BlockResult::kCancelled);
}

TEST_F(BlockRuntimeTest, OperationThatABlockForgotIsEnded) {
    EXPECT_EQ(Run(9).result, BlockResult::kCompleted);
    EXPECT_THAT(http_.cancelled(), ElementsAre(1u));
}

TEST_F(BlockRuntimeTest, StaleOperationNumbersDoNothing) {
    const auto sink = std::make_shared<testing::RecordingSink>();
    const auto task = Start(20, sink);
    EXPECT_FALSE(sink->is_done());  // Its live timer keeps it waiting.
    task->Cancel();
    EXPECT_EQ(sink->Wait().result, BlockResult::kCancelled);
}

TEST_F(BlockRuntimeTest, SerialBlockHasOneCallOpenAtATime) {
    std::vector<std::shared_ptr<testing::RecordingSink>> sinks;
    for (int i = 0; i < 10; ++i) {
        sinks.push_back(std::make_shared<testing::RecordingSink>());
        Start(18, sinks.back());
    }
    for (const auto& sink : sinks) {
        EXPECT_EQ(sink->Wait().result, BlockResult::kCompleted);
        EXPECT_THAT(sink->emitted(), ElementsAre("out=1"));
    }
}

TEST_F(BlockRuntimeTest, CancelledCallOfASerialBlockLeavesTheQueue) {
    const auto first = std::make_shared<testing::RecordingSink>();
    const auto second = std::make_shared<testing::RecordingSink>();
    const auto third = std::make_shared<testing::RecordingSink>();
    Start(18, first);
    const auto waiting = Start(18, second);
    Start(18, third);
    waiting->Cancel();
    EXPECT_NE(second->Wait().result, BlockResult::kFailed);
    EXPECT_EQ(first->Wait().result, BlockResult::kCompleted);
    EXPECT_EQ(third->Wait().result, BlockResult::kCompleted);
}

TEST_F(BlockRuntimeTest, ReportedNumbersAreAddedUp) {
    const auto outcome = Run(19);
    EXPECT_EQ(WriteJson(outcome.stats), R"({"input_token_count":40,"cost":0.5})");
}

TEST_F(BlockRuntimeTest, ExceptionsStopAtTheBarrierOfTheSdk) {
    auto outcome = Run(51, R"({"text": "x"})");
    EXPECT_EQ(outcome.result, BlockResult::kUnexpected);
    EXPECT_EQ(outcome.error, "it went wrong");
    outcome = Run(52, R"({"text": "x"})");
    EXPECT_EQ(outcome.result, BlockResult::kUnexpected);
    EXPECT_EQ(outcome.error, "unknown exception");
    outcome = Run(53, R"({"text": "said so"})");
    EXPECT_EQ(outcome.result, BlockResult::kFailed);
    EXPECT_EQ(outcome.error, "said so");
}

TEST_F(BlockRuntimeTest, ManyCallsFromManyThreadsAllEnd) {
    constexpr int kThreads = 4, kCalls = 200;
    std::vector<std::shared_ptr<testing::RecordingSink>> sinks(kThreads * kCalls);
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < kCalls; ++i) {
                auto& sink = sinks[static_cast<size_t>(t * kCalls + i)];
                sink = std::make_shared<testing::RecordingSink>();
                const auto task = Start(14, sink);
                if (i % 3 == 0) task->Cancel();
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (const auto& sink : sinks) sink->Wait();
    EXPECT_EQ(runtime_->calls_open(), 0u);
}

}  // namespace
}  // namespace yard
