#include "host/net/http_request_text.h"

#include <algorithm>
#include <array>

namespace yard::net {
namespace {

constexpr size_t kHeaderBytesMax = 64 << 10;

// They decide where the message ends or whom it reaches.
constexpr std::array<std::string_view, 11> kOwnHeaders = {"host",
                                                          "content-length",
                                                          "transfer-encoding",
                                                          "connection",
                                                          "keep-alive",
                                                          "te",
                                                          "trailer",
                                                          "upgrade",
                                                          "expect",
                                                          "proxy-connection",
                                                          "http2-settings"};

// What may follow a redirect to another origin. A list of secret ones could never be complete.
constexpr std::array<std::string_view, 5> kHarmlessHeaders = {
    "accept", "accept-encoding", "accept-language", "content-type", "user-agent"};

std::string Lower(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lower;
}

template <size_t kCount>
bool Contains(const std::array<std::string_view, kCount>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool IsToken(std::string_view text) {
    constexpr std::string_view kExtra = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               kExtra.find(c) != std::string_view::npos;
    });
}

bool HasHeader(const plugin::HttpRequest& request, std::string_view lower_case_name) {
    return std::any_of(request.headers.begin(), request.headers.end(),
                       [&](const auto& header) { return Lower(header.first) == lower_case_name; });
}

bool UsuallyHasBody(std::string_view method) {
    return method == "POST" || method == "PUT" || method == "PATCH";
}

void RemoveHeaders(plugin::HttpRequest& request, auto&& condition) {
    std::erase_if(request.headers,
                  [&](const auto& header) { return condition(Lower(header.first)); });
}

}  // namespace

Result<Ok> CheckRequest(const plugin::HttpRequest& request) {
    if (!IsToken(request.method) || request.method.size() > 32 || request.method == "CONNECT" ||
        request.method == "TRACE") {
        return Invalid("the request's method is not one that can be sent");
    }
    size_t size = 0;
    for (const auto& [name, value] : request.headers) {
        size += name.size() + value.size() + 4;
        if (!IsToken(name)) return Invalid("a header's name contains a character it must not");
        const bool has_control = std::any_of(value.begin(), value.end(), [](char c) {
            return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
        });
        if (has_control) return Invalid("the header " + name + " contains a control character");
        if (Contains(kOwnHeaders, Lower(name))) {
            return Invalid("the header " + name + " is set by the host; leave it out");
        }
    }
    if (size > kHeaderBytesMax) return Invalid("the request's headers exceed 65536 bytes");
    return Ok{};
}

bool AsksForGzip(const plugin::HttpRequest& request) {
    // Compression would hold events back.
    return !request.sse && !HasHeader(request, "accept-encoding");
}

std::string RequestHead(const plugin::HttpRequest& request, const Url& url) {
    std::string text = request.method + " " + url.target + " HTTP/1.1\r\n";
    const auto add = [&](std::string_view name, std::string_view value) {
        text.append(name).append(": ").append(value).append("\r\n");
    };
    add("Host", url.HostHeader());
    if (!HasHeader(request, "user-agent")) add("User-Agent", "Blockyard");
    if (!HasHeader(request, "accept")) add("Accept", request.sse ? "text/event-stream" : "*/*");
    if (AsksForGzip(request)) add("Accept-Encoding", "gzip");
    for (const auto& [name, value] : request.headers) add(name, value);
    if (!request.body.empty() || UsuallyHasBody(request.method)) {
        add("Content-Length", std::to_string(request.body.size()));
    }
    return text += "\r\n";
}

bool IsIdempotent(std::string_view method) {
    return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "PUT" ||
           method == "DELETE";
}

void RewriteForRedirect(plugin::HttpRequest& request, int status, bool is_same_origin) {
    const bool to_get = (status == 303 && request.method != "HEAD") ||
                        ((status == 301 || status == 302) && request.method == "POST");
    if (to_get) {
        request.method = "GET";
        request.body.clear();
        RemoveHeaders(request,
                      [](const std::string& name) { return name.starts_with("content-"); });
    }
    if (!is_same_origin) {
        RemoveHeaders(request,
                      [](const std::string& name) { return !Contains(kHarmlessHeaders, name); });
    }
}

}  // namespace yard::net
