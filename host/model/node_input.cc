#include "host/model/node_input.h"

#include <algorithm>
#include <utility>

#include "host/model/dynamic_pins.h"
#include "host/model/json_schema.h"
#include "host/model/python_text.h"
#include "host/model/tool_calls.h"
#include "host/model/well_known_blocks.h"

namespace yard::model {
namespace {

constexpr std::string_view kHistory = "conversation_history";
constexpr std::string_view kToolOutput = "last_tool_output";

bool HasDynamicMember(View object) {
    for (auto [name, value] : object.members()) {
        if (IsDynamicPin(name)) return true;
    }
    return false;
}

// A conversation needs both of its pins linked or none.
std::string ConversationWiringFault(const Node& node, const std::vector<Link>& links) {
    bool history = false, output = false, static_output = false;
    for (const Link& link : links) {
        if (link.sink_id != node.id) continue;
        history = history || link.sink_name == kHistory;
        if (link.sink_name == kToolOutput) {
            output = true;
            static_output = static_output || link.is_static;
        }
    }
    if (history != output) {
        return "Last Tool Output is needed when Conversation History is used, and vice versa. "
               "Please connect both inputs together.";
    }
    if (static_output) {
        return "Last Tool Output can't be connected to a static (dashed line) link like the output "
               "of `StoreValue` or `AgentInput` block";
    }
    return {};
}

// The conversation input that has to arrive before the model can go on.
std::vector<std::string> MissingConversation(View data) {
    bool pending = HasPendingToolCalls(data[kHistory]);
    bool answered = !data[kToolOutput].IsNull();
    if (pending && !answered) return {std::string(kToolOutput)};
    if (answered && !pending) return {std::string(kHistory)};
    return {};
}

}  // namespace

NodeInputPlan::NodeInputPlan(const Node& node, const BlockType& block,
                             const std::vector<Link>& links)
    : block_(block),
      is_agent_executor_(block.id.text() == kAgentExecutorBlock),
      is_smart_decision_maker_(block.id.text() == kSmartDecisionMakerBlock) {
    if (is_agent_executor_) {
        View inputs = node.input_default["inputs"];
        if (inputs.IsObject()) defaults_ = node.input_default.Share(inputs);
    } else {
        defaults_ = node.input_default;
    }
    has_dynamic_defaults_ = HasDynamicMember(defaults_);
    for (const Link& link : links) {
        bool listed = std::find(linked_pins_.begin(), linked_pins_.end(), link.sink_name) !=
                      linked_pins_.end();
        bool optional = is_smart_decision_maker_ &&
                        (link.sink_name == kHistory || link.sink_name == kToolOutput);
        if (link.sink_id == node.id && !listed && !optional) linked_pins_.push_back(link.sink_name);
    }
    if (is_smart_decision_maker_) wiring_fault_ = ConversationWiringFault(node, links);
    // What a sub-agent receives are inputs of its graph, not of the block.
    if (is_agent_executor_) return;
    for (auto [name, schema] : block.input_schema["properties"].members()) {
        DeclaredType type = DeclaredType::FromSchema(schema);
        if (type.kind != DeclaredType::Kind::kAny) {
            declared_.push_back({std::string(name), std::move(type)});
        }
    }
    std::sort(declared_.begin(), declared_.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
}

bool NodeInputPlan::HasAllLinkedPins(View data) const {
    return std::all_of(linked_pins_.begin(), linked_pins_.end(),
                       [&](const std::string& pin) { return data.Has(pin); });
}

std::vector<std::string> NodeInputPlan::MissingLinks(View data) const {
    std::vector<std::string> missing;
    for (const std::string& pin : linked_pins_) {
        if (!data.Has(pin)) missing.push_back(pin);
    }
    return missing;
}

Error NodeInputPlan::Mismatch(ErrorKind kind, std::string_view text) const {
    return {
        kind, "Input data missing or mismatch for `" + block_.name + "`: " + std::string(text), {}};
}

const DeclaredType* NodeInputPlan::TypeOf(std::string_view name) const {
    auto found = std::lower_bound(
        declared_.begin(), declared_.end(), name,
        [](const DeclaredInput& input, std::string_view n) { return input.name < n; });
    return found != declared_.end() && found->name == name ? &found->type : nullptr;
}

Result<Ok> NodeInputPlan::AppendMember(std::string_view name, View value, bool convert,
                                       ValueBuilder& out) const {
    out.Key(name);
    const DeclaredType* type = convert && !value.IsNull() ? TypeOf(name) : nullptr;
    if (type != nullptr) return AppendConverted(value, *type, out);
    out.Copy(value);
    return Ok{};
}

Result<Value> NodeInputPlan::Combine(View data, bool convert) const {
    ValueBuilder out;
    out.BeginObject();
    for (auto [name, value] : defaults_->members()) {
        TRY(AppendMember(name, data.Has(name) ? data[name] : value, convert, out));
    }
    for (auto [name, value] : data.members()) {
        if (!defaults_->Has(name)) TRY(AppendMember(name, value, convert, out));
    }
    out.EndObject();
    return out.Take();
}

Result<Ok> NodeInputPlan::CheckRequired(View data) const {
    std::vector<std::string> missing;
    for (const std::string& name : block_.required_inputs) {
        if (!data.Has(name)) missing.push_back(name);
    }
    if (missing.empty() && is_smart_decision_maker_) missing = MissingConversation(data);
    if (missing.empty()) return Ok{};
    return Mismatch(ErrorKind::kConflict, "missing input " + PythonSet(missing));
}

Result<Value> NodeInputPlan::Prepare(View data, DynamicPins dynamic_pins) const {
    if (!wiring_fault_.empty()) return Invalid(wiring_fault_);
    if (!HasAllLinkedPins(data)) {
        return Mismatch(ErrorKind::kConflict, "unpopulated links " + PythonSet(MissingLinks(data)));
    }
    bool merge =
        dynamic_pins == DynamicPins::kMerge && (has_dynamic_defaults_ || HasDynamicMember(data));
    Value input = TRY(Combine(data, !merge));
    if (merge) {
        Value merged = TRY(MergeDynamicInputs(input));
        ValueBuilder converted;
        converted.BeginObject();
        for (auto [name, value] : merged->members())
            TRY(AppendMember(name, value, true, converted));
        input = converted.EndObject().Take();
    }
    // The inputs of a sub-agent are checked by the agent's own nodes.
    if (is_agent_executor_) return input;
    TRY(CheckRequired(input));
    if (block_.input_validator != nullptr) {
        std::optional<std::string> fault = block_.input_validator->ValidateIgnoringNulls(input);
        if (fault) return Mismatch(ErrorKind::kInvalid, *fault);
    }
    return input;
}

Value Overlay(View base, View top) {
    ValueBuilder out;
    out.BeginObject();
    for (auto [name, value] : base.members()) out.Member(name, top.Has(name) ? top[name] : value);
    for (auto [name, value] : top.members()) {
        if (!base.Has(name)) out.Member(name, value);
    }
    return out.EndObject().Take();
}

}  // namespace yard::model
