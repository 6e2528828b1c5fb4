#include "plugins/llm/blocks.h"

BLK_PLUGIN_OF("blockyard.llm", "1.0.0", llm_generators(), llm_lists(), llm_summarizers())
