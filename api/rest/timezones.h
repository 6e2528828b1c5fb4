#pragma once

#include <string>
#include <vector>

namespace yard::rest {

// The names of the IANA time zone database that the API accepts, in order.
const std::vector<std::string>& Timezones();

}  // namespace yard::rest
