// A graph as stored: plain structs, no behaviour. docs/graphs.md describes the meaning of each
// member.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/value.h"

namespace yard::model {

struct Link {
    std::string id;
    NodeId source_id;
    NodeId sink_id;
    std::string source_name;  // Pin names; may carry a dynamic suffix (host/model/dynamic_pins.h).
    std::string sink_name;
    bool is_static = false;  // The last value stays on the pin and feeds later runs of the sink.
};

struct Node {
    NodeId id;
    BlockId block_id;
    Value input_default = Value::EmptyObject();
    Value metadata = Value::EmptyObject();
    std::optional<std::string> webhook_id;

    bool credentials_optional() const { return metadata["credentials_optional"].BoolOr(false); }
};

struct Graph {
    GraphId id;
    int version = 1;
    bool is_active = true;
    std::string name;
    std::string description;
    std::optional<std::string> instructions;
    std::optional<std::string> recommended_schedule_cron;
    std::vector<Node> nodes;
    std::vector<Link> links;
    std::optional<GraphId> forked_from_id;
    std::optional<int> forked_from_version;
    UserId user_id;  // Owner; empty in an export.
    Timestamp created_at;
    std::vector<Graph> sub_graphs;  // Flattened; only where a caller asked for them.

    const Node* FindNode(const NodeId& node_id) const {
        for (const Node& node : nodes) {
            if (node.id == node_id) return &node;
        }
        return nullptr;
    }
};

struct GraphSettings {
    bool human_in_the_loop_safe_mode = true;
    bool sensitive_action_safe_mode = false;
};

}  // namespace yard::model
