#include "config/normalise.h"

#include <re2/re2.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/crypto.h"
#include "config/outbound_rule.h"

namespace yard::config {
namespace {

constexpr std::string_view kRegexPrefix = "regex:";

std::string& Text(Target target) { return *std::get<std::string*>(target); }

bool IsHttpUrl(std::string_view text) {
    return text.starts_with("http://") || text.starts_with("https://");
}

std::string Trim(std::string_view text) {
    const size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

Result<Ok> CheckPattern(const std::string& pattern) {
    if (pattern.empty()) return Invalid("has an invalid regex pattern: pattern cannot be empty");
    const RE2 compiled(pattern, RE2::Quiet);
    if (compiled.ok()) return Ok{};
    return Invalid("has an invalid regex pattern '" + pattern + "': " + compiled.error());
}

// "3000" of "http://localhost:3000/", empty if there is no port.
std::string PortOf(std::string_view origin) {
    const size_t start = origin.find("://") + 3;
    const std::string_view authority = origin.substr(start, origin.find('/', start) - start);
    const size_t colon = authority.rfind(':');
    if (colon == std::string_view::npos) return {};
    const std::string_view port = authority.substr(colon + 1);
    return port.find_first_not_of("0123456789") == std::string_view::npos ? std::string(port) : "";
}

}  // namespace

Result<Ok> CheckNotEmpty(Target target) {
    if (Text(target).empty()) return Invalid("must not be empty");
    return Ok{};
}

Result<Ok> MakeAbsolute(Target target) {
    TRY(CheckNotEmpty(target));
    std::error_code error;
    const auto absolute = std::filesystem::absolute(Text(target), error);
    if (error) return Invalid("cannot be made an absolute path: " + error.message());
    Text(target) = absolute.lexically_normal().string();
    return Ok{};
}

Result<Ok> CheckFernetKey(Target target) {
    const std::string_view key = Text(target);
    if (key.empty()) return Ok{};
    const auto bytes = Base64UrlDecode(key.substr(0, 43));
    if (key.size() == 44 && key.ends_with('=') && bytes && bytes.value().size() == 32) return Ok{};
    return Invalid("must be 32 bytes as URL-safe base64: 43 characters and '='");
}

Result<Ok> CheckDatabaseUrl(Target target) {
    const std::string_view url = Text(target);
    for (const std::string_view scheme : {"sqlite:", "postgresql://", "postgres://"}) {
        if (url.starts_with(scheme) && url.size() > scheme.size()) return Ok{};
    }
    return Invalid("must be sqlite:<file> or postgresql://...");
}

Result<Ok> CheckMapOfObjects(Target target) {
    for (const auto& [key, value] : *std::get<std::map<std::string, Value>*>(target)) {
        if (!value.view().IsObject()) return Invalid("must have a map under '" + key + "'");
    }
    return Ok{};
}

Result<Ok> CheckOutboundRules(Target target) {
    for (const std::string& rule : *std::get<std::vector<std::string>*>(target)) {
        if (const auto parsed = ParseOutboundRule(rule); !parsed) {
            return Invalid("has an entry that is not understood: " + parsed.error().message);
        }
    }
    return Ok{};
}

Result<Ok> NormaliseUrl(Target target) {
    std::string& url = Text(target);
    if (url.empty()) return Ok{};
    if (!IsHttpUrl(url)) {
        return Invalid("must be a full URL including a http:// or https:// schema");
    }
    while (url.ends_with('/')) url.pop_back();
    if (!IsHttpUrl(url)) return Invalid("must name a host after http:// or https://");
    return Ok{};
}

Result<Ok> NormaliseCorsOrigins(Target target) {
    auto& origins = *std::get<std::vector<std::string>*>(target);
    std::set<std::string> localhost_ports;
    std::set<std::string> loopback_ports;
    for (std::string& origin : origins) {
        origin = Trim(origin);
        if (origin.starts_with(kRegexPrefix)) {
            TRY(CheckPattern(origin.substr(kRegexPrefix.size())));
            continue;
        }
        if (!IsHttpUrl(origin)) return Invalid("has an invalid URL or regex origin: " + origin);
        for (const std::string host : {"localhost", "127.0.0.1"}) {
            if (origin.find(host) == std::string::npos) continue;
            const std::string port = PortOf(origin);
            if (port.empty()) {
                return Invalid("has '" + origin + "': " + host +
                               " origins must include an explicit port, e.g. http://" + host +
                               ":3000");
            }
            (host == "localhost" ? localhost_ports : loopback_ports).insert(port);
        }
    }
    for (const std::string& port : localhost_ports) {
        if (!loopback_ports.contains(port)) origins.push_back("http://127.0.0.1:" + port);
    }
    for (const std::string& port : loopback_ports) {
        if (!localhost_ports.contains(port)) origins.push_back("http://localhost:" + port);
    }
    return Ok{};
}

}  // namespace yard::config
