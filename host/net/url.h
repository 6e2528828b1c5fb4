#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace yard::net {

// An absolute http or https URL, ready to be requested.
struct Url {
    bool is_https = false;
    std::string host;  // Lower case, without the brackets of an IPv6 address.
    uint16_t port = 0;
    std::string target;  // Path and query, percent-encoded; begins with '/'.

    std::string HostAndPort() const;  // With brackets, always with the port.
    std::string Origin() const;       // scheme://host:port
    std::string Text() const;         // Without a default port.
    std::string HostHeader() const;   // The same authority.
};

// Refuses other schemes, a user or password, control characters, and hosts that are not plain
// ASCII. Characters a URL may not contain are percent-encoded; the fragment is dropped.
Result<Url> ParseUrl(std::string_view text);

// `reference` as a Location header gives it: absolute or relative to `base`.
Result<Url> ResolveUrl(const Url& base, std::string_view reference);

}  // namespace yard::net
