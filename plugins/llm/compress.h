// Making a conversation fit a model's context window. Tokens are estimated as four bytes each.
#pragma once

#include <blk/blk.hpp>

#include <cstdint>

namespace llm {

int64_t estimate_tokens(blk::view messages);

// The messages, shortened until they are estimated to fit `target` tokens: first texts between the
// first and the last message, then whole messages from the middle, then the first and last.
// Messages of tools stay, since the call and its result belong together. May still be too long
// after all.
blk::json compress_messages(const blk::call& c, const blk::json& messages, int64_t target);

}  // namespace llm
