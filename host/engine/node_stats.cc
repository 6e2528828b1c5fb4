#include "host/engine/node_stats.h"

#include <string_view>

namespace yard::engine {
namespace {

constexpr std::string_view kCounts[] = {
    "llm_call_count",     "llm_retry_count", "input_token_count",
    "output_token_count", "extra_cost",      "extra_steps",
};
constexpr std::string_view kMessages[] = {"cleared_inputs", "cleared_outputs"};

bool IsOwnMember(std::string_view key) {
    for (std::string_view count : kCounts) {
        if (key == count) return true;
    }
    return key == "error" || key == "walltime" || key == "cputime" || key == "input_size" ||
           key == "output_size" || key == "retry_count" || key == kMessages[0] ||
           key == kMessages[1];
}

double NumberOr(View value, double fallback) {
    return value.IsNumber() ? value.AsDouble() : fallback;
}

void AddCount(std::string_view key, int64_t own, View reported, ValueBuilder& out) {
    out.Key(key);
    int64_t sum = 0;
    if (reported.IsDouble()) {
        out.Double(static_cast<double>(own) + reported.AsDouble());
    } else if (__builtin_add_overflow(own, reported.IntOr(0), &sum)) {
        out.Int(own);
    } else {
        out.Int(sum);
    }
}

}  // namespace

Value EncodeNodeStats(const NodeUsage& usage) {
    const View reported = usage.reported;
    ValueBuilder out;
    out.BeginObject().Key("error");
    if (usage.error) {
        out.String(*usage.error);
    } else {
        out.Null();
    }
    out.Member("walltime", usage.walltime_s + NumberOr(reported["walltime"], 0));
    out.Member("cputime", usage.cputime_s + NumberOr(reported["cputime"], 0));
    AddCount("input_size", usage.input_size, reported["input_size"], out);
    AddCount("output_size", usage.output_size, reported["output_size"], out);
    for (std::string_view count : kCounts) AddCount(count, 0, reported[count], out);
    for (std::string_view messages : kMessages) out.Member(messages, reported[messages]);
    if (usage.retry_count > 0) out.Member("retry_count", usage.retry_count);
    for (auto [key, value] : reported.members()) {
        if (!IsOwnMember(key)) out.Member(key, value);
    }
    return out.EndObject().Take();
}

void AddToTotals(View node_stats, bool failed, model::GraphExecutionStats& totals) {
    totals.node_count += 1 + node_stats["extra_steps"].IntOr(0);
    totals.nodes_walltime_s += NumberOr(node_stats["walltime"], 0);
    totals.nodes_cputime_s += NumberOr(node_stats["cputime"], 0);
    totals.cputime_s += NumberOr(node_stats["cputime"], 0);
    totals.cost += node_stats["extra_cost"].IntOr(0);
    if (failed) ++totals.node_error_count;
}

}  // namespace yard::engine
