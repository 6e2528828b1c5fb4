// A small HTTP/1.1 client on blocking sockets: one connection per request, every wait bounded.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/value.h"

namespace yard::e2e {

struct HttpAnswer {
    int status = 0;  // 0: the server closed without an answer, or took longer than 60 s.
    std::map<std::string, std::string> headers = {};  // Names in lower case.
    std::string body = {};

    // The body as JSON; null if it is none.
    Value Json() const;
    // The `detail` of an error's body as text.
    std::string Detail() const;
};

struct HttpRequest {
    std::string method = "GET";
    std::string target = "/";
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};
};

HttpAnswer Send(uint16_t port, const HttpRequest& request);
// Exactly these bytes, then the answer.
HttpAnswer SendRaw(uint16_t port, std::string_view bytes);

}  // namespace yard::e2e
