#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "host/plugin/http_client.h"

namespace yard::net {

// Keeps the promises of HttpSink: one call at a time, OnEnd once and last, nothing after Close().
// Thread-safe; a call may close or end the gate it came through.
class SinkGate {
public:
    explicit SinkGate(std::shared_ptr<plugin::HttpSink> sink) : sink_(std::move(sink)) {}

    // False if the gate is closed; then nothing was called.
    bool Head(int status, const plugin::HttpHeaders& headers, const std::string& final_url);
    bool Data(std::string_view chunk);

    void End(Result<Ok> outcome);
    // The same without waiting for a call that is under way: does nothing then.
    void EndUnlessBusy(Result<Ok> outcome);
    void Close();

private:
    // Recursive, because a sink may close the gate from within a call.
    std::recursive_mutex mutex_;
    std::shared_ptr<plugin::HttpSink> sink_;  // Null once ended or closed. Shared with the caller.
};

}  // namespace yard::net
