#include "plugins/graph_io/blocks.h"

BLK_PLUGIN_OF("blockyard.graph_io", "1.0.0", graph_inputs(), graph_outputs())
