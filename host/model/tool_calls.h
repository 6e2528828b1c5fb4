// Tool calls in the conversation of a language model, in the message formats of its providers.

#pragma once

#include "base/value.h"

namespace yard::model {

// Whether the assistant called a tool in `history` (a list of messages, or null) that no later
// message answers.
bool HasPendingToolCalls(View history);

}  // namespace yard::model
