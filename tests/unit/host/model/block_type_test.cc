#include "host/model/block_type.h"

#include "host/model/json_schema.h"
#include "tests/unit/host/model/test_catalog.h"

namespace yard::model {
namespace {

constexpr char kEntry[] = R"({
  "id":"f59b88a8-54ce-4676-a508-fd614b4e8dce","name":"PostBlock","description":"Posts",
  "categories":["SOCIAL"],"contributors":[{"name":"ann"}],"uiType":"Webhook","staticOutput":true,
  "is_sensitive_action":true,
  "inputSchema":{"type":"object","required":["credentials","n"],"properties":{
    "credentials":{"type":"object","credentials_provider":["a","b"],"credentials_types":["api_key"],
                   "credentials_scopes":["s"],"discriminator":"model",
                   "discriminator_mapping":{"m":"a"}},
    "file":{"type":"object","auto_credentials":{"provider":"google","type":"oauth2",
            "scopes":["drive"],"kwarg_name":"drive_credentials"}},
    "n":{"type":"integer"}}},
  "outputSchema":{"type":"object","properties":{"r":{"type":"integer"}}},
  "webhook_config":{"provider":"exa","webhook_type":"set","event_filter_input":"f"},
  "costs":[{"cost_amount":5,"cost_filter":{"a":1},"cost_type":"run"}]})";

std::string Refusal(std::string_view changed_member, std::string_view value) {
    ValueBuilder entry;
    entry.BeginObject();
    Value original = Json(kEntry);
    for (auto [name, member] : original->members()) {
        if (name != changed_member) entry.Member(name, member);
    }
    entry.Member(changed_member, Json(value));
    Result<BlockType> block = ParseBlockType(entry.EndObject().Take());
    return block.ok() ? "" : block.error().message;
}

TEST(BlockTypeTest, ReadsAManifestEntry) {
    Result<BlockType> parsed = ParseBlockType(Json(kEntry));
    ASSERT_TRUE(parsed.ok());
    const BlockType& block = parsed.value();
    EXPECT_EQ(block.name, "PostBlock");
    EXPECT_EQ(block.kind, BlockKind::kWebhook);
    EXPECT_TRUE(block.static_output);
    EXPECT_TRUE(block.sensitive_action);
    EXPECT_TRUE(block.HasInput("n"));
    EXPECT_FALSE(block.HasInput("r"));
    EXPECT_TRUE(block.HasOutput("r"));
    EXPECT_EQ(block.required_inputs, (std::vector<std::string>{"credentials", "n"}));
    ASSERT_EQ(block.costs.size(), 1u);
    EXPECT_EQ(block.costs[0].amount, 5);
    ASSERT_TRUE(block.webhook.has_value());
    EXPECT_EQ(block.webhook->provider, "exa");
    EXPECT_EQ(block.webhook->event_format, "{event}");
    EXPECT_NE(block.input_validator, nullptr);
    EXPECT_TRUE(block.output_validator->ValidateProperty("r", Json("\"x\"")).has_value());
}

TEST(BlockTypeTest, DerivesCredentialsFromTheSchemaOrdinaryOnesFirst) {
    BlockType block = ParseBlockType(Json(kEntry)).value();
    ASSERT_EQ(block.credentials.size(), 2u);
    EXPECT_EQ(block.credentials[0].name, "credentials");
    EXPECT_EQ(block.credentials[0].providers, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(block.credentials[0].discriminator, "model");
    EXPECT_EQ(block.credentials[0].discriminator_mapping["m"].AsString(), "a");
    EXPECT_FALSE(block.credentials[0].automatic());
    EXPECT_EQ(block.credentials[1].name, "drive_credentials");
    EXPECT_EQ(block.credentials[1].container, "file");
    EXPECT_TRUE(block.credentials[1].automatic());
}

TEST(BlockTypeTest, DeclaresTheBlockAsTheApiDoes) {
    BlockType block = ParseBlockType(Json(kEntry)).value();
    std::vector<std::string> keys;
    for (auto [key, value] : block.declaration->members()) keys.emplace_back(key);
    EXPECT_EQ(keys, (std::vector<std::string>{"id", "name", "inputSchema", "outputSchema",
                                              "description", "categories", "contributors",
                                              "staticOutput", "uiType", "costs"}));
    EXPECT_EQ(Text(block.declaration["categories"]),
              R"([{"category":"SOCIAL","description":)"
              R"("Block that interacts with social media platforms."}])");
    EXPECT_EQ(Text(block.declaration["contributors"]), R"([{"name":"ann"}])");
    EXPECT_EQ(Text(block.declaration["costs"]),
              R"([{"cost_amount":5,"cost_filter":{"a":1},"cost_type":"run"}])");
}

TEST(BlockTypeTest, SaysWhichBlockAndWhatIsWrong) {
    for (const char* id : {"5", "\"\"", "\"two words\""}) {
        EXPECT_EQ(Refusal("id", id),
                  "block \"PostBlock\": \"id\" must be a UUID or dotted words of at most 100 "
                  "characters");
    }
    EXPECT_EQ(Refusal("id", "\"acme.text.upper\""), "");
    EXPECT_EQ(Refusal("uiType", "\"Odd\""),
              "block \"PostBlock\": \"uiType\" is none of the known kinds");
    EXPECT_EQ(Refusal("categories", "[\"NONE\"]"),
              "block \"PostBlock\": a category is none of the known ones");
    EXPECT_EQ(Refusal("inputSchema", "[]"),
              "block \"PostBlock\": \"inputSchema\" and \"outputSchema\" must be objects");
    EXPECT_EQ(
        Refusal("outputSchema", R"({"type":"odd"})"),
        "block \"PostBlock\": in outputSchema the schema keyword \"type\" must be the name of "
        "a JSON type or a list of them");
    EXPECT_EQ(Refusal("costs", R"([{"cost_amount":-1}])"),
              "block \"PostBlock\": \"cost_amount\" must be an integer >= 0");
    EXPECT_EQ(Refusal("costs", R"([{"cost_amount":1,"cost_type":"month"}])"),
              "block \"PostBlock\": \"cost_type\" must be run, second or byte");
    EXPECT_EQ(ParseBlockType(Json("[]")).error().message,
              "a block of a manifest must be an object with a \"name\"");
}

TEST(BlockTypeTest, RefusesCredentialsWithoutAProvider) {
    EXPECT_EQ(Refusal("inputSchema", R"({"properties":{"credentials":{"credentials_provider":[],
                                        "credentials_types":["api_key"]}}})"),
              "block \"PostBlock\": credentials input \"credentials\" names no provider");
}

TEST(BlockTypeTest, RefusesTwoAutomaticCredentialsOfOneName) {
    EXPECT_EQ(
        Refusal("inputSchema",
                R"({"properties":{"a":{"auto_credentials":{}},"b":{"auto_credentials":{}}}})"),
        "block \"PostBlock\": Duplicate auto_credentials kwarg_name 'credentials' in fields "
        "'a' and 'b'");
}

TEST(BlockTypeTest, ABlockThatIsNotInstalledHasNoPins) {
    BlockType block = MakeNotInstalledBlockType(BlockId(kPlain), "GoneBlock");
    EXPECT_EQ(block.availability, BlockAvailability::kNotInstalled);
    EXPECT_FALSE(block.HasInput("x"));
    EXPECT_EQ(block.input_validator, nullptr);
}

}  // namespace
}  // namespace yard::model
