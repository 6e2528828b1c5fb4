#include "host/service/executions/execution_service.h"

#include <algorithm>
#include <utility>

#include "base/uuid.h"
#include "host/model/sanitize.h"
#include "host/service/graphs/sub_graphs.h"
#include "host/service/users/user_service.h"
#include "host/storage/graph_store.h"
#include "host/storage/library_store.h"
#include "host/storage/user_store.h"

namespace yard::service {
namespace {

constexpr size_t kListMax = 250;
constexpr size_t kNodesShownMax = 1000;

Error ExecutionNotFound(const GraphExecutionId& id) {
    return NotFound("Graph execution #" + id.text() + " not found.");
}

Value ObjectOrEmpty(const Value& value) {
    return value->IsObject() ? model::SafeJson(value) : Value::EmptyObject();
}

// The user owns this version and, unless it runs as a sub-agent, has it in the library.
Result<std::optional<storage::LibraryAgent>> CheckMayRun(storage::Stores& stores,
                                                         const RunSubmission& submission,
                                                         const model::Graph& graph) {
    if (graph.user_id != submission.user) {
        return NotAllowed("You do not have access to graph #" + graph.id.text() + " v" +
                          std::to_string(graph.version) +
                          ": it is not owned by you and not available in the Marketplace");
    }
    auto entry = TRY(stores.library.FindByGraph(submission.user, graph.id, false));
    if (!entry && !submission.context) {
        return NotAllowed("Graph #" + graph.id.text() + " is not in your library");
    }
    return entry;
}

Result<std::string> TimezoneOf(storage::Stores& stores, const UserId& user) {
    auto stored = TRY(stores.users.Find(user));
    bool is_set = stored && !stored->timezone.empty() && stored->timezone != kTimezoneNotSet;
    return std::string(is_set ? stored->timezone : "UTC");
}

}  // namespace

ExecutionService::ExecutionService(Parts parts) : parts_(parts) {}
ExecutionService::~ExecutionService() = default;

void ExecutionService::Submit(RunSubmission submission, Submitted done) {
    Result<engine::RunRequest> request = Prepare(submission);
    if (!request) return done(std::move(request).error());
    model::GraphExecution execution = request.value().execution;
    Result<Ok> taken =
        parts_.engine.Submit(std::move(request).value(), [done, execution] { done(execution); });
    if (!taken) done(std::move(taken).error());
}

Result<GraphExecutionId> ExecutionService::Start(RunSubmission submission,
                                                 std::function<void()> accepted) {
    engine::RunRequest request = TRY(Prepare(submission));
    GraphExecutionId id = request.execution.id;
    TRY(parts_.engine.Submit(std::move(request), std::move(accepted)));
    return id;
}

Result<engine::RunRequest> ExecutionService::Prepare(RunSubmission& submission) {
    if (!submission.context) TRY(CheckBalance(submission.user));
    engine::RunRequest request;
    request.execution.id = GraphExecutionId(NewOrderedUuid());
    Loaded loaded = TRY(Load(submission, request.execution.id));
    submission.run.inputs = ObjectOrEmpty(submission.run.inputs);
    RunPlan plan = TRY(
        PlanRun(submission.user, loaded.graph, submission.run, parts_.catalog, parts_.credentials));
    model::GraphExecution& execution = request.execution;
    execution.user_id = submission.user;
    execution.graph_id = loaded.graph.id;
    execution.graph_version = loaded.graph.version;
    execution.status = model::ExecutionStatus::kQueued;
    execution.inputs = submission.run.inputs;
    execution.credential_inputs = ObjectOrEmpty(submission.run.credentials_inputs);
    execution.nodes_input_masks = ObjectOrEmpty(submission.run.nodes_input_masks);
    execution.preset_id = submission.preset_id;
    execution.parent_id = loaded.context.parent_execution_id;
    execution.created_at = parts_.clock.Now();
    request.context = std::move(loaded.context);
    request.graph = std::make_shared<const model::Graph>(std::move(loaded.graph));
    request.compiled_masks = std::move(plan.compiled_masks);
    request.nodes_to_skip = std::move(plan.nodes_to_skip);
    request.starts = std::move(plan.starts);
    request.observer = std::move(submission.observer);
    return request;
}

Result<Ok> ExecutionService::CheckBalance(const UserId& user) {
    int64_t balance = TRY(parts_.credits.Balance(user));
    if (balance > 0) return Ok{};
    return Error{ErrorKind::kInsufficientBalance,
                 "Insufficient balance to execute the agent. Please top up your account.",
                 {}};
}

Result<ExecutionService::Loaded> ExecutionService::Load(const RunSubmission& submission,
                                                        const GraphExecutionId& id) {
    Loaded loaded;
    TRY(parts_.database.Read([&](storage::Stores& stores) -> Result<Ok> {
        auto graph = TRY(stores.graphs.Find(submission.graph_id, submission.version, std::nullopt));
        // The reference platform answers 400 here, not 404.
        if (!graph) return Invalid("Graph #" + submission.graph_id.text() + " not found.");
        auto entry = TRY(CheckMayRun(stores, submission, *graph));
        TRY(AttachSubGraphs(*graph, stores.graphs));
        loaded.graph = std::move(*graph);
        if (submission.context) {
            loaded.context = *submission.context;
            return Ok{};
        }
        loaded.context.human_in_the_loop_safe_mode = entry->settings.human_in_the_loop_safe_mode;
        loaded.context.sensitive_action_safe_mode = entry->settings.sensitive_action_safe_mode;
        loaded.context.user_timezone = TRY(TimezoneOf(stores, submission.user));
        loaded.context.root_execution_id = id;
        return Ok{};
    }));
    return loaded;
}

Result<std::vector<model::GraphExecution>> ExecutionService::List(const UserId& user) {
    storage::ExecutionFilter filter;
    filter.user_id = user;
    filter.limit = kListMax;
    std::vector<model::GraphExecution> executions;
    TRY(parts_.database.Read([&](storage::Stores& stores) -> Result<Ok> {
        executions = TRY(stores.executions.List(filter));
        return Ok{};
    }));
    return executions;
}

Result<ExecutionService::Page> ExecutionService::ListOfGraph(const UserId& user,
                                                             const GraphId& graph, int64_t page,
                                                             int64_t page_size) {
    // Keeps the offset far from an overflow; nobody has that many pages.
    constexpr int64_t kPagesMax = 1'000'000'000;
    storage::ExecutionFilter filter;
    filter.user_id = user;
    filter.graph_id = graph;
    filter.limit = static_cast<size_t>(page_size);
    filter.offset = static_cast<size_t>((std::min(page, kPagesMax) - 1) * page_size);
    Page result;
    TRY(parts_.database.Read([&](storage::Stores& stores) -> Result<Ok> {
        result.executions = TRY(stores.executions.List(filter));
        result.total = TRY(stores.executions.Count(filter));
        return Ok{};
    }));
    return result;
}

Result<ExecutionService::Details> ExecutionService::LoadDetails(storage::Stores& stores,
                                                                model::GraphExecution execution) {
    Details details;
    details.nodes = TRY(stores.executions.NodeExecutions(execution.id, kNodesShownMax));
    details.execution = std::move(execution);
    return details;
}

Result<ExecutionService::Details> ExecutionService::Get(const UserId& user, const GraphId& graph,
                                                        const GraphExecutionId& id) {
    Details details;
    TRY(parts_.database.Read([&](storage::Stores& stores) -> Result<Ok> {
        auto found = TRY(stores.executions.Find(id));
        if (!found || found->user_id != user || found->graph_id != graph) {
            return ExecutionNotFound(id);
        }
        if (!TRY(stores.graphs.Exists(graph, found->graph_version, user))) {
            return NotFound("Graph #" + graph.text() + " not found");
        }
        details = TRY(LoadDetails(stores, std::move(*found)));
        return Ok{};
    }));
    return details;
}

Result<bool> ExecutionService::Delete(const UserId& user, const GraphExecutionId& id) {
    bool deleted = false;
    TRY(parts_.database.Write([&](storage::Stores& stores) -> Result<Ok> {
        deleted = TRY(stores.executions.SoftDelete(id, user));
        return Ok{};
    }));
    return deleted;
}

Result<std::string> ExecutionService::Share(const UserId& user, const GraphExecutionId& id) {
    std::string token = NewUuid();
    TRY(parts_.database.Write([&](storage::Stores& stores) -> Result<Ok> {
        if (TRY(stores.executions.SetShare(id, user, token, parts_.clock.Now()))) return Ok{};
        return NotFound("Execution not found");
    }));
    return token;
}

Result<Ok> ExecutionService::Unshare(const UserId& user, const GraphExecutionId& id) {
    return parts_.database.Write([&](storage::Stores& stores) -> Result<Ok> {
        if (TRY(stores.executions.SetShare(id, user, std::nullopt, parts_.clock.Now()))) {
            return Ok{};
        }
        return NotFound("Execution not found");
    });
}

Result<ExecutionService::Shared> ExecutionService::FindShared(const std::string& token) {
    Shared shared;
    TRY(parts_.database.Read([&](storage::Stores& stores) -> Result<Ok> {
        auto found = TRY(stores.executions.FindShared(token));
        if (!found) return NotFound("Shared execution not found");
        auto graph = TRY(stores.graphs.Find(found->graph_id, found->graph_version, std::nullopt));
        if (graph) {
            shared.graph_name = graph->name;
            shared.graph_description = graph->description;
        }
        shared.details = TRY(LoadDetails(stores, std::move(*found)));
        return Ok{};
    }));
    return shared;
}

}  // namespace yard::service
