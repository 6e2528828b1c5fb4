#pragma once

#include <cstdint>

#include "base/value.h"

namespace yard::engine {

// Characters (code points) of the compact JSON text of `value`, without writing it.
int64_t JsonLength(View value);

}  // namespace yard::engine
