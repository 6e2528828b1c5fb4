#include "host/engine/node_stats.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace yard::engine {
namespace {

TEST(NodeStatsTest, HasEveryMemberInOrder) {
    EXPECT_EQ(WriteJson(EncodeNodeStats({})),
              R"({"error":null,"walltime":0.0,"cputime":0.0,"input_size":0,"output_size":0,)"
              R"("llm_call_count":0,"llm_retry_count":0,"input_token_count":0,)"
              R"("output_token_count":0,"extra_cost":0,"extra_steps":0,"cleared_inputs":null,)"
              R"("cleared_outputs":null})");
}

TEST(NodeStatsTest, ReportedNumbersAreAddedAndUnknownMembersKept) {
    NodeUsage usage;
    usage.error = "bad";
    usage.walltime_s = 1;
    usage.input_size = 4;
    usage.retry_count = 2;
    usage.reported =
        ParseJson(
            R"({"walltime":0.5,"input_size":3,"error":null,"extra_cost":9,"model":"m","retry_count":7})")
            .value();
    const Value stats = EncodeNodeStats(usage);
    EXPECT_EQ(stats["error"].AsString(), "bad");
    EXPECT_EQ(stats["walltime"].AsDouble(), 1.5);
    EXPECT_EQ(stats["input_size"].AsInt(), 7);
    EXPECT_EQ(stats["extra_cost"].AsInt(), 9);
    EXPECT_EQ(stats["model"].AsString(), "m");
    EXPECT_EQ(stats["retry_count"].AsInt(), 2);
}

TEST(NodeStatsTest, ReportsOfTheWrongKindCountNothing) {
    NodeUsage usage;
    usage.input_size = 4;
    usage.reported =
        ParseJson(R"({"walltime":"long","input_size":9223372036854775807,"extra_cost":[1]})")
            .value();
    const Value stats = EncodeNodeStats(usage);
    EXPECT_EQ(stats["walltime"].AsDouble(), 0.0);
    EXPECT_EQ(stats["input_size"].AsInt(), 4);
    EXPECT_EQ(stats["extra_cost"].AsInt(), 0);
}

TEST(NodeStatsTest, TotalsCountStepsCostsAndFailures) {
    NodeUsage usage;
    usage.walltime_s = 2;
    usage.cputime_s = 1;
    usage.reported = ParseJson(R"({"extra_cost":5,"extra_steps":2})").value();
    model::GraphExecutionStats totals;
    AddToTotals(EncodeNodeStats(usage), true, totals);
    AddToTotals(EncodeNodeStats({}), false, totals);
    EXPECT_EQ(totals.node_count, 4);
    EXPECT_EQ(totals.node_error_count, 1);
    EXPECT_EQ(totals.cost, 5);
    EXPECT_EQ(totals.nodes_walltime_s, 2);
    EXPECT_EQ(totals.nodes_cputime_s, 1);
}

}  // namespace
}  // namespace yard::engine
