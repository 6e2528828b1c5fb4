#include "host/model/credentials_aggregation.h"

#include "tests/unit/host/model/test_catalog.h"

namespace yard::model {
namespace {

constexpr char kGithub[] = "00000000-0000-4000-8000-0000000000a1";
constexpr char kGithubToo[] = "00000000-0000-4000-8000-0000000000a2";
constexpr char kModel[] = "00000000-0000-4000-8000-0000000000a3";
constexpr char kHttp[] = "00000000-0000-4000-8000-0000000000a4";

std::string Field(const char* providers, const char* types, const char* more = "") {
    return std::string(R"({"credentials":{"credentials_provider":)") + providers +
           R"(,"credentials_types":)" + types + more + "}}";
}

class CredentialsAggregationTest : public testing::Test {
protected:
    CredentialsAggregationTest() {
        graph_.name = "My Graph";
        const char* types = R"(["oauth2","api_key"])";
        catalog_.AddBlock(kGithub, "G",
                          Field(R"(["github"])", types, R"(,"credentials_scopes":["repo"])"));
        catalog_.AddBlock(kGithubToo, "H",
                          Field(R"(["github"])", types, R"(,"credentials_scopes":["user"])"));
        catalog_.AddBlock(kModel, "M",
                          Field(R"(["openai","groq"])", R"(["api_key"])",
                                R"(,"discriminator":"model","discriminator_mapping":
                                   {"gpt":"openai","llama":"groq"})"));
        catalog_.AddBlock(kHttp, "W",
                          Field(R"(["http"])", R"(["host_scoped"])", R"(,"discriminator":"url")"));
    }
    Node& Add(const std::string& block, std::string_view input_default = "{}") {
        return graph_.nodes.emplace_back(
            MakeNode("n" + std::to_string(graph_.nodes.size()), block, input_default));
    }
    std::vector<std::string> Names() {
        std::vector<std::string> names;
        for (const auto& each : AggregateCredentials(graph_, catalog_)) names.push_back(each.name);
        return names;
    }

    TestCatalog catalog_;
    Graph graph_;
};

TEST_F(CredentialsAggregationTest, AGraphWithoutCredentialsAsksForNone) {
    EXPECT_EQ(Text(CredentialsInputSchema(graph_, catalog_)),
              R"({"properties":{},"required":[],"title":"MyGraphCredentialsInputSchema",)"
              R"("type":"object"})");
}

TEST_F(CredentialsAggregationTest, FieldsThatAcceptTheSameAreOne) {
    Add(kGithub);
    Graph sub_graph;
    sub_graph.nodes.push_back(MakeNode("s", kGithubToo));
    graph_.sub_graphs.push_back(sub_graph);
    std::vector<AggregatedCredentials> all = AggregateCredentials(graph_, catalog_);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].name, "github_api_key-oauth2_credentials");
    EXPECT_EQ(all[0].field.scopes, (std::vector<std::string>{"repo", "user"}));
    EXPECT_EQ(all[0].uses.size(), 2u);
}

TEST_F(CredentialsAggregationTest, TheDiscriminatorSelectsTheProvider) {
    Add(kModel, R"({"model":"gpt"})");
    Add(kModel, R"({"model":"llama"})");
    Add(kModel);
    Add(kModel, R"({"model":"no longer offered"})");
    EXPECT_EQ(Names(),
              (std::vector<std::string>{"openai_api_key_credentials", "groq_api_key_credentials",
                                        "groq-openai_api_key_credentials"}));
}

TEST_F(CredentialsAggregationTest, HttpCredentialsAreApartByHost) {
    Add(kHttp, R"({"url":"https://user@API.example.com:8443/v1?q"})");
    Add(kHttp, R"({"url":"api.example.com"})");
    Add(kHttp);
    EXPECT_EQ(Names(), (std::vector<std::string>{"api.example.com-http_host_scoped_credentials",
                                                 "http_host_scoped_credentials"}));
}

TEST_F(CredentialsAggregationTest, AreRequiredUnlessEveryUseIsOptional) {
    Add(kGithub).metadata = Json(R"({"credentials_optional":true})");
    EXPECT_FALSE(AggregateCredentials(graph_, catalog_)[0].required);
    EXPECT_EQ(Text(CredentialsInputSchema(graph_, catalog_)["required"]), "[]");
    Add(kGithubToo);
    EXPECT_TRUE(AggregateCredentials(graph_, catalog_)[0].required);
}

TEST_F(CredentialsAggregationTest, DescribesTheReferenceItWants) {
    Add(kGithub);
    Value schema = CredentialsInputSchema(graph_, catalog_);
    View field = schema["properties"]["github_api_key-oauth2_credentials"];
    EXPECT_EQ(field["title"].AsString(),
              "CredentialsMetaInput[Literal[<ProviderName.GITHUB: 'github'>], "
              "Literal['oauth2', 'api_key']]");
    EXPECT_EQ(Text(field["properties"]["provider"]),
              R"({"const":"github","title":"Provider","type":"string"})");
    EXPECT_EQ(Text(field["properties"]["type"]),
              R"({"enum":["oauth2","api_key"],"title":"Type","type":"string"})");
    EXPECT_EQ(Text(field["discriminator_values"]), "[]");
    EXPECT_FALSE(field.Has("discriminator"));
}

TEST_F(CredentialsAggregationTest, MasksCarryTheReferenceToEveryUse) {
    Add(kGithub);
    Add(kGithubToo);
    auto all = AggregateCredentials(graph_, catalog_);
    Value masks = BuildNodeMasks(
        all, Json(R"({"github_api_key-oauth2_credentials":{"id":"c","title":null},"other":{}})"),
        Json(R"({"n1":{"x":1},"n9":{"y":2}})"));
    EXPECT_EQ(Text(masks), R"({"n0":{"credentials":{"id":"c"}},)"
                           R"("n1":{"credentials":{"id":"c"},"x":1},"n9":{"y":2}})");
    EXPECT_EQ(Text(BuildNodeMasks(all, View(), View())), "{}");
}

TEST_F(CredentialsAggregationTest, MasksOfTheCallerWin) {
    Add(kGithub);
    Value masks = BuildNodeMasks(AggregateCredentials(graph_, catalog_),
                                 Json(R"({"github_api_key-oauth2_credentials":{"id":"c"}})"),
                                 Json(R"({"n0":{"credentials":{"id":"mine"}}})"));
    EXPECT_EQ(Text(masks), R"({"n0":{"credentials":{"id":"mine"}}})");
}

}  // namespace
}  // namespace yard::model
