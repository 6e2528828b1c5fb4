// One request as it arrived: nothing is decoded, everything is checked for legal characters and
// sizes.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "api/http/headers.h"

namespace yard::http {

struct Request {
    std::string method;  // As sent: methods are case-sensitive and may be unknown ones.
    std::string target;  // Origin form: starts with '/', has no control characters or blanks.
    Headers headers;
    std::string body;            // De-chunked; Content-Encoding is not decoded.
    std::string remote_address;  // Numeric, without the port.
    uint16_t remote_port = 0;
    bool keep_alive = true;  // False: the connection closes after the answer.

    // The target up to '?', still percent-encoded. url.h splits and decodes it.
    std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
    // What follows the first '?', still encoded, or the empty string.
    std::string_view query() const {
        size_t mark = target.find('?');
        return mark == std::string::npos ? std::string_view()
                                         : std::string_view(target).substr(mark + 1);
    }
};

}  // namespace yard::http
