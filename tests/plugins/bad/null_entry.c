/* Its entry point returns nothing. */
#include "plugin.h"

const blk_plugin *blk_plugin_entry_v1(void) { return 0; }
BLK_NOTE(0)
