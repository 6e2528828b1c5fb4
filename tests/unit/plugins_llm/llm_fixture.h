// The blocks of plugins/llm as a server runs them: loaded from their library, over real sockets,
// against a provider that the test scripts.

#pragma once

#include <gmock/gmock.h>

#include <algorithm>

#include "host/net/http_client.h"
#include "tests/fakes/openai_server.h"
#include "tests/unit/host/plugin/runtime_fixture.h"

namespace yard::testing {

class LlmTest : public ::testing::Test {
protected:
    static constexpr char kText[] = "1f292d4a-41a4-4977-9684-7c8d560b9f91";
    static constexpr char kStructured[] = "ed55ac19-356e-4243-a6cb-bc599e9b716f";
    static constexpr char kConversation[] = "32a87eab-381e-4dd4-bdb8-4c47151be35a";
    static constexpr char kList[] = "9c0b0450-d199-458b-a731-072189dd6593";
    static constexpr char kSummarizer[] = "a0a69be1-4528-491c-a85a-a4ab6873e3f0";

    explicit LlmTest(int64_t timeout_ms = 20'000) {
        const std::string library = YARD_LLM_PLUGIN;
        directory_.Write("llm.so", ReadFile(library + ".so"));
        directory_.Write("llm.blk.json", ReadFile(library + ".blk.json"));
        registry_ = std::make_unique<registry::Registry>(directory_.Settings());
        plugin::LoaderOptions options;
        options.provider_urls = {{"openai", provider_->Url()}, {"anthropic", provider_->Origin()}};
        plugins_ = plugin::LoadPlugins(*registry_, options);
        catalog_ = std::make_unique<plugin::PluginCatalog>(*registry_->state(),
                                                           std::vector<registry::KnownBlock>{});
        credentials_ =
            credentials::MakeSystemCredentials({{"openai", "sk-openai", provider_->Url()},
                                                {"anthropic", "sk-anthropic", provider_->Origin()},
                                                {"ollama", "", provider_->Origin()}});
        const std::string address = "127.0.0.1:" + std::to_string(provider_->port());
        http_ = net::MakeHttpClient({.settings = {.allow = {address},
                                                  .timeout_ms = timeout_ms,
                                                  .response_bytes_max = 1 << 20,
                                                  .connections_per_host_max = 8}})
                    .value();
        runtime_ = std::make_unique<plugin::PluginRuntime>(
            plugin::RuntimeParts{*plugins_, *steps_, *blocking_, *http_, *credentials_, clock_},
            plugin::RuntimeOptions{});
    }
    ~LlmTest() override {
        steps_->Stop();
        blocking_->Stop();
    }

    static Value CredentialOf(const std::string& provider) {
        const std::string id(credentials::SystemCredentialId(provider));
        return Value::Object({{"id", Value::String(id)},
                              {"provider", Value::String(provider)},
                              {"type", Value::String("api_key")},
                              {"title", Value()}});
    }
    // `input` without the credentials.
    std::shared_ptr<engine::BlockTask> Start(const std::string& block, const std::string& input,
                                             const std::string& provider = "openai") {
        sink_ = std::make_shared<RecordingSink>();
        ValueBuilder builder;
        builder.BeginObject().Member("credentials", CredentialOf(provider));
        const Value given = ParseJson(input).value();
        for (const auto& [key, value] : given->members()) builder.Member(key, value);
        engine::BlockCall call;
        call.block = catalog_->Find(BlockId(block));
        EXPECT_NE(call.block, nullptr) << "the plugin was not loaded";
        call.input = builder.EndObject().Take();
        call.user_id = UserId("user");
        call.node_id = NodeId("node");
        return runtime_->Start(std::move(call), sink_);
    }
    engine::BlockOutcome Run(const std::string& block, const std::string& input,
                             const std::string& provider = "openai") {
        Start(block, input, provider);
        return sink_->Wait();
    }
    // Runs a block that has to fail and returns its sentence.
    std::string FailureOf(const std::string& block, const std::string& input) {
        const engine::BlockOutcome outcome = Run(block, input);
        EXPECT_EQ(outcome.result, engine::BlockResult::kFailed);
        return outcome.error;
    }
    std::vector<std::string> emitted() { return sink_->emitted(); }
    void Say(const std::vector<std::string>& texts) {
        for (const std::string& text : texts)
            provider_->Script({fakes::OpenAiServer::Saying(text)});
    }
    // The body of a request that the provider got.
    Value Sent(size_t index) { return ParseJson(provider_->requests().at(index).body).value(); }
    size_t sent_count() { return provider_->requests().size(); }

    std::unique_ptr<fakes::OpenAiServer> provider_ = fakes::OpenAiServer::Start();
    PluginDirectory directory_;
    SystemClock clock_;
    std::unique_ptr<credentials::CredentialStore> credentials_;
    std::unique_ptr<engine::WorkerPool> steps_ = engine::MakeStepPool("steps", 2);
    std::unique_ptr<engine::WorkerPool> blocking_ = engine::MakeElasticPool("blocking", 1, 2);
    std::unique_ptr<registry::Registry> registry_;
    std::unique_ptr<plugin::LoadedPlugins> plugins_;
    std::unique_ptr<plugin::PluginCatalog> catalog_;
    std::unique_ptr<plugin::HttpClient> http_;
    std::unique_ptr<plugin::PluginRuntime> runtime_;
    std::shared_ptr<RecordingSink> sink_;  // Of the last call.
};

}  // namespace yard::testing
