#include "plugins/text/blocks.h"

BLK_PLUGIN_OF("blockyard.text", "1.0.0", text_matchers(), text_editors(), code_extractors(),
              text_templates())
