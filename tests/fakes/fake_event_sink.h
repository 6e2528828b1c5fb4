#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "host/engine/run_observer.h"

namespace yard::fakes {

// Remembers events as texts: "node a QUEUED", "graph RUNNING". Thread-safe.
class FakeEventSink final : public engine::EventSink {
public:
    bool Wants(const model::GraphExecution&) override { return true; }
    void OnNodeExecution(const model::GraphExecution&, const model::NodeExecution& node) override {
        std::lock_guard lock(mutex_);
        size_t outputs = 0;
        for (const auto& [pin, values] : node.output_data) outputs += values.size();
        events_.push_back("node " + node.node_id.text() + " " +
                          std::string(model::ToString(node.status)) + " " +
                          std::to_string(outputs));
    }
    void OnGraphExecution(const model::GraphExecution& run) override {
        std::lock_guard lock(mutex_);
        events_.push_back("graph " + std::string(model::ToString(run.status)));
        if (model::IsFinal(run.status)) end_ = run;
        ended_.notify_all();
    }

    std::optional<model::GraphExecution> WaitForEnd() {
        std::unique_lock lock(mutex_);
        ended_.wait_for(lock, std::chrono::seconds(20), [this] { return end_.has_value(); });
        return end_;
    }
    std::vector<std::string> events() const {
        std::lock_guard lock(mutex_);
        return events_;
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable ended_;
    std::vector<std::string> events_;
    std::optional<model::GraphExecution> end_;
};

}  // namespace yard::fakes
