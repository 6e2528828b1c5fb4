/* It has one block more than its manifest declares. */
#include "plugin.h"

BLOCK(block, BAD_BLOCK_ID, 0, open_task, step, close_task)
BLOCK(hidden, "00000000-0000-4000-8000-000000000002", 0, open_task, step, close_task)
static const blk_block *const blocks[] = {&block, &hidden};
static const blk_plugin plugin = {
    sizeof(blk_plugin), 1, 0, 0, 2, STR(BAD_ID), STR("1.0.0"), STR("abi.h"), blocks, 0, 0};
ENTRY(plugin)
BLK_NOTE(0)
