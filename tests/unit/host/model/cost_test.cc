#include "host/model/cost.h"

#include "tests/unit/host/model/test_catalog.h"

namespace yard::model {
namespace {

bool Matches(const char* filter, const char* data) {
    return CostFilterMatches(Json(filter), Json(data));
}

TEST(CostFilterTest, EmptyValuesAreTheSameAsAbsentOnes) {
    const std::pair<const char*, const char*> matching[] = {
        {"{}", "{}"},
        {"{}", R"({"a":1})"},
        {R"({"a":1})", R"({"a":1})"},
        {R"({"a":""})", "{}"},
        {R"({"a":null})", R"({"a":""})"},
        {R"({"a":false})", "{}"},
        {R"({"a":false})", R"({"a":null})"},
        {R"({"a":false})", R"({"a":0})"},
        {R"({"a":true})", R"({"a":true})"},
        {R"({"a":true})", R"({"a":1})"},
        {R"({"a":1})", R"({"a":1.0})"},
        {R"({"c":{"id":"x"}})", R"({"c":{"id":"x","p":"y"}})"},
        {R"({"c":{}})", "{}"},
        {R"({"c":{}})", R"({"c":{"a":1}})"},
        {R"({"c":{"a":null}})", R"({"c":{"b":1}})"},
        {R"({"c":[1]})", R"({"c":[1]})"},
        {R"({"a":[]})", R"({"a":0})"},
        {R"("a")", R"("a")"},
    };
    for (auto [filter, data] : matching) EXPECT_TRUE(Matches(filter, data)) << filter << data;
}

TEST(CostFilterTest, OtherValuesDoNotMatch) {
    const std::pair<const char*, const char*> differing[] = {
        {R"({"a":1})", "{}"},
        {R"({"a":1})", R"({"a":null})"},
        {R"({"a":false})", R"({"a":true})"},
        {R"({"a":true})", R"({"a":"x"})"},
        {R"({"a":1})", R"({"a":"1"})"},
        {R"({"c":{"id":"x","p":"z"}})", R"({"c":{"id":"x","p":"y"}})"},
        {R"({"c":{"a":null}})", "{}"},
        {R"({"c":{"a":null}})", R"({"c":{}})"},
        {R"({"c":[1]})", R"({"c":[1,2]})"},
        {R"({"c":{"a":1}})", R"({"c":"str"})"},
        {R"("a")", "{}"},
        {"null", R"("")"},
    };
    for (auto [filter, data] : differing) EXPECT_FALSE(Matches(filter, data)) << filter << data;
}

BlockType BlockWithCosts(std::vector<BlockCost> costs) {
    BlockType block;
    block.costs = std::move(costs);
    return block;
}

TEST(BlockCostTest, TheFirstMatchingEntryDecides) {
    BlockType block =
        BlockWithCosts({{16, Json(R"({"credentials":{"id":"system"}})")},
                        {18, Json(R"({"credentials":{"id":"system"},"model":"V3"})")}});
    BlockCharge charge =
        BlockCostFor(block, Json(R"({"model":"V3","credentials":{"id":"system"}})"));
    EXPECT_EQ(charge.credits, 16);
    EXPECT_EQ(Text(charge.filter), R"({"credentials":{"id":"system"}})");
}

TEST(BlockCostTest, OwnCredentialsAreFree) {
    BlockType block = BlockWithCosts({{10, Json(R"({"credentials":{"id":"system"}})")}});
    EXPECT_EQ(BlockCostFor(block, Json(R"({"credentials":{"id":"mine"}})")).credits, 0);
    EXPECT_EQ(BlockCostFor(block, Json(R"({"api_key":"k"})")).credits, 0);
    EXPECT_EQ(Text(BlockCostFor(block, Json("{}")).filter), "{}");
}

TEST(BlockCostTest, FalsyConditionsHoldForAbsentInputs) {
    BlockType block = BlockWithCosts({{1, Json(R"({"raw_content":false})")}});
    EXPECT_EQ(BlockCostFor(block, Json("{}")).credits, 1);
    EXPECT_EQ(BlockCostFor(block, Json(R"({"raw_content":true})")).credits, 0);
}

TEST(BlockCostTest, PricesTimeAndSize) {
    BlockType block = BlockWithCosts(
        {{3, Value::EmptyObject(), CostType::kSecond}, {9, Value::EmptyObject(), CostType::kRun}});
    EXPECT_EQ(BlockCostFor(block, Json("{}")).credits, 0);
    EXPECT_EQ(BlockCostFor(block, Json("{}"), {.run_time_s = 2.9}).credits, 8);
    BlockType bytes = BlockWithCosts({{2, Value::EmptyObject(), CostType::kByte}});
    EXPECT_EQ(BlockCostFor(bytes, Json("{}"), {.size_bytes = 10.6}).credits, 21);
}

TEST(ExecutionSurchargeTest, IsDueAtEveryThreshold) {
    const std::pair<int, int> cases[] = {{0, 1}, {1, 0}, {99, 0}, {100, 1}, {101, 0}, {200, 1}};
    for (auto [count, credits] : cases) EXPECT_EQ(ExecutionSurcharge(count, 100, 1), credits);
    EXPECT_EQ(ExecutionSurcharge(5, 0, 1), 0);
}

}  // namespace
}  // namespace yard::model
