#include "host/service/executions/credentials_check.h"

#include "tests/unit/host/service/host_fixture.h"

namespace yard::service {
namespace {

using model::Json;

class CredentialsCheckTest : public HostTest {
protected:
    CredentialsCheckTest() {
        credentials::Credential mine;
        mine.id = CredentialsId("mine");
        mine.provider = "openai";
        credentials_.Add("alice", mine);
    }
    void Configure(const std::string& provider) {
        credentials::Credential credential;
        credential.id = CredentialsId("system-" + provider);
        credential.provider = provider;
        credentials_.SetDefault(credential);
    }
    // The message for the credentials of a node with these defaults, or empty.
    std::string Check(const std::string& input_default, const Value& masks = Value::EmptyObject(),
                      bool optional = false) {
        model::Graph graph;
        graph.nodes = {model::MakeNode("llm", kLlmBlock, input_default)};
        if (optional) graph.nodes[0].metadata = Json(R"({"credentials_optional":true})");
        model::NodeErrors errors;
        result_ = ResolveCredentials(UserId("alice"), graph, catalog_, masks, credentials_, errors);
        return std::string(errors.ToJson()["llm"]["credentials"].StringOr(""));
    }
    std::string Filled() const {
        return std::string(result_.masks["llm"]["credentials"]["id"].StringOr(""));
    }

    RunCredentials result_;
};

TEST_F(CredentialsCheckTest, StoredCredentialsOfTheUserAreAccepted) {
    EXPECT_EQ(Check(R"({"credentials":{"id":"mine","provider":"openai","type":"api_key"}})"), "");
    EXPECT_EQ(Filled(), "");
}

TEST_F(CredentialsCheckTest, MissingOnesAreRequired) {
    EXPECT_EQ(Check("{}"), "These credentials are required");
    EXPECT_EQ(Check(R"({"credentials":{}})"), "These credentials are required");
}

TEST_F(CredentialsCheckTest, TheDiscriminatorChoosesTheServersCredentials) {
    Configure("openai");
    Configure("anthropic");
    EXPECT_EQ(Check("{}"), "");
    EXPECT_EQ(Filled(), "system-openai");
    EXPECT_EQ(Check(R"({"model":"claude"})"), "");
    EXPECT_EQ(Filled(), "system-anthropic");
    EXPECT_EQ(Check("{}", Json(R"({"llm":{"model":"claude"}})")), "");
    EXPECT_EQ(Filled(), "system-anthropic");
    EXPECT_EQ(result_.masks["llm"]["model"].StringOr(""), "claude");
    EXPECT_EQ(Check(R"({"model":"unknown"})"), "These credentials are required");
}

TEST_F(CredentialsCheckTest, AnotherUsersCredentialsAreUnknown) {
    credentials::Credential theirs;
    theirs.id = CredentialsId("theirs");
    theirs.provider = "openai";
    credentials_.Add("bob", theirs);
    EXPECT_EQ(Check(R"({"credentials":{"id":"theirs","provider":"openai","type":"api_key"}})"),
              "Unknown credentials #theirs");
}

TEST_F(CredentialsCheckTest, WrongReferencesAreNamed) {
    EXPECT_EQ(Check(R"({"credentials":{"id":"mine","provider":"github","type":"api_key"}})"),
              "Invalid credentials: provider: `github` is not supported by this input");
    EXPECT_EQ(Check(R"({"credentials":{"id":"mine","provider":"openai"}})"),
              "Invalid credentials: type: Field required");
    EXPECT_EQ(Check(R"({"credentials":{"id":7}})"),
              "Invalid credentials: id: Input should be a valid string");
    EXPECT_EQ(Check(R"({"credentials":{"id":"mine","provider":"anthropic","type":"api_key"}})"),
              "Invalid credentials: type/provider mismatch");
}

TEST_F(CredentialsCheckTest, ANodeWithOptionalCredentialsIsSkipped) {
    Configure("openai");
    EXPECT_EQ(Check("{}", Value::EmptyObject(), true), "");
    ASSERT_EQ(result_.nodes_to_skip.size(), 1u);
    EXPECT_EQ(Filled(), "");
}

}  // namespace
}  // namespace yard::service
