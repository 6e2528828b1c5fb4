// The services over a database in memory, a small catalog and an engine that advances nothing.

#pragma once

#include <gtest/gtest.h>

#include <future>
#include <map>
#include <memory>
#include <string>

#include "host/credentials/credential_store.h"
#include "host/service/blocks/block_service.h"
#include "host/service/executions/execution_service.h"
#include "host/service/graphs/graph_service.h"
#include "host/service/users/user_service.h"
#include "host/storage/library_store.h"
#include "host/storage/sql/open_database.h"
#include "host/storage/user_store.h"
#include "tests/fakes/fake_block_runtime.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_engine.h"
#include "tests/unit/host/model/test_catalog.h"

namespace yard::service {

inline constexpr char kLlmBlock[] = "1f292d4a-41a4-4977-9684-7c8d560b9f91";
inline constexpr char kDisabledBlock[] = "00000000-0000-4000-8000-0000000000d1";

class FakeCredentials final : public credentials::CredentialStore {
public:
    void Add(const std::string& user, credentials::Credential credential) {
        stored_[user].push_back(std::move(credential));
    }
    void SetDefault(credentials::Credential credential) {
        defaults_[credential.provider] = std::move(credential);
    }
    Result<credentials::Credential> Find(const UserId& user,
                                         const CredentialsId& id) const override {
        for (const auto& [provider, credential] : defaults_) {
            if (credential.id == id) return credential;
        }
        auto found = stored_.find(user.text());
        if (found != stored_.end()) {
            for (const auto& credential : found->second) {
                if (credential.id == id) return credential;
            }
        }
        return NotFound("Credentials #" + id.text() + " not found");
    }
    std::optional<credentials::Credential> FindDefault(std::string_view provider) const override {
        auto found = defaults_.find(std::string(provider));
        if (found == defaults_.end()) return std::nullopt;
        return found->second;
    }

private:
    std::map<std::string, std::vector<credentials::Credential>> stored_;
    std::map<std::string, credentials::Credential> defaults_;
};

class FakeLedger final : public engine::CreditLedger {
public:
    int64_t balance = 100;
    Result<int64_t> Balance(const UserId&) override { return balance; }
    Result<int64_t> Spend(const UserId&, int64_t, const Value&) override { return balance; }
};

inline std::unique_ptr<storage::Database> OpenMemoryDatabase() {
    storage::sql::DatabaseOptions options;
    options.url = "sqlite::memory:";
    auto database = storage::sql::OpenDatabase(options);
    EXPECT_TRUE(database.ok()) << (database ? "" : database.error().message);
    return database ? std::move(database).value() : nullptr;
}

// Input -> calculator -> output blocks, one that needs credentials, one that is disabled.
inline void FillCatalog(model::TestCatalog& catalog) {
    model::AddAgentInput(catalog);
    model::AddAgentOutput(catalog);
    model::AddCalculator(catalog);
    catalog.AddBlock(kLlmBlock, "AITextGeneratorBlock",
                     R"({"prompt":{"type":"string"},
                         "model":{"type":"string","default":"gpt-4o"},
                         "credentials":{"type":"object","discriminator":"model",
                           "discriminator_mapping":{"gpt-4o":"openai","claude":"anthropic"},
                           "credentials_provider":["openai","anthropic"],
                           "credentials_types":["api_key"]}})",
                     R"(["prompt","credentials"])", R"({"response":{"type":"string"}})");
    catalog.AddBlock(model::kAgentExecutorBlock, "AgentExecutorBlock",
                     R"({"user_id":{"type":"string"},"graph_id":{"type":"string"},
                         "graph_version":{"type":"integer"},"inputs":{"type":"object"},
                         "input_schema":{"type":"object"},"output_schema":{"type":"object"}})",
                     R"(["user_id","graph_id","graph_version","inputs","input_schema",
                         "output_schema"])",
                     "{}", R"("uiType":"Agent")");
    auto disabled = model::ParseBlockType(
        model::Json(std::string(R"({"id":")") + kDisabledBlock +
                    R"(","name":"DisabledBlock","inputSchema":{"type":"object","properties":{}},
            "outputSchema":{"type":"object","properties":{}},"uiType":"Standard"})"));
    ASSERT_TRUE(disabled.ok()) << disabled.error().message;
    disabled.value().availability = model::BlockAvailability::kDisabled;
    catalog.Add(std::move(disabled).value());
}

// A graph that adds 1 to its input "n".
inline model::Graph AddingGraph() {
    model::Graph graph;
    graph.id = GraphId("submitted-id");
    graph.name = "Add one";
    graph.description = "Adds one";
    graph.nodes = {model::MakeNode("in", model::kAgentInputBlock, R"({"name":"n"})"),
                   model::MakeNode("add", model::kCalculator, R"({"operation":"Add","b":1})"),
                   model::MakeNode("out", model::kAgentOutputBlock, R"({"name":"sum"})")};
    graph.links = {model::MakeLink("in", "result", "add", "a"),
                   model::MakeLink("add", "result", "out", "value")};
    return graph;
}

class HostTest : public testing::Test {
protected:
    HostTest() { FillCatalog(catalog_); }

    void AddUser(const std::string& id, const std::string& email) {
        Result<storage::User> user = users_.GetOrCreate(UserId(id), email, std::nullopt);
        ASSERT_TRUE(user.ok()) << user.error().message;
    }
    // Waits for the answer, which comes when the run is durable.
    Result<model::GraphExecution> Submit(RunSubmission submission) {
        std::promise<Result<model::GraphExecution>> answer;
        executions_->Submit(std::move(submission), [&](Result<model::GraphExecution> run) {
            answer.set_value(std::move(run));
        });
        return answer.get_future().get();
    }
    RunSubmission Submission(const std::string& user, const model::Graph& graph) {
        RunSubmission submission;
        submission.user = UserId(user);
        submission.graph_id = graph.id;
        submission.version = graph.version;
        submission.run.inputs = model::Json(R"({"n":1})");
        return submission;
    }

    fakes::FakeClock clock_;
    std::unique_ptr<storage::Database> database_ = OpenMemoryDatabase();
    model::TestCatalog catalog_;
    FakeCredentials credentials_;
    FakeLedger ledger_;
    fakes::FakeBlockRuntime runtime_;
    fakes::FakeEngine engine_{database_->journal()};
    GraphService graphs_{*database_, catalog_, credentials_, clock_};
    UserService users_{*database_, clock_};
    BlockService blocks_{*database_, catalog_, runtime_, clock_};
    std::unique_ptr<ExecutionService> executions_ = std::make_unique<ExecutionService>(
        ExecutionService::Parts{*database_, catalog_, credentials_, engine_, ledger_, clock_,
                                std::chrono::milliseconds(50)});
};

}  // namespace yard::service
