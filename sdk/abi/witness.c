/* One exported function whose parameters reach every type of the ABI: without it the tables of function
 * pointers are invisible to abidw. */
#include "blk/abi.h"

BLK_EXPORT void blk_abi_witness_v1(const blk_host *host, blk_call *call, const blk_event *event,
                                   const blk_block *block, const blk_plugin *plugin, const blk_note *note,
                                   const blk_log_api *log, const blk_http_api *http,
                                   const blk_timer_api *timer, const blk_run_api *run,
                                   const blk_stats_api *stats, const blk_json_api *json) {
    (void)host;
    (void)call;
    (void)event;
    (void)block;
    (void)plugin;
    (void)note;
    (void)log;
    (void)http;
    (void)timer;
    (void)run;
    (void)stats;
    (void)json;
}
