#include "host/service/executions/run_plan.h"

#include "host/model/credentials_aggregation.h"
#include "host/model/graph_schema.h"
#include "host/model/graph_validation.h"
#include "host/model/node_input.h"
#include "host/service/executions/credentials_check.h"

namespace yard::service {
namespace {

Value StartData(const model::Node& node, const model::BlockType& block, View inputs, View mask) {
    Value data = Value::EmptyObject();
    if (block.kind == model::BlockKind::kInput) {
        std::string_view name = node.input_default["name"].StringOr("");
        if (!name.empty() && inputs.Has(name)) {
            data = Value::Object({{"value", Value::Copy(inputs.Get(name))}});
        }
    }
    return model::Overlay(data, mask);
}

Result<std::vector<engine::RunRequest::Start>> PrepareStarts(const model::Graph& graph,
                                                             const model::BlockCatalog& catalog,
                                                             View inputs, View masks) {
    std::vector<engine::RunRequest::Start> starts;
    for (const model::Node* node : model::StartingNodes(graph, catalog)) {
        const model::BlockType* block = catalog.Find(node->block_id);
        if (block == nullptr) continue;
        model::NodeInputPlan plan(*node, *block, graph.links);
        Result<Value> input =
            plan.Prepare(StartData(*node, *block, inputs, masks[node->id.text()]));
        if (!input) return Invalid(input.error().message);
        starts.push_back({node->id, std::move(input).value()});
    }
    if (starts.empty()) {
        return Invalid(
            "No starting nodes found for the graph, make sure an AgentInput or blocks with no "
            "inbound links are present as starting nodes.");
    }
    return starts;
}

}  // namespace

Result<RunPlan> PlanRun(const UserId& user, model::Graph& graph, const RunInputs& inputs,
                        const model::BlockCatalog& catalog,
                        const credentials::CredentialStore& store) {
    TRY(model::CheckStructure(graph, catalog));
    Value given_masks = model::BuildNodeMasks(model::AggregateCredentials(graph, catalog),
                                              inputs.credentials_inputs, inputs.nodes_input_masks);
    model::NodeErrors errors =
        TRY(model::CollectNodeErrors(graph, catalog, model::GraphUse::kRun, given_masks));
    RunCredentials credentials =
        ResolveCredentials(user, graph, catalog, given_masks, store, errors);
    if (!errors.empty()) return model::MakeGraphValidationError(errors);
    RunPlan plan;
    plan.starts = TRY(PrepareStarts(graph, catalog, inputs.inputs, credentials.masks));
    plan.compiled_masks = std::move(credentials.masks);
    plan.nodes_to_skip = std::move(credentials.nodes_to_skip);
    return plan;
}

}  // namespace yard::service
