#include "host/model/tool_calls.h"

#include <map>
#include <string_view>

namespace yard::model {
namespace {

using CallCounts = std::map<std::string_view, int>;

// Content parts of type `type` name a call in their member `id_key`.
void CountParts(View content, std::string_view type, std::string_view id_key, int change,
                CallCounts& counts) {
    for (View part : content.items()) {
        if (part["type"].StringOr("") == type) counts[part[id_key].StringOr("")] += change;
    }
}

void CountMessage(View message, CallCounts& counts) {
    std::string_view role = message["role"].StringOr("");
    if (role == "assistant") {
        for (View call : message["tool_calls"].items()) ++counts[call["id"].StringOr("")];
        CountParts(message["content"], "tool_use", "id", 1, counts);
    } else if (role == "tool") {
        --counts[message["tool_call_id"].StringOr("")];
    } else if (role == "user") {
        CountParts(message["content"], "tool_result", "tool_use_id", -1, counts);
    }
}

}  // namespace

bool HasPendingToolCalls(View history) {
    CallCounts counts;
    for (View message : history.items()) CountMessage(message, counts);
    for (const auto& [id, count] : counts) {
        if (count > 0) return true;
    }
    return false;
}

}  // namespace yard::model
