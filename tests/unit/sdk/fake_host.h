// A host in a box for tests of plugins: runs one task to its end on the calling thread and keeps
// what it did.

#pragma once

#include <blk/abi.h>

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/value.h"

namespace yard {

// What happens instead of the network, time and other graphs.
struct HostPlan {
    int full_every = 0;  // Every n-th value is refused once with BLK_WAIT; 0 = none is.
    int cancel_at = -1;  // Cancel after so many steps, -1 = never.
    std::set<std::string> denied_services;
    std::vector<std::string> http_pieces{"Hel", "lo"};  // Body chunks of every response.
    int http_status = 200;
    blk_status http_end = BLK_OK;
    std::vector<std::pair<std::string, Value>> run_outputs;
    blk_status run_end = BLK_OK;
    Value run_stats, config, context;
    bool stall = false;  // Ops never get an event.
};

struct HostRequest {
    std::string method, url, body, scheme;
    uint64_t credential = 0;
    std::map<std::string, std::string> headers;
};

struct HostOutcome {
    blk_status status = BLK_OK;  // Of the last step; BLK_WAIT if nothing was left to wake it.
    blk_status error_code = BLK_OK;
    std::string error;
    int steps = 0;
    std::vector<std::pair<std::string, std::string>> outputs;  // Port and JSON text.
    std::vector<HostRequest> requests;
    std::vector<std::string> log, stats, started_graphs;
    size_t ops_open = 0;  // Ops neither ended nor cancelled after close.
};

// `input` is an object. The block is created, opened, stepped, closed and destroyed.
HostOutcome RunBlock(const blk_block& block, const Value& input, const HostPlan& plan = {});

// The block of a loaded plugin by its name in the declaration; fails the test when there is none.
const blk_block* FindBlock(const blk_plugin& plugin, std::string_view id);

// A plugin from the build's plugins folder by target name; aborts the test binary when it cannot be
// loaded.
const blk_plugin& LoadTestPlugin(const std::string& target);

}  // namespace yard
