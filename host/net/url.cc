#include "host/net/url.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/crypto.h"
#include "config/outbound_rule.h"

namespace yard::net {
namespace {

constexpr size_t kUrlBytesMax = 64 << 10;

std::string Lower(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lower;
}

Result<Ok> CheckCharacters(std::string_view text) {
    if (text.size() > kUrlBytesMax) return Invalid("the URL is longer than 65536 bytes");
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            return Invalid("the URL contains a control character");
        }
    }
    return Ok{};
}

// What may not stand in a path or query, by RFC 3986.
bool MustEncode(char c) {
    constexpr std::string_view kNever = " \"<>\\^`{|}";
    return static_cast<unsigned char>(c) > 0x7e || kNever.find(c) != std::string_view::npos;
}

std::string Encode(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, text.find('#'))) {
        if (MustEncode(c)) {
            out += '%';
            out += HexEncode({&c, 1});
        } else {
            out += c;
        }
    }
    return out.starts_with('/') ? out : "/" + out;
}

bool IsHost(std::string_view host, bool is_bracketed) {
    if (is_bracketed) {
        return host.find(':') != std::string_view::npos && config::ParseAddress(host).has_value();
    }
    return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    });
}

Result<Ok> ParseAuthority(std::string_view text, Url& url) {
    if (text.find('@') != std::string_view::npos) {
        return Invalid("the URL contains a user or password; use a header instead");
    }
    std::string_view host = text;
    std::string_view port;
    const bool is_bracketed = text.starts_with('[');
    const size_t host_end = is_bracketed ? text.find(']') : text.find(':');
    if (is_bracketed && host_end == std::string_view::npos)
        return Invalid("the URL's host has no ']'");
    if (host_end != std::string_view::npos) {
        host = text.substr(is_bracketed ? 1 : 0, host_end - (is_bracketed ? 1 : 0));
        port = text.substr(host_end + (is_bracketed ? 1 : 0));
    }
    url.host = Lower(host);
    if (!IsHost(url.host, is_bracketed)) {
        return Invalid("the URL's host '" + url.host.substr(0, 100) + "' is not a valid name");
    }
    url.port = url.is_https ? 443 : 80;
    if (port.empty() || port == ":") return Ok{};
    const auto [end, error] = std::from_chars(port.data() + 1, port.data() + port.size(), url.port);
    if (port[0] != ':' || error != std::errc{} || end != port.data() + port.size() ||
        url.port == 0) {
        return Invalid("the URL's port is not a number from 1 to 65535");
    }
    return Ok{};
}

// RFC 3986, 5.2.4, on the path; the query stays.
std::string RemoveDotSegments(std::string_view target) {
    const size_t query = std::min(target.find('?'), target.size());
    std::vector<std::string_view> segments;
    std::string_view path = target.substr(1, query - 1);
    bool folder = false;
    while (true) {
        const size_t slash = path.find('/');
        const std::string_view segment = path.substr(0, slash);
        folder = segment == "." || segment == "..";
        if (segment == ".." && !segments.empty()) segments.pop_back();
        if (!folder) segments.push_back(segment);
        if (slash == std::string_view::npos) break;
        path.remove_prefix(slash + 1);
    }
    std::string out;
    for (const std::string_view segment : segments) out.append("/").append(segment);
    if (folder || out.empty()) out += '/';
    return out.append(target.substr(query));
}

}  // namespace

std::string Url::HostAndPort() const {
    const bool is_v6 = host.find(':') != std::string::npos;
    return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string Url::Origin() const { return (is_https ? "https://" : "http://") + HostAndPort(); }

std::string Url::HostHeader() const {
    std::string text = HostAndPort();
    if (port == (is_https ? 443 : 80)) text.resize(text.rfind(':'));
    return text;
}

std::string Url::Text() const {
    return (is_https ? "https://" : "http://") + HostHeader() + target;
}

Result<Url> ParseUrl(std::string_view text) {
    TRY(CheckCharacters(text));
    Url url;
    const std::string scheme = Lower(text.substr(0, text.find(':')));
    const size_t scheme_end = scheme.size() + 3;
    if (scheme != "http" && scheme != "https") {
        return Invalid("only http:// and https:// URLs can be requested");
    }
    if (text.substr(scheme.size(), 3) != "://") return Invalid("the URL has no host");
    url.is_https = scheme == "https";
    const std::string_view rest = text.substr(scheme_end);
    const size_t authority_end = std::min(rest.find_first_of("/?#"), rest.size());
    TRY(ParseAuthority(rest.substr(0, authority_end), url));
    url.target = Encode(rest.substr(authority_end));
    return url;
}

Result<Url> ResolveUrl(const Url& base, std::string_view reference) {
    TRY(CheckCharacters(reference));
    const size_t colon = reference.find(':');
    if (colon != std::string_view::npos && colon < reference.find_first_of("/?#")) {
        return ParseUrl(reference);
    }
    if (reference.starts_with("//")) {
        return ParseUrl((base.is_https ? "https:" : "http:") + std::string(reference));
    }
    Url url = base;
    if (reference.starts_with('/')) {
        url.target = Encode(reference);
    } else {
        const std::string path = base.target.substr(0, base.target.find('?'));
        const bool keeps_path = reference.empty() || reference[0] == '?' || reference[0] == '#';
        const std::string folder = keeps_path ? path : path.substr(0, path.rfind('/') + 1);
        url.target = Encode(folder + std::string(reference));
    }
    url.target = RemoveDotSegments(url.target);
    return url;
}

}  // namespace yard::net
