#pragma once

#include <string>

#include "registry/registry.h"

namespace yard::registry {

// The output of `blockyard plugin list`: a line per plugin, and for every refused one its reason
// and what to do about it.
std::string DescribePlugins(const RegistryState& state);

}  // namespace yard::registry
