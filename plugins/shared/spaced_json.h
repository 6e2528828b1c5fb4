#pragma once

#include <blk/blk.hpp>

#include <string>

namespace shared {

// `{"a": 1, "b": [2, 3]}` in ASCII: the text that the platform makes of a value where a text is
// wanted.
std::string spaced_json(blk::call& c, blk::view value);

}  // namespace shared
