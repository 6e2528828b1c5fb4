// Decoding of paths and queries.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace yard::http {

// Decodes %XX. Refuses incomplete escapes and encoded NUL; the result may be any other bytes.
Result<std::string> PercentDecode(std::string_view text);

// "/a/b%2Fc/" -> {"a", "b/c", ""}: splits first and decodes then, so an encoded slash stays inside
// its segment. Nothing is normalised: "//" gives an empty segment, ".." is an ordinary one.
Result<std::vector<std::string>> SplitPath(std::string_view path);

using QueryParameters = std::vector<std::pair<std::string, std::string>>;

// "a=1&b&a=x+y" -> {{"a","1"}, {"b",""}, {"a","x y"}}. Order and duplicates are kept, empty parts
// are skipped.
Result<QueryParameters> ParseQuery(std::string_view query);

}  // namespace yard::http
