#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "host/plugin/http_client.h"

namespace yard::net {

// Keeps what it is told; tests wait for it.
class RecordingSink final : public plugin::HttpSink {
public:
    void OnHead(int status, const plugin::HttpHeaders& headers,
                const std::string& final_url) override {
        Change([&] {
            status_ = status;
            headers_ = headers;
            final_url_ = final_url;
        });
    }
    void OnData(std::string_view chunk) override {
        Change([&] { chunks_.emplace_back(chunk); });
    }
    void OnEnd(Result<Ok> outcome) override {
        Change([&] {
            outcome_ = std::move(outcome);
            ++ends_;
        });
    }

    // False after ten seconds.
    bool AwaitEnd() {
        return Await([&] { return ends_ > 0; });
    }
    bool AwaitHead() {
        return Await([&] { return status_ != 0; });
    }
    bool AwaitChunks(size_t count) {
        return Await([&] { return chunks_.size() >= count; });
    }
    // The error's sentence, "ok", or "(no end)".
    std::string Outcome() {
        if (!AwaitEnd()) return "(no end)";
        const std::lock_guard lock(mutex_);
        return outcome_->ok() ? "ok" : outcome_->error().message;
    }
    ErrorKind Kind() {
        if (Outcome() == "ok") return ErrorKind::kInternal;
        const std::lock_guard lock(mutex_);
        return outcome_->error().kind;
    }

    int status() const { return Read(status_); }
    int ends() const { return Read(ends_); }
    std::string final_url() const { return Read(final_url_); }
    std::vector<std::string> chunks() const { return Read(chunks_); }
    std::string Body() const {
        std::string body;
        for (const std::string& chunk : chunks()) body += chunk;
        return body;
    }
    std::string Header(const std::string& name) const {
        for (const auto& [known, value] : Read(headers_)) {
            if (known == name) return value;
        }
        return "(absent)";
    }

private:
    template <typename T>
    T Read(const T& field) const {
        const std::lock_guard lock(mutex_);
        return field;
    }
    void Change(auto&& change) {
        const std::lock_guard lock(mutex_);
        change();
        changed_.notify_all();
    }
    bool Await(auto&& condition) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(10), condition);
    }

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    int status_ = 0;
    plugin::HttpHeaders headers_;
    std::string final_url_;
    std::vector<std::string> chunks_;
    std::optional<Result<Ok>> outcome_;
    int ends_ = 0;
};

}  // namespace yard::net
