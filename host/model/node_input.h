// What a node runs with: its defaults, what arrived on its pins, converted to the declared types
// and checked against the block's schema.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/value.h"
#include "host/model/block_type.h"
#include "host/model/coercion.h"
#include "host/model/graph.h"

namespace yard::model {

enum class DynamicPins { kMerge, kKeep };

// Everything about preparing one node's input that does not depend on the data. Made once per node
// and graph version. Immutable and thread-safe; `node` and `block` must outlive it.
class NodeInputPlan {
public:
    // `links` may be all links of the graph; those into other nodes are ignored.
    NodeInputPlan(const Node& node, const BlockType& block, const std::vector<Link>& links);

    // Whether every pin with an incoming link has a value (null counts). No allocation.
    bool HasAllLinkedPins(View data) const;

    // The input to run with. kConflict: the node is not ready, data is still to arrive. kInvalid:
    // the data is wrong. The message is what clients are shown.
    Result<Value> Prepare(View data, DynamicPins dynamic_pins = DynamicPins::kMerge) const;

    const std::vector<std::string>& linked_pins() const { return linked_pins_; }

private:
    struct DeclaredInput {
        std::string name;
        DeclaredType type;
    };

    std::vector<std::string> MissingLinks(View data) const;
    // Defaults under `data`. With `convert`, every member in its declared type.
    Result<Value> Combine(View data, bool convert) const;
    Result<Ok> AppendMember(std::string_view name, View value, bool convert,
                            ValueBuilder& out) const;
    const DeclaredType* TypeOf(std::string_view name) const;
    Result<Ok> CheckRequired(View data) const;
    Error Mismatch(ErrorKind kind, std::string_view text) const;

    const BlockType& block_;
    Value defaults_ = Value::EmptyObject();
    std::vector<std::string> linked_pins_;
    std::vector<DeclaredInput>
        declared_;  // Sorted by name; without those that are never converted.
    bool has_dynamic_defaults_ = false;
    bool is_agent_executor_ = false;
    bool is_smart_decision_maker_ = false;
    std::string wiring_fault_;  // Of the links themselves; every Prepare reports it.
};

// `base` with the members of `top` replacing or following its own. Both objects (or null = empty).
Value Overlay(View base, View top);

}  // namespace yard::model
