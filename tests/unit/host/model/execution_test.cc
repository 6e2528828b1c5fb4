#include "host/model/execution.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace yard::model {
namespace {

using S = ExecutionStatus;
constexpr S kAll[] = {S::kIncomplete, S::kQueued, S::kRunning, S::kCompleted,
                      S::kTerminated, S::kFailed, S::kReview};

void ExpectOnlyFrom(S target, std::initializer_list<S> sources) {
    for (S from : kAll) {
        bool expected = std::find(sources.begin(), sources.end(), from) != sources.end();
        EXPECT_EQ(MayBecome(from, target), expected)
            << ToString(from) << " to " << ToString(target);
    }
}

TEST(ExecutionStatusTest, AllowsExactlyTheDocumentedTransitions) {
    ExpectOnlyFrom(S::kIncomplete, {});
    ExpectOnlyFrom(S::kQueued, {S::kIncomplete, S::kTerminated, S::kReview});
    ExpectOnlyFrom(S::kRunning, {S::kIncomplete, S::kQueued, S::kTerminated, S::kReview});
    ExpectOnlyFrom(S::kCompleted, {S::kRunning});
    ExpectOnlyFrom(S::kReview, {S::kRunning});
    ExpectOnlyFrom(S::kFailed, {S::kIncomplete, S::kQueued, S::kRunning, S::kReview});
    ExpectOnlyFrom(S::kTerminated, {S::kIncomplete, S::kQueued, S::kRunning, S::kReview});
}

TEST(ExecutionStatusTest, NamesReadBack) {
    for (S status : kAll) EXPECT_EQ(ParseExecutionStatus(ToString(status)), status);
}

TEST(ExecutionStatusTest, OtherNamesAreRefused) {
    for (const char* name : {"", "queued", "DONE", "QUEUED "}) {
        EXPECT_EQ(ParseExecutionStatus(name), std::nullopt) << name;
    }
}

}  // namespace
}  // namespace yard::model
