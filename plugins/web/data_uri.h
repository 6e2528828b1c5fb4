// data: URIs (RFC 2397), the form in which files travel inside of values.
#pragma once

#include <string>
#include <string_view>

namespace web {

struct file {
    std::string name, content_type, content;
};

bool is_data_uri(std::string_view text);
// Throws blk::error if the text is not well formed.
file read_data_uri(std::string_view uri);

// "%41" and the like decoded; a stray percent sign stays.
std::string percent_decoded(std::string_view text);

}  // namespace web
