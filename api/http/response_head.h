// The bytes in front of a response's body.

#pragma once

#include <ctime>
#include <string>
#include <string_view>

#include "api/http/response.h"

namespace yard::http {

enum class BodyFraming { kLength, kChunked, kUntilClose };

struct HeadOptions {
    BodyFraming framing = BodyFraming::kLength;
    bool keep_alive = true;
    bool is_http10 = false;
    std::string_view date = {};  // As FormatHttpDate() writes it.
};

// Empty if the response may be sent, else the fault: an illegal status, an illegal field name or
// value, or a field that belongs to the server.
std::string_view FindFault(const Response& response);

// RFC 9110: 204 and 304 have neither body nor Content-Length.
bool AllowsBody(int status);

// Precondition: FindFault(response) is empty.
void AppendHead(std::string& out, const Response& response, const HeadOptions& options);

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string FormatHttpDate(std::time_t seconds);

}  // namespace yard::http
