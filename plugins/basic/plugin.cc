#include "plugins/basic/blocks.h"

BLK_PLUGIN_OF("blockyard.basic", "1.0.0", store_blocks(), convert_blocks())
