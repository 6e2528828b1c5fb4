/* It cannot start. */
#include "plugin.h"

static blk_status init(const blk_host *host) {
    (void)host;
    return BLK_E_IO;
}
BLOCK(block, BAD_BLOCK_ID, 0, open_task, step, close_task)
static const blk_block *const blocks[] = {&block};
static const blk_plugin plugin = {sizeof(blk_plugin), 1, 0, 0, 1, STR(BAD_ID), STR("1.0.0"), STR("abi.h"), blocks, init, 0};
ENTRY(plugin)
BLK_NOTE(0)
