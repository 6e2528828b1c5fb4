#include "api/http/response_head.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace yard::http {
namespace {

bool IsServersOwn(std::string_view name) {
    constexpr std::array<std::string_view, 5> kNames = {"Content-Length", "Transfer-Encoding",
                                                        "Connection", "Keep-Alive", "Date"};
    for (std::string_view own : kNames) {
        if (EqualsIgnoreCase(name, own)) return true;
    }
    return false;
}

void AppendNumber(std::string& out, uint64_t number) {
    char digits[20];
    auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.append(digits, end);
}

}  // namespace

std::string_view FindFault(const Response& response) {
    if (response.status < 200 || response.status > 599) return "its status is not in 200..599";
    for (size_t i = 0; i < response.headers.size(); ++i) {
        Headers::Field field = response.headers.at(i);
        if (!IsValidFieldName(field.name)) return "a field name has illegal characters";
        if (!IsValidFieldValue(field.value)) return "a field value has control characters";
        if (IsServersOwn(field.name)) return "it sets a field that belongs to the server";
    }
    return {};
}

bool AllowsBody(int status) { return status != 204 && status != 304; }

void AppendHead(std::string& out, const Response& response, const HeadOptions& options) {
    out += "HTTP/1.1 ";
    AppendNumber(out, static_cast<uint64_t>(response.status));
    out.append(" ").append(ReasonPhrase(response.status)).append("\r\nDate: ").append(options.date);
    for (size_t i = 0; i < response.headers.size(); ++i) {
        Headers::Field field = response.headers.at(i);
        out.append("\r\n").append(field.name).append(": ").append(field.value);
    }
    if (AllowsBody(response.status)) {
        if (options.framing == BodyFraming::kLength) {
            out += "\r\nContent-Length: ";
            AppendNumber(out, response.body_view().size());
        } else if (options.framing == BodyFraming::kChunked) {
            out += "\r\nTransfer-Encoding: chunked";
        }
    }
    if (!options.keep_alive) {
        out += "\r\nConnection: close";
    } else if (options.is_http10) {
        out += "\r\nConnection: keep-alive";
    }
    out += "\r\n\r\n";
}

std::string FormatHttpDate(std::time_t seconds) {
    // strftime would use the locale's names.
    constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    char text[64];
    int length = std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT",
                               kDays.at(static_cast<size_t>(utc.tm_wday)), utc.tm_mday,
                               kMonths.at(static_cast<size_t>(utc.tm_mon)), utc.tm_year + 1900,
                               utc.tm_hour, utc.tm_min, utc.tm_sec);
    return std::string(text, static_cast<size_t>(length));
}

}  // namespace yard::http
