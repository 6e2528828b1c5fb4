// The block that runs another graph and passes on what that graph outputs.
#include <blk/blk.hpp>

#include <optional>
#include <string_view>

namespace {

struct AgentExecutor {
    static constexpr const char *id = "e189baac-8c20-45a1-94a7-55177ea42565",
                                *name = "AgentExecutorBlock";
    // user_id and the two schemas are for the host, which checks the child's inputs before it
    // calls.
    struct in {
        std::string_view user_id;
        std::string_view graph_id;
        int64_t graph_version = 0;
        std::optional<std::string_view> agent_name;
        blk::dict inputs, input_schema, output_schema;
        std::optional<blk::dict> nodes_input_masks;
        BLK_IN(user_id, graph_id, graph_version, agent_name, inputs, input_schema, output_schema,
               nodes_input_masks)
    };

    static void describe(blk::declaration& d) {
        d.category("AGENT").ui_type("Agent").no_error_output().description(
            "Executes an existing agent inside your agent");
        d.input("user_id").description("User ID");
        d.input("graph_id").description("Graph ID");
        d.input("graph_version").description("Graph Version");
        d.input("agent_name").description("Name to display in the Builder UI");
        d.input("inputs").description("Input data for the graph");
        d.input("input_schema").description("Input schema for the graph");
        d.input("output_schema").description("Output schema for the graph");
        d.input("nodes_input_masks").hidden().type(R"({"anyOf": [{"type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": {}}},
            {"type": "null"}]})");
    }

    // A child that failed does not fail the parent: what it output until then stays.
    static void report(const blk::call& c, std::string_view graph_id, blk::view stats) {
        if (stats["error"].is_string()) {
            const blk::json facts =
                blk::json::object({{"graph_id", graph_id}, {"error", stats["error"].as_string()}});
            c.log(3, "the agent that this block ran has failed", facts);
        }
        const blk::view cost = stats["cost"], steps = stats["node_count"];
        c.add_stats(blk::json::object({{"extra_cost", cost.is_int() ? cost.as_int() : 0},
                                       {"extra_steps", steps.is_int() ? steps.as_int() : 0}}));
    }

    blk::task run(blk::call& c, in i) {
        const blk::view masks = i.nodes_input_masks ? blk::view(*i.nodes_input_masks) : blk::view();
        blk::run_graph child(c, i.graph_id, i.graph_version, i.inputs, masks);
        while (auto output = co_await child.next()) {
            co_yield blk::out(output->name, output->value);
        }
        report(c, i.graph_id, child.stats());
    }
};

}  // namespace

BLK_PLUGIN("blockyard.agents", "1.0.0", AgentExecutor)
