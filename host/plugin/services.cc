#include "host/plugin/services.h"

#include <array>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "base/log.h"
#include "base/utf8.h"
#include "host/plugin/block_runtime.h"
#include "host/plugin/call.h"

namespace yard::plugin {
namespace {

constexpr uint32_t kLogLinesMax = 200;  // Per call.
constexpr size_t kLogBytesMax = 8u << 10;
constexpr uint64_t kTimerMsMax = uint64_t{31} * 24 * 3600 * 1000;

LogLevel LevelOf(int32_t level) {
    if (level <= 1) return LogLevel::kDebug;
    if (level == 2) return LogLevel::kInfo;
    return level == 3 ? LogLevel::kWarning : LogLevel::kError;
}

int32_t LogEnabledFor(const blk_call*, int32_t level) noexcept {
    return LogEnabled(LevelOf(level)) ? 1 : 0;
}

void WriteLog(const blk_call* raw, int32_t level, blk_str message, blk_tape facts) noexcept {
    if (raw == nullptr || message.ptr == nullptr || !LogEnabled(LevelOf(level))) return;
    const Call& call = *Call::Of(raw);
    const uint32_t line = call.CountLogLine();
    if (line > kLogLinesMax) return;
    std::string text(message.ptr, std::min<size_t>(message.len, kLogBytesMax));
    if (line == kLogLinesMax) text = "the block logs too much, the rest of this call is dropped";
    std::string detail;
    if (facts.count > 0) {
        const auto imported = ImportTape(facts, {.depth_max = 8, .bytes_max = kLogBytesMax});
        if (imported) detail = WriteJson(imported.value());
    }
    Log(LevelOf(level), "block", call.WithoutSecrets(std::move(text)),
        {{"plugin", call.block().plugin->id},
         {"block", call.request().block->name},
         {"node_execution", call.request().node_execution_id.text()},
         {"facts", call.WithoutSecrets(std::move(detail))}});
}

constexpr blk_log_api kLogService{sizeof(blk_log_api), 0, LogEnabledFor, WriteLog};

blk_status StartTimer(blk_call* raw, uint64_t ms, blk_op* op) noexcept {
    Call* call = Call::Of(raw);
    if (op == nullptr || ms > kTimerMsMax) return BLK_E_INVALID;
    if (!call->IsActive()) return BLK_E_CANCELLED;
    *op = call->OpenOperation(CallOperation::Kind::kTimer);
    if (*op == 0) return BLK_E_NOMEM;
    PluginRuntime& runtime = call->runtime();
    const int64_t due_ns =
        runtime.parts().clock.MonotonicNs() + static_cast<int64_t>(ms) * 1'000'000;
    const uint64_t id = runtime.timers().Add(due_ns, [weak = call->weak_from_this(), op = *op] {
        const auto alive = weak.lock();
        if (alive) alive->Post({.kind = BLK_EV_TIMER, .op = op, .status = BLK_OK});
    });
    call->NameOperation(*op, {.kind = CallOperation::Kind::kTimer, .id = id});
    return BLK_OK;
}

constexpr blk_timer_api kTimerService{sizeof(blk_timer_api), 0, StartTimer};

blk_status ParseText(blk_call* raw, blk_str text, blk_tape* out) noexcept {
    Call* call = Call::Of(raw);
    if (out == nullptr || (text.ptr == nullptr && text.len > 0)) return BLK_E_INVALID;
    auto parsed = ParseJson({text.ptr, text.len}, call->runtime().options().value_limits);
    if (!parsed) return BLK_E_INVALID;
    *out = call->Hold(std::move(parsed).value());
    return BLK_OK;
}

blk_status WriteText(blk_call* raw, blk_tape value, blk_str* out) noexcept {
    Call* call = Call::Of(raw);
    if (out == nullptr) return BLK_E_INVALID;
    const auto imported = ImportTape(value, call->runtime().options().value_limits);
    if (!imported) return BLK_E_INVALID;
    const std::string text = WriteJson(imported.value());
    auto* copy = static_cast<char*>(call->Alloc(text.size(), 1));
    if (copy == nullptr) return BLK_E_NOMEM;
    std::memcpy(copy, text.data(), text.size());
    *out = {copy, text.size()};
    return BLK_OK;
}

constexpr blk_json_api kJsonService{sizeof(blk_json_api), 0, ParseText, WriteText};

blk_status AddStats(blk_call* raw, blk_tape object) noexcept {
    const auto imported = ImportTape(object, {.depth_max = 2, .bytes_max = 16u << 10});
    return imported ? Call::Of(raw)->AddStats(imported.value()) : BLK_E_INVALID;
}

constexpr blk_stats_api kStatsService{sizeof(blk_stats_api), 0, AddStats};

const void* GetService(const blk_host*, blk_str id) noexcept {
    if (id.ptr == nullptr) return nullptr;
    const std::string_view name(id.ptr, id.len);
    static constexpr std::array<std::pair<std::string_view, const void*>, 6> kServices{{
        {BLK_SVC_LOG, &kLogService},
        {BLK_SVC_HTTP, &kHttpService},
        {BLK_SVC_TIMER, &kTimerService},
        {BLK_SVC_RUN, &kRunService},
        {BLK_SVC_STATS, &kStatsService},
        {BLK_SVC_JSON, &kJsonService},
    }};
    for (const auto& [known, table] : kServices) {
        if (known == name) return table;
    }
    return nullptr;
}

}  // namespace

blk_host MakeHostTable() {
    static constexpr std::string_view kName = "blockyard";
    static constexpr std::string_view kVersion = "0.1.0";
    return {.struct_size = sizeof(blk_host),
            .abi_minor = BLK_ABI_MINOR,
            .name = {kName.data(), kName.size()},
            .version = {kVersion.data(), kVersion.size()},
            .get_service = GetService};
}

}  // namespace yard::plugin
