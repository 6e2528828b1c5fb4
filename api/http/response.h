// What a handler answers with.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "api/http/headers.h"

namespace yard::http {

// The server writes Date, Content-Length, Transfer-Encoding and Connection; do not set them. A
// response with an illegal status or header field (CR, LF, NUL, ...) is not sent: the client gets a
// plain 500 and the log the name.
struct Response {
    int status = 200;  // 200 to 599.
    Headers headers;
    std::string body;
    // When set it is sent instead of `body`, without a copy. Owners: the cache that made it, and
    // this answer until its last byte is written.
    std::shared_ptr<const std::string> shared_body;

    std::string_view body_view() const { return shared_body ? *shared_body : body; }
};

Response MakeResponse(int status, std::string_view content_type, std::string body);

// The standard phrase ("Not Found"), or "Unknown".
std::string_view ReasonPhrase(int status);

}  // namespace yard::http
