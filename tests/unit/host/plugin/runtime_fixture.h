// A runtime over the plugins of tests/plugins/bad, with an HTTP client and a sink that tests drive.

#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "config/settings.h"
#include "host/credentials/system_credentials.h"
#include "host/engine/worker_pool.h"
#include "host/plugin/block_runtime.h"
#include "host/plugin/catalog.h"
#include "host/plugin/loader.h"
#include "tests/unit/registry/plugin_directory.h"

namespace yard::testing {

// Remembers requests and gives their sinks to the test.
class FakeHttpClient final : public plugin::HttpClient {
public:
    struct Sent {
        plugin::HttpRequest request;
        std::shared_ptr<plugin::HttpSink> sink;
    };

    uint64_t Start(plugin::HttpRequest request, std::shared_ptr<plugin::HttpSink> sink) override {
        const std::lock_guard lock(mutex_);
        sent_.push_back({std::move(request), std::move(sink)});
        return sent_.size();
    }
    void Cancel(uint64_t id) override {
        const std::lock_guard lock(mutex_);
        cancelled_.push_back(id);
        sent_.at(id - 1).sink = nullptr;
    }
    Sent sent(size_t index) {
        const std::lock_guard lock(mutex_);
        return sent_.at(index);
    }
    size_t count() {
        const std::lock_guard lock(mutex_);
        return sent_.size();
    }
    std::vector<uint64_t> cancelled() {
        const std::lock_guard lock(mutex_);
        return cancelled_;
    }

private:
    std::mutex mutex_;
    std::vector<Sent> sent_;
    std::vector<uint64_t> cancelled_;
};

// Keeps what a block emits, as "pin=json", and how its call ended.
class RecordingSink final : public engine::BlockCallSink {
public:
    bool OnEmit(std::string_view pin, Value value) override {
        const std::lock_guard lock(mutex_);
        if (full_) return false;
        emitted_.push_back(std::string(pin) + "=" + WriteJson(value));
        changed_.notify_all();
        return true;
    }
    void OnDone(engine::BlockOutcome outcome) override {
        const std::lock_guard lock(mutex_);
        EXPECT_FALSE(is_done_) << "OnDone came twice";
        outcome_ = std::move(outcome);
        is_done_ = true;
        changed_.notify_all();
    }
    // Fails the test after ten seconds.
    engine::BlockOutcome Wait() {
        std::unique_lock lock(mutex_);
        EXPECT_TRUE(changed_.wait_for(lock, kPatience, [this] { return is_done_; }));
        return outcome_;
    }
    void WaitForEmits(size_t count) {
        std::unique_lock lock(mutex_);
        EXPECT_TRUE(changed_.wait_for(lock, kPatience, [&] { return emitted_.size() >= count; }));
    }
    bool is_done() {
        const std::lock_guard lock(mutex_);
        return is_done_;
    }
    std::vector<std::string> emitted() {
        const std::lock_guard lock(mutex_);
        return emitted_;
    }
    void SetFull(bool full) {
        const std::lock_guard lock(mutex_);
        full_ = full;
    }

private:
    static constexpr std::chrono::seconds kPatience{10};

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> emitted_;
    engine::BlockOutcome outcome_;
    bool is_done_ = false;
    bool full_ = false;
};

// The manifest's blocks: one entry per id, each with the outputs and credentials tests need.
inline std::string BlocksText(const std::vector<std::string>& ids) {
    std::string text;
    for (const std::string& id : ids) {
        text += (text.empty() ? "" : ",") +
                (R"({"id":")" + id + R"(","name":"Block)" + id.substr(34)) +
                R"(","inputSchema":{"type":"object","properties":{"credentials":{"type":"object",)"
                R"("credentials_provider":["openai"],"credentials_types":["api_key"]}}},)"
                R"("outputSchema":{"type":"object","properties":{"out":{}}}})";
    }
    return "[" + text + "]";
}

class RuntimeTest : public ::testing::Test {
protected:
    static constexpr char kOpenAiCredential[] = "53c25cb8-e3ee-465c-a4d1-e75a4c899c2a";

    static std::string IdOf(int number) {
        const std::string digits = std::to_string(number);
        return "00000000-0000-4000-8000-0000000000" + (number < 10 ? "0" + digits : digits);
    }

    RuntimeTest() {
        std::vector<std::string> ids;
        for (int i = 1; i <= kBlocks; ++i) ids.push_back(IdOf(i));
        directory_.Install("misbehaving", {{"id", "\"test.misbehaving\""}}, "misbehaving",
                           BlocksText(ids));
        directory_.Install("throwing", {{"id", "\"test.throwing\""}}, "throwing",
                           BlocksText({IdOf(51), IdOf(52), IdOf(53)}));
        registry_ = std::make_unique<registry::Registry>(directory_.Settings());
        plugins_ = plugin::LoadPlugins(*registry_, {});
        catalog_ = std::make_unique<plugin::PluginCatalog>(*registry_->state(),
                                                           std::vector<registry::KnownBlock>{});
        runtime_ = std::make_unique<plugin::PluginRuntime>(
            plugin::RuntimeParts{*plugins_, *steps_, *blocking_, http_, *credentials_, clock_},
            plugin::RuntimeOptions{});
    }
    ~RuntimeTest() override {
        steps_->Stop();
        blocking_->Stop();
    }

    engine::BlockCall CallOf(int block, const std::string& input = "{}") {
        engine::BlockCall call;
        call.block = catalog_->Find(BlockId(IdOf(block)));
        EXPECT_NE(call.block, nullptr) << "block " << block << " is not in the catalog";
        call.input = ParseJson(input).value();
        call.user_id = UserId("user");
        call.node_id = NodeId("node");
        call.graph_id = GraphId("graph");
        call.graph_version = 2;
        return call;
    }
    std::shared_ptr<engine::BlockTask> Start(int block, std::shared_ptr<RecordingSink> sink,
                                             const std::string& input = "{}") {
        return runtime_->Start(CallOf(block, input), std::move(sink));
    }
    // Runs a block to its end.
    engine::BlockOutcome Run(int block, const std::string& input = "{}") {
        sink_ = std::make_shared<RecordingSink>();
        Start(block, sink_, input);
        return sink_->Wait();
    }

    static constexpr int kBlocks = 28;
    PluginDirectory directory_;
    SystemClock clock_;
    FakeHttpClient http_;
    std::unique_ptr<credentials::CredentialStore> credentials_ =
        credentials::MakeSystemCredentials({{"openai", "sk-secret", "https://api.openai.com/v1"}});
    std::unique_ptr<engine::WorkerPool> steps_ = engine::MakeStepPool("steps", 2);
    std::unique_ptr<engine::WorkerPool> blocking_ = engine::MakeElasticPool("blocking", 4, 16);
    std::unique_ptr<registry::Registry> registry_;
    std::unique_ptr<plugin::LoadedPlugins> plugins_;
    std::unique_ptr<plugin::PluginCatalog> catalog_;
    std::unique_ptr<plugin::PluginRuntime> runtime_;
    std::shared_ptr<RecordingSink> sink_;  // Of the last Run.
};

}  // namespace yard::testing
