#include "api/rest/cors.h"

#include <re2/re2.h>

#include <algorithm>
#include <cctype>

namespace yard::rest {
namespace {

constexpr std::string_view kRegexPrefix = "regex:";
constexpr std::string_view kMethods = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";

bool NamesThisMachine(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower.find("localhost") != std::string::npos ||
           lower.find("127.0.0.1") != std::string::npos;
}

bool IsKnownMethod(std::string_view method) {
    for (std::string_view known : {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}) {
        if (method == known) return true;
    }
    return false;
}

Result<Ok> CheckProductionPattern(const std::string& pattern) {
    if (NamesThisMachine(pattern)) {
        return Invalid("Production environment cannot allow localhost origins via regex: " +
                       pattern);
    }
    RE2 expression(pattern, RE2::Quiet);
    for (const char* origin : {"http://localhost:3000", "http://127.0.0.1:3000",
                               "https://localhost:8000", "https://127.0.0.1:8000"}) {
        if (expression.ok() && RE2::PartialMatch(origin, expression)) {
            return Invalid("Production regex pattern matches localhost/127.0.0.1: " + pattern);
        }
    }
    return Ok{};
}

}  // namespace

struct Cors::Patterns {
    std::vector<std::unique_ptr<RE2>> all;
};

Cors::Cors(std::vector<std::string> origins, std::unique_ptr<Patterns> patterns)
    : origins_(std::move(origins)), patterns_(std::move(patterns)) {}
Cors::~Cors() = default;

Result<std::unique_ptr<Cors>> Cors::Create(const std::vector<std::string>& origins,
                                           bool production) {
    std::vector<std::string> exact;
    auto patterns = std::make_unique<Patterns>();
    for (const std::string& origin : origins) {
        if (!origin.starts_with(kRegexPrefix)) {
            if (production && NamesThisMachine(origin)) {
                return Invalid("Production environment cannot allow localhost origins");
            }
            exact.push_back(origin);
            continue;
        }
        std::string pattern = origin.substr(kRegexPrefix.size());
        if (production) TRY(CheckProductionPattern(pattern));
        auto expression = std::make_unique<RE2>(pattern, RE2::Quiet);
        if (!expression->ok()) {
            return Invalid("Invalid regex pattern '" + pattern + "': " + expression->error());
        }
        patterns->all.push_back(std::move(expression));
    }
    return std::unique_ptr<Cors>(new Cors(std::move(exact), std::move(patterns)));
}

bool Cors::IsAllowed(std::string_view origin) const {
    if (std::find(origins_.begin(), origins_.end(), origin) != origins_.end()) return true;
    re2::StringPiece text(origin.data(), origin.size());
    return std::any_of(patterns_->all.begin(), patterns_->all.end(),
                       [&](const auto& pattern) { return RE2::FullMatch(text, *pattern); });
}

bool Cors::IsPreflight(const http::Request& request) {
    return request.method == "OPTIONS" && request.headers.Has("origin") &&
           request.headers.Has("access-control-request-method");
}

http::Response Cors::AnswerPreflight(const http::Request& request) const {
    std::string_view origin = request.headers.Get("origin");
    std::string faults;
    bool allowed = IsAllowed(origin);
    if (!allowed) faults = "origin";
    if (!IsKnownMethod(request.headers.Get("access-control-request-method"))) {
        faults += faults.empty() ? "method" : ", method";
    }
    http::Response response =
        faults.empty()
            ? http::MakeResponse(200, "text/plain; charset=utf-8", "OK")
            : http::MakeResponse(400, "text/plain; charset=utf-8", "Disallowed CORS " + faults);
    response.headers.Add("vary", "Origin");
    response.headers.Add("access-control-allow-methods", kMethods);
    response.headers.Add("access-control-max-age", "600");
    response.headers.Add("access-control-allow-credentials", "true");
    std::string_view asked = request.headers.Get("access-control-request-headers");
    if (!asked.empty()) response.headers.Add("access-control-allow-headers", asked);
    if (allowed) response.headers.Add("access-control-allow-origin", origin);
    return response;
}

void Cors::AddHeaders(std::string_view origin, http::Response& response) const {
    if (origin.empty()) return;
    response.headers.Add("access-control-allow-credentials", "true");
    if (!IsAllowed(origin)) return;
    response.headers.Add("access-control-allow-origin", origin);
    response.headers.Add("vary", "Origin");
}

}  // namespace yard::rest
