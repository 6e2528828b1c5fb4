#pragma once

#include <string>
#include <string_view>

namespace yard::credentials {

// "https://API.openai.com:443/v1" -> "api.openai.com", "http://[::1]/" -> "[::1]". Empty for a text
// that is no plain http or https URL: user names, blanks and backslashes are not accepted, because
// programs disagree about the host of such URLs.
std::string HostOfUrl(std::string_view url);

}  // namespace yard::credentials
