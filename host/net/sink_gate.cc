#include "host/net/sink_gate.h"

namespace yard::net {

// The copies of sink_ keep the sink alive when it closes the gate and its owner drops it.

bool SinkGate::Head(int status, const plugin::HttpHeaders& headers, const std::string& final_url) {
    const std::lock_guard lock(mutex_);
    const auto sink = sink_;
    if (sink) sink->OnHead(status, headers, final_url);
    return sink != nullptr;
}

bool SinkGate::Data(std::string_view chunk) {
    const std::lock_guard lock(mutex_);
    const auto sink = sink_;
    if (sink) sink->OnData(chunk);
    return sink != nullptr;
}

void SinkGate::End(Result<Ok> outcome) {
    const std::lock_guard lock(mutex_);
    const auto sink = std::move(sink_);
    sink_ = nullptr;
    if (sink) sink->OnEnd(std::move(outcome));
}

void SinkGate::EndUnlessBusy(Result<Ok> outcome) {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (lock) End(std::move(outcome));
}

void SinkGate::Close() {
    const std::lock_guard lock(mutex_);
    sink_ = nullptr;
}

}  // namespace yard::net
