#pragma once

#include <string_view>

namespace yard::rest {

// An HTML page that shows /openapi.json and calls its operations. It needs nothing from elsewhere.
std::string_view DocsPage();

}  // namespace yard::rest
