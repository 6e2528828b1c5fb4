// JSON Schema of the API's types, as the OpenAPI document shows them.

#pragma once

#include <map>
#include <string>
#include <string_view>

#include "api/rest/json_type.h"
#include "base/value.h"

namespace yard::rest {

// Schemas by component name.
using Components = std::map<std::string, Value>;

// The schema of `type`; what it refers to is added to `components`. References have no title.
Value SchemaOf(const Type& type, std::string_view title, Components& components);

// The schema of a parameter or member: with description, default and examples.
Value SchemaOf(const Field& field, Components& components);

// "graph_exec_id" -> "Graph Exec Id".
std::string TitleOf(std::string_view name);

}  // namespace yard::rest
