#include "plugins/lists/blocks.h"

BLK_PLUGIN_OF("blockyard.lists", "1.0.0", list_builders(), list_items(), list_queries())
