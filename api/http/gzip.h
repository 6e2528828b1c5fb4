// Compression of answers.

#pragma once

#include <string>
#include <string_view>

#include "api/http/request.h"

namespace yard::http {

// A complete gzip member. Level 1 (fast) to 9 (small). Takes about 1 ms per 300 KB of JSON at level
// 6: compress once and cache, or call it on a HandlerPool.
std::string GzipCompress(std::string_view bytes, int level);

// True if Accept-Encoding names gzip (or *) with a weight above 0.
bool AcceptsGzip(const Request& request);

}  // namespace yard::http
