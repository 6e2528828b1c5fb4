/* Its block cannot be created. */
#include "plugin.h"

static void *create_nothing(const blk_host *host, blk_tape config) {
    (void)host;
    (void)config;
    return 0;
}
static const blk_block block = {
    sizeof(blk_block), 0, STR(BAD_BLOCK_ID), STR("{}"), create_nothing, destroy, open_task, step,
    close_task};
static const blk_block *const blocks[] = {&block};
static const blk_plugin plugin = {sizeof(blk_plugin), 1, 0, 0, 1, STR(BAD_ID), STR("1.0.0"), STR("abi.h"), blocks, 0, 0};
ENTRY(plugin)
BLK_NOTE(0)
