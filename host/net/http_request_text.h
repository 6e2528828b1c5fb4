#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "host/net/url.h"
#include "host/plugin/http_client.h"

namespace yard::net {

// Refuses what would break the framing of a request: control characters in headers, odd methods,
// and headers that are the client's own business.
Result<Ok> CheckRequest(const plugin::HttpRequest& request);

// Request line and headers. The client asks for gzip unless the caller set Accept-Encoding.
std::string RequestHead(const plugin::HttpRequest& request, const Url& url);
bool AsksForGzip(const plugin::HttpRequest& request);

// Sending it twice has the same effect as once.
bool IsIdempotent(std::string_view method);

// Turns the request into the one for the new place: method and body by RFC 9110, and for another
// origin only headers that carry no secret.
void RewriteForRedirect(plugin::HttpRequest& request, int status, bool is_same_origin);

}  // namespace yard::net
