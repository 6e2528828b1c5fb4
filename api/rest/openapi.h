// The OpenAPI 3.1 document of the route table.

#pragma once

#include <string>

#include "api/rest/route_table.h"

namespace yard::rest {

// JSON text with all keys that name things (paths, methods, components) in order.
std::string OpenApiJson(const RouteTable& routes);

}  // namespace yard::rest
