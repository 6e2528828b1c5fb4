#include "plugins/web/blocks.h"

BLK_PLUGIN_OF("blockyard.web", "1.0.0", request_blocks())
