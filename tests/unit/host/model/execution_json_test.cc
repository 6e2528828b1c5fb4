#include "host/model/execution_json.h"

#include "tests/unit/host/model/test_catalog.h"

namespace yard::model {
namespace {

constexpr char kTrigger[] = "00000000-0000-4000-8000-0000000000c1";

NodeExecution MakeExecution(const std::string& id, const std::string& block,
                            std::optional<int64_t> queued_ms, std::string_view input) {
    NodeExecution node;
    node.id = NodeExecutionId(id);
    node.node_id = NodeId("node-" + id);
    node.block_id = BlockId(block);
    node.status = ExecutionStatus::kCompleted;
    node.input_data = Json(input);
    node.added_at = {1};
    if (queued_ms) node.queued_at = Timestamp{*queued_ms};
    return node;
}

class ExecutionJsonTest : public testing::Test {
protected:
    ExecutionJsonTest() {
        AddAgentInput(catalog_);
        AddAgentOutput(catalog_);
        catalog_.AddBlock(kTrigger, "TriggerBlock", "{}", "[]", "{}", R"("uiType":"Webhook")");
        execution_.id = GraphExecutionId("e");
        execution_.user_id = UserId("u");
        execution_.graph_id = GraphId("g");
    }

    TestCatalog catalog_;
    GraphExecution execution_;
};

TEST_F(ExecutionJsonTest, MetaOfAFreshExecutionIsMostlyNull) {
    EXPECT_EQ(Text(EncodeGraphExecutionMeta(execution_)),
              R"({"id":"e","user_id":"u","graph_id":"g","graph_version":1,"inputs":null,)"
              R"("credential_inputs":null,"nodes_input_masks":null,"preset_id":null,)"
              R"("status":"INCOMPLETE","started_at":null,"ended_at":null,"is_shared":false,)"
              R"("share_token":null,"stats":null})");
}

TEST_F(ExecutionJsonTest, EmptyCredentialsAreNullButEmptyMasksAreNot) {
    execution_.credential_inputs = Value::EmptyObject();
    execution_.nodes_input_masks = Value::EmptyObject();
    Value meta = EncodeGraphExecutionMeta(execution_);
    EXPECT_TRUE(meta["credential_inputs"].IsNull());
    EXPECT_EQ(Text(meta["nodes_input_masks"]), "{}");
}

TEST_F(ExecutionJsonTest, StatsHaveTheirPublicNames) {
    GraphExecutionStats stats;
    stats.walltime_s = 1.5;
    stats.node_count = 3;
    stats.cost = 7;
    stats.error = "bad";
    execution_.stats = stats;
    EXPECT_EQ(Text(EncodeGraphExecutionMeta(execution_)["stats"]),
              R"({"cost":7,"duration":1.5,"duration_cpu_only":0.0,"node_exec_time":0.0,)"
              R"("node_exec_time_cpu_only":0.0,"node_exec_count":3,"node_error_count":0,)"
              R"("error":"bad","activity_status":null,"correctness_score":null})");
}

TEST_F(ExecutionJsonTest, DerivesInputsAndOutputsInTheOrderOfQueueing) {
    std::vector<NodeExecution> nodes = {
        MakeExecution("3", kAgentOutputBlock, 30, R"({"name":"o","value":2})"),
        MakeExecution("2", kAgentOutputBlock, 20, R"({"name":"o","value":1})"),
        MakeExecution("1", kAgentInputBlock, 10, R"({"name":"i","value":5})"),
        MakeExecution("4", kTrigger, 40, R"({"payload":{"p":1}})"),
        MakeExecution("5", kAgentOutputBlock, 50, R"({"value":9})")};
    nodes.push_back(MakeExecution("6", kAgentOutputBlock, 60, R"({"name":"o","value":3})"));
    nodes.back().status = ExecutionStatus::kIncomplete;
    Value json = EncodeGraphExecution(execution_, nodes, catalog_);
    EXPECT_EQ(Text(json["inputs"]), R"({"i":5,"payload":{"p":1}})");
    EXPECT_EQ(Text(json["outputs"]), R"({"o":[1,2]})");
    EXPECT_EQ(Text(DeriveOutputs(nodes, catalog_)), R"({"o":[1,2]})");
}

TEST_F(ExecutionJsonTest, StoredInputsComeBeforeDerivedOnes) {
    execution_.inputs = Json(R"({"x":1})");
    std::vector<NodeExecution> nodes = {
        MakeExecution("1", kAgentInputBlock, 10, R"({"name":"i","value":5})")};
    EXPECT_EQ(Text(EncodeGraphExecution(execution_, nodes, catalog_)["inputs"]), R"({"x":1})");
}

TEST_F(ExecutionJsonTest, ListsNodesThatWereNeverQueuedLast) {
    std::vector<NodeExecution> nodes = {MakeExecution("never", kPlain, std::nullopt, "{}"),
                                        MakeExecution("late", kPlain, 20, "{}"),
                                        MakeExecution("early", kPlain, 10, "{}")};
    Value json = EncodeGraphExecutionWithNodes(execution_, nodes, catalog_);
    std::string order;
    for (View node : json["node_executions"].items()) {
        order += std::string(node["node_exec_id"].AsString()) + ' ';
    }
    EXPECT_EQ(order, "early late never ");
}

TEST_F(ExecutionJsonTest, ShowsAtMostTheThousandNewestNodes) {
    std::vector<NodeExecution> nodes;
    for (int i = 0; i < 1'005; ++i) {
        nodes.push_back(MakeExecution(std::to_string(i), kPlain, i, "{}"));
    }
    Value json = EncodeGraphExecutionWithNodes(execution_, nodes, catalog_);
    EXPECT_EQ(json["node_executions"].size(), 1'000u);
    EXPECT_EQ(json["node_executions"].At(0)["node_exec_id"].AsString(), "5");
}

TEST_F(ExecutionJsonTest, ANodeShowsItsDataAndTimes) {
    NodeExecution node = MakeExecution("1", kPlain, 1'000, R"({"a":1})");
    node.output_data = {{"r", {Value::Int(1), Value()}}};
    EXPECT_EQ(Text(EncodeNodeExecution(node, execution_)),
              R"({"user_id":"u","graph_id":"g","graph_version":1,"graph_exec_id":"e",)"
              R"("node_exec_id":"1","node_id":"node-1",)"
              R"("block_id":"00000000-0000-4000-8000-000000000001","status":"COMPLETED",)"
              R"("input_data":{"a":1},"output_data":{"r":[1,null]},)"
              R"("add_time":"1970-01-01T00:00:00.001000Z","queue_time":"1970-01-01T00:00:01Z",)"
              R"("start_time":null,"end_time":null})");
}

TEST_F(ExecutionJsonTest, ClearedDataIsReplacedByItsMessages) {
    NodeExecution node = MakeExecution("1", kPlain, 1, R"({"a":1})");
    node.stats =
        Json(R"({"cleared_inputs":{"a":["x","gone"],"b":[]},"cleared_outputs":{"r":["gone"]}})");
    Value json = EncodeNodeExecution(node, execution_);
    EXPECT_EQ(Text(json["input_data"]), R"({"a":"gone","b":""})");
    EXPECT_EQ(Text(json["output_data"]), R"({"r":["gone"]})");
}

TEST(StoredStatsTest, ReadBack) {
    GraphExecutionStats stats;
    stats.error = "e";
    stats.nodes_cputime_s = 0.5;
    stats.node_error_count = 2;
    stats.correctness_score = 0.25;
    std::optional<GraphExecutionStats> decoded = DecodeStoredStats(EncodeStoredStats(stats));
    ASSERT_TRUE(decoded.has_value());
    EXPECT_EQ(decoded->error, "e");
    EXPECT_EQ(decoded->nodes_cputime_s, 0.5);
    EXPECT_EQ(decoded->node_error_count, 2);
    EXPECT_EQ(decoded->correctness_score, 0.25);
}

TEST(StoredStatsTest, EmptyOnesAreZeroAndMalformedOnesNothing) {
    EXPECT_EQ(DecodeStoredStats(Json("{}"))->cost, 0);
    EXPECT_EQ(DecodeStoredStats(Json(R"({"cost":1e300})"))->cost, 0);
    EXPECT_FALSE(DecodeStoredStats(View()).has_value());
    EXPECT_FALSE(DecodeStoredStats(Json(R"({"cost":"7"})")).has_value());
}

}  // namespace
}  // namespace yard::model
