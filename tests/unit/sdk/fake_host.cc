#include "tests/unit/sdk/fake_host.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/json.h"
#include "tools/blkc/describe.h"

namespace yard {
namespace {

std::string Text(blk_str text) { return {text.ptr, static_cast<size_t>(text.len)}; }
blk_str Str(const std::string& text) { return {text.data(), text.size()}; }

// An event that owns what it points to.
struct Event {
    uint32_t kind = 0;
    blk_op op = 0;
    int32_t status = 0;
    std::string bytes;
    Value data;
};

struct Run {
    const HostPlan* plan = nullptr;
    HostOutcome outcome;
    blk_call call{};
    std::deque<Event> queue;
    Event current;
    std::set<blk_op> open_ops;
    blk_op next_op = 0x100000001;
    std::vector<std::unique_ptr<char[]>> arena;
    std::vector<Value> values;
    int values_offered = 0;
    bool refused = false;  // The last value was, so the next emit is its retry.
    bool cancelled = false;
};

Run& Of(const blk_call* call) { return *static_cast<Run*>(call->host_data); }

blk_event Raw(const Event& event) {
    blk_event raw{};
    raw.struct_size = sizeof raw;
    raw.kind = event.kind;
    raw.op = event.op;
    raw.status = event.status;
    raw.bytes = Str(event.bytes);
    raw.data = event.data->tape();
    return raw;
}

blk_status Emit(blk_call* call, blk_str port, blk_tape value) noexcept {
    Run& run = Of(call);
    if (run.cancelled) return BLK_E_CANCELLED;
    bool retry = std::exchange(run.refused, false);
    if (run.plan->full_every > 0 && !retry && ++run.values_offered % run.plan->full_every == 0) {
        run.refused = true;
        run.queue.push_back({BLK_EV_DRAIN, 0, 0, {}, {}});
        return BLK_WAIT;
    }
    auto imported = ImportTape(value);
    if (!imported) return BLK_E_INVALID;
    run.outcome.outputs.emplace_back(Text(port), WriteJson(imported.value()));
    return BLK_OK;
}

void SetError(blk_call* call, blk_status code, blk_str message) noexcept {
    Of(call).outcome.error_code = code;
    Of(call).outcome.error = Text(message);
}

blk_status PollCancel(const blk_call* call) noexcept {
    return Of(call).cancelled ? BLK_E_CANCELLED : BLK_OK;
}

void* Alloc(blk_call* call, uint64_t size, uint64_t) noexcept {
    Of(call).arena.emplace_back(new char[size]);
    return Of(call).arena.back().get();
}

blk_status Wait(blk_call* call, blk_event* out) noexcept {
    Run& run = Of(call);
    if (run.cancelled || run.queue.empty()) return BLK_E_CANCELLED;
    run.current = std::move(run.queue.front());
    run.queue.pop_front();
    if (run.current.kind == BLK_EV_END || run.current.kind == BLK_EV_TIMER) {
        run.open_ops.erase(run.current.op);
    }
    *out = Raw(run.current);
    return BLK_OK;
}

blk_op StartOp(Run& run) {
    run.open_ops.insert(run.next_op);
    return run.next_op++;
}

void CancelOp(blk_call* call, blk_op op) noexcept {
    Run& run = Of(call);
    run.open_ops.erase(op);
    std::erase_if(run.queue, [&](const Event& event) { return event.op == op; });
}

blk_status HttpStart(blk_call* call, const blk_http_request* r, blk_op* op) noexcept {
    Run& run = Of(call);
    if (run.cancelled) return BLK_E_CANCELLED;
    HostRequest request{Text(r->method),      Text(r->url),  Text(r->body),
                        Text(r->auth_scheme), r->credential, {}};
    for (uint64_t k = 0; k < r->header_count; ++k) {
        request.headers[Text(r->headers[k].name)] = Text(r->headers[k].value);
    }
    *op = StartOp(run);
    Value head = Value::Object(
        {{"url", Value::String(request.url)},
         {"headers", Value::Object({{"content-type", Value::String("text/plain")}})}});
    run.outcome.requests.push_back(std::move(request));
    if (run.plan->stall) return BLK_OK;
    run.queue.push_back({BLK_EV_HTTP_HEAD, *op, run.plan->http_status, {}, head});
    for (const std::string& piece : run.plan->http_pieces) {
        run.queue.push_back({BLK_EV_HTTP_DATA, *op, 0, piece, {}});
    }
    std::string reason = run.plan->http_end < 0 ? "the connection broke" : "";
    run.queue.push_back({BLK_EV_END, *op, run.plan->http_end, reason, {}});
    return BLK_OK;
}

blk_status AfterMs(blk_call* call, uint64_t, blk_op* op) noexcept {
    Run& run = Of(call);
    *op = StartOp(run);
    if (!run.plan->stall) run.queue.push_back({BLK_EV_TIMER, *op, 0, {}, {}});
    return BLK_OK;
}

blk_status RunStart(blk_call* call, const blk_run_request* r, blk_op* op) noexcept {
    Run& run = Of(call);
    run.outcome.started_graphs.push_back(Text(r->graph_id) + "@" +
                                         std::to_string(r->graph_version) +
                                         WriteJson(View(r->inputs.tok)));
    *op = StartOp(run);
    if (run.plan->stall) return BLK_OK;
    for (const auto& [name, value] : run.plan->run_outputs) {
        run.queue.push_back({BLK_EV_RUN_OUTPUT, *op, 0, name, value});
    }
    run.queue.push_back({BLK_EV_END, *op, run.plan->run_end, {}, run.plan->run_stats});
    return BLK_OK;
}

int32_t LogEnabled(const blk_call*, int32_t level) noexcept { return level >= 2; }
void Log(const blk_call* call, int32_t, blk_str message, blk_tape facts) noexcept {
    std::string line = Text(message);
    if (facts.count) line += " " + WriteJson(View(facts.tok));
    Of(call).outcome.log.push_back(line);
}

blk_status AddStats(blk_call* call, blk_tape numbers) noexcept {
    Of(call).outcome.stats.push_back(WriteJson(View(numbers.tok)));
    return BLK_OK;
}

blk_status JsonParse(blk_call* call, blk_str text, blk_tape* out) noexcept {
    auto parsed = ParseJson({text.ptr, static_cast<size_t>(text.len)});
    if (!parsed) return BLK_E_INVALID;
    Of(call).values.push_back(std::move(parsed).value());
    *out = Of(call).values.back()->tape();
    return BLK_OK;
}

blk_status JsonWrite(blk_call* call, blk_tape value, blk_str* out) noexcept {
    std::string text = WriteJson(View(value.tok));
    char* copy = static_cast<char*>(Alloc(call, text.size(), 1));
    std::memcpy(copy, text.data(), text.size());
    *out = {copy, text.size()};
    return BLK_OK;
}

const blk_http_api kHttp{sizeof kHttp, 0, HttpStart, CancelOp};
const blk_timer_api kTimer{sizeof kTimer, 0, AfterMs};
const blk_run_api kRun{sizeof kRun, 0, RunStart, CancelOp};
const blk_log_api kLog{sizeof kLog, 0, LogEnabled, Log};
const blk_stats_api kStats{sizeof kStats, 0, AddStats};
const blk_json_api kJson{sizeof kJson, 0, JsonParse, JsonWrite};

// get_service knows no call, so the plan of the run in progress on this thread decides.
thread_local const HostPlan* current_plan = nullptr;

const void* GetService(const blk_host*, blk_str id) noexcept {
    static const std::map<std::string, const void*> services{
        {BLK_SVC_HTTP, &kHttp}, {BLK_SVC_TIMER, &kTimer}, {BLK_SVC_RUN, &kRun},
        {BLK_SVC_LOG, &kLog},   {BLK_SVC_STATS, &kStats}, {BLK_SVC_JSON, &kJson}};
    auto found = services.find(Text(id));
    bool denied = current_plan->denied_services.count(Text(id)) > 0;
    return found == services.end() || denied ? nullptr : found->second;
}

void Step(Run& run, const blk_block& block, void* task, const Event& event) {
    blk_event raw = Raw(event);
    run.outcome.status = block.step(task, &run.call, &raw);
    ++run.outcome.steps;
}

void StepToTheEnd(Run& run, const blk_block& block, void* task) {
    Step(run, block, task, {BLK_EV_START, 0, 0, {}, {}});
    while (run.outcome.status == BLK_WAIT) {
        if (run.outcome.steps == run.plan->cancel_at) {
            run.cancelled = true;
            run.outcome.status = BLK_E_CANCELLED;
            return;
        }
        if (run.queue.empty()) return;
        Event event = std::move(run.queue.front());
        run.queue.pop_front();
        bool last = event.kind == BLK_EV_END || event.kind == BLK_EV_TIMER;
        if (last) run.open_ops.erase(event.op);
        Step(run, block, task, event);
    }
}

}  // namespace

HostOutcome RunBlock(const blk_block& block, const Value& input, const HostPlan& plan) {
    blk_host host{sizeof host, BLK_ABI_MINOR, {"fake", 4}, {"1", 1}, GetService};
    Run run;
    run.plan = &plan;
    current_plan = &plan;
    Value config = plan.config->IsObject() ? plan.config : Value::EmptyObject();
    void* instance = block.create(&host, config->tape());
    if (!instance) {
        run.outcome.status = BLK_E_INTERNAL;
        return run.outcome;
    }
    run.call = {sizeof(blk_call),
                0,
                &host,
                &run,
                {"run", 3},
                {"node", 4},
                0,
                input->tape(),
                Emit,
                SetError,
                PollCancel,
                Alloc,
                Wait,
                plan.context->tape()};
    void* task = block.open(instance, &run.call);
    if (plan.cancel_at == 0) {
        run.outcome.status = BLK_E_CANCELLED;
    } else {
        StepToTheEnd(run, block, task);
    }
    block.close(task);
    block.destroy(instance);
    run.outcome.ops_open = run.open_ops.size();
    return run.outcome;
}

const blk_block* FindBlock(const blk_plugin& plugin, std::string_view id) {
    for (uint32_t k = 0; k < plugin.block_count; ++k) {
        if (Text(plugin.blocks[k]->id) == id) return plugin.blocks[k];
    }
    std::fprintf(stderr, "no block %.*s in the test plugin\n", static_cast<int>(id.size()),
                 id.data());
    std::abort();
}

const blk_plugin& LoadTestPlugin(const std::string& target) {
    auto plugin = blkc::LoadPlugin(YARD_PLUGIN_DIR "/" + target + ".so");
    if (plugin) return *plugin.value();
    std::fprintf(stderr, "%s\n", plugin.error().message.c_str());
    std::abort();
}

}  // namespace yard
