#include "api/http/url.h"

#include <algorithm>
#include <utility>

namespace yard::http {
namespace {

int HexDigit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

Result<std::string> DecodeQueryPart(std::string_view text) {
    std::string spaced(text);
    std::replace(spaced.begin(), spaced.end(), '+', ' ');
    return PercentDecode(spaced);
}

}  // namespace

Result<std::string> PercentDecode(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
        int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
        if (high < 0 || low < 0) {
            return Invalid("The URL has a '%' that is not followed by two hexadecimal digits.");
        }
        if (high == 0 && low == 0) return Invalid("The URL contains an encoded NUL (%00).");
        decoded += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return decoded;
}

Result<std::vector<std::string>> SplitPath(std::string_view path) {
    if (path.empty() || path[0] != '/') return Invalid("The path must start with '/'.");
    std::vector<std::string> segments;
    size_t begin = 1;
    for (;;) {
        size_t end = std::min(path.find('/', begin), path.size());
        segments.push_back(TRY(PercentDecode(path.substr(begin, end - begin))));
        if (end == path.size()) return segments;
        begin = end + 1;
    }
}

Result<QueryParameters> ParseQuery(std::string_view query) {
    QueryParameters parameters;
    while (!query.empty()) {
        std::string_view part = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(part.size() + 1, query.size()));
        if (part.empty()) continue;
        std::string_view name = part.substr(0, part.find('='));
        std::string_view value = part.substr(std::min(name.size() + 1, part.size()));
        std::string decoded_name = TRY(DecodeQueryPart(name));
        std::string decoded_value = TRY(DecodeQueryPart(value));
        parameters.emplace_back(std::move(decoded_name), std::move(decoded_value));
    }
    return parameters;
}

}  // namespace yard::http
