// Cross-origin requests: who may read our answers from a browser.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/request.h"
#include "api/http/response.h"
#include "base/result.h"

namespace yard::rest {

// Immutable and thread-safe.
class Cors {
public:
    // `origins`: exact ones, and "regex:<RE2 pattern>" that must match the whole origin. kInvalid
    // for a pattern that does not compile and, in production, for one that admits this machine.
    static Result<std::unique_ptr<Cors>> Create(const std::vector<std::string>& origins,
                                                bool production);
    ~Cors();

    static bool IsPreflight(const http::Request& request);
    http::Response AnswerPreflight(const http::Request& request) const;
    // Adds what the browser needs to hand the answer to `origin` (empty: nothing).
    void AddHeaders(std::string_view origin, http::Response& response) const;

private:
    struct Patterns;
    Cors(std::vector<std::string> origins, std::unique_ptr<Patterns> patterns);
    bool IsAllowed(std::string_view origin) const;

    const std::vector<std::string> origins_;
    const std::unique_ptr<Patterns> patterns_;
};

}  // namespace yard::rest
