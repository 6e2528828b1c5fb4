// What happens to every answer on its way out: compression, security and CORS headers, the request
// id, the access log.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "api/http/responder.h"
#include "api/rest/cors.h"
#include "base/clock.h"

namespace yard::rest {

// Whether browsers and proxies may keep answers for this path.
bool IsCacheable(std::string_view path);

void AddSecurityHeaders(std::string_view path, http::Response& response);

// Bodies from this size on are compressed for clients that take it.
inline constexpr size_t kGzipBytesMin = 50'000;
void Compress(bool accepted, http::Response& response);

// The client's X-Request-Id if it is short and plain, else a fresh one.
std::string RequestIdOf(const http::Request& request);

// Finishes answers on their way to `responder`. It is a sink itself, so that answers made by others
// (a full queue, a handler that never answered) are finished too. `cors` and `clock` outlive it.
std::shared_ptr<http::ResponseSink> MakeFinishingSink(const http::Request& request,
                                                      std::string request_id, const Cors& cors,
                                                      const Clock& clock,
                                                      http::Responder responder);

}  // namespace yard::rest
