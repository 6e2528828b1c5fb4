#include "host/credentials/url_host.h"

#include <algorithm>
#include <cctype>

namespace yard::credentials {

std::string HostOfUrl(std::string_view url) {
    const auto is_odd = [](unsigned char c) { return c <= ' ' || c == 0x7f || c == '\\'; };
    if (std::any_of(url.begin(), url.end(), is_odd)) return {};
    std::string lower(url.substr(0, 8));
    const auto to_lower = [](unsigned char c) { return static_cast<char>(std::tolower(c)); };
    std::transform(lower.begin(), lower.end(), lower.begin(), to_lower);
    const size_t scheme_bytes = lower.starts_with("https://")  ? 8
                                : lower.starts_with("http://") ? 7
                                                               : 0;
    if (scheme_bytes == 0) return {};
    url.remove_prefix(scheme_bytes);
    url = url.substr(0, url.find_first_of("/?#"));
    if (url.find('@') != std::string_view::npos) return {};
    const bool is_ipv6 = url.starts_with('[');
    if (is_ipv6 && url.find(']') == std::string_view::npos) return {};
    std::string host(url.substr(0, is_ipv6 ? url.find(']') + 1 : url.find(':')));
    std::transform(host.begin(), host.end(), host.begin(), to_lower);
    return host;
}

}  // namespace yard::credentials
