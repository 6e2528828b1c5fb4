/* What the plugins of this folder share: a block that is in order and the tables around it. Each
 * file gets one thing wrong. */
#pragma once
#include <blk/abi.h>

#define STR(literal) {literal, sizeof(literal) - 1}
#define BAD_ID "test.bad"
#define BAD_BLOCK_ID "00000000-0000-4000-8000-000000000001"

static char blk_instance;

static inline void *create(const blk_host *host, blk_tape config) {
    (void)host;
    (void)config;
    return &blk_instance;
}
static inline void destroy(void *instance) { (void)instance; }
static inline void *open_task(void *instance, blk_call *call) {
    (void)call;
    return instance;
}
static inline blk_status step(void *task, blk_call *call, const blk_event *event) {
    (void)task;
    (void)call;
    (void)event;
    return BLK_DONE;
}
static inline void close_task(void *task) { (void)task; }

#define BLOCK(name, block_id, flags, open_function, step_function, close_function)              \
    static const blk_block name = {                                                             \
        sizeof(blk_block), flags,   STR(block_id), STR("{}"),     create,                       \
        destroy,           open_function, step_function, close_function};

/* The entry point of a plugin with the tables the file declares. */
#define ENTRY(plugin) \
    const blk_plugin *blk_plugin_entry_v1(void) { return &plugin; }
