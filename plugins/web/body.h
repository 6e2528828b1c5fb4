// Bodies of requests that are not JSON.
#pragma once

#include <blk/blk.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/web/data_uri.h"

namespace web {

using form_fields = std::vector<std::pair<std::string, std::string>>;

// The members of an object, in order: texts as they are, other values as JSON, null left out.
form_fields fields_of(const blk::call& c, blk::view object);

// application/x-www-form-urlencoded.
std::string url_encoded(const form_fields& fields);

// multipart/form-data; content_type names the boundary.
struct multipart {
    std::string content_type, body;
};
multipart make_multipart(const form_fields& fields, std::string_view file_field,
                         const std::vector<file>& files);

// Bytes that are no UTF-8 replaced by U+FFFD: a value holds text only.
std::string as_utf8(std::string_view bytes);

}  // namespace web
