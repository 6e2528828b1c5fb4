/* It has the note of a plugin and no entry point. */
#include "plugin.h"

BLK_EXPORT int blk_something_else(void);
int blk_something_else(void) { return 0; }
BLK_NOTE(0)
