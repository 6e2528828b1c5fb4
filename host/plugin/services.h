// The service tables that plugins ask the host for.

#pragma once

#include <blk/abi.h>

namespace yard::plugin {

// The host as a plugin sees it. Ask once: the tables are the same for all plugins and never change.
blk_host MakeHostTable();

extern const blk_http_api kHttpService;
extern const blk_run_api kRunService;

}  // namespace yard::plugin
