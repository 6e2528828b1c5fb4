// The families of operations; each adds its rows to the table. `services` outlive the table.

#pragma once

#include "api/rest/route_table.h"
#include "api/rest/services.h"

namespace yard::rest {

void AddAuthUserRoutes(const Services& services, RouteTable& routes);
void AddBlockRoutes(const Services& services, RouteTable& routes);
void AddCreditRoutes(const Services& services, RouteTable& routes);
void AddGraphRoutes(const Services& services, RouteTable& routes);
void AddExecutionRoutes(const Services& services, RouteTable& routes);
void AddShareRoutes(const Services& services, const ApiOptions& options, RouteTable& routes);
// Precondition: services.accounts is set.
void AddAccountRoutes(const Services& services, const ApiOptions& options, RouteTable& routes);
// Health, the OpenAPI document of everything added before, and its page.
void AddMetaRoutes(const Services& services, const ApiOptions& options, RouteTable& routes);

}  // namespace yard::rest
