#include "host/model/execution.h"

#include <utility>

namespace yard::model {
namespace {

constexpr std::pair<ExecutionStatus, std::string_view> kNames[] = {
    {ExecutionStatus::kIncomplete, "INCOMPLETE"}, {ExecutionStatus::kQueued, "QUEUED"},
    {ExecutionStatus::kRunning, "RUNNING"},       {ExecutionStatus::kCompleted, "COMPLETED"},
    {ExecutionStatus::kTerminated, "TERMINATED"}, {ExecutionStatus::kFailed, "FAILED"},
    {ExecutionStatus::kReview, "REVIEW"},
};

}  // namespace

std::string_view ToString(ExecutionStatus status) {
    for (auto [named, name] : kNames) {
        if (named == status) return name;
    }
    return {};
}

std::optional<ExecutionStatus> ParseExecutionStatus(std::string_view text) {
    for (auto [status, name] : kNames) {
        if (name == text) return status;
    }
    return std::nullopt;
}

bool MayBecome(ExecutionStatus from, ExecutionStatus to) {
    using S = ExecutionStatus;
    switch (to) {
        case S::kIncomplete: return false;
        case S::kQueued:
            return from == S::kIncomplete || from == S::kTerminated || from == S::kReview;
        case S::kRunning:
            return from == S::kIncomplete || from == S::kQueued || from == S::kTerminated ||
                   from == S::kReview;
        case S::kCompleted:
        case S::kReview: return from == S::kRunning;
        case S::kFailed:
        case S::kTerminated:
            return from == S::kIncomplete || from == S::kQueued || from == S::kRunning ||
                   from == S::kReview;
    }
    return false;
}

}  // namespace yard::model
