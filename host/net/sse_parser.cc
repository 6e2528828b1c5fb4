#include "host/net/sse_parser.h"

#include <algorithm>

namespace yard::net {

void SseParser::Feed(std::string_view bytes) {
    if (after_cr_ && !bytes.empty()) {
        if (bytes.starts_with('\n')) bytes.remove_prefix(1);
        after_cr_ = false;
    }
    while (!bytes.empty()) {
        const size_t end = bytes.find_first_of("\r\n");
        line_.append(bytes.substr(0, end));
        if (end == std::string_view::npos) return;
        Line();
        const bool is_cr = bytes[end] == '\r';
        bytes.remove_prefix(end + 1);
        if (is_cr && bytes.starts_with('\n')) bytes.remove_prefix(1);
        after_cr_ = is_cr && bytes.empty();
    }
}

void SseParser::Line() {
    std::string_view line = line_;
    if (is_first_line_ && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
    is_first_line_ = false;
    if (line.empty()) {
        if (has_data_) on_event_(data_);
        data_.clear();
        has_data_ = false;
    } else if (line.substr(0, line.find(':')) == "data") {
        line.remove_prefix(std::min<size_t>(line.size(), 5));
        if (line.starts_with(' ')) line.remove_prefix(1);
        if (has_data_) data_ += '\n';
        data_ += line;
        has_data_ = true;
    }
    line_.clear();
}

}  // namespace yard::net
