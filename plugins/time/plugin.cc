#include "plugins/time/blocks.h"

BLK_PLUGIN_OF("blockyard.time", "1.0.0", countdown_blocks(), current_time_blocks())
