#include "api/rest/middleware.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "api/http/gzip.h"
#include "base/log.h"
#include "base/uuid.h"

namespace yard::rest {
namespace {

constexpr std::array kCacheablePrefixes = {"/static",
                                           "/_next/static",
                                           "/assets",
                                           "/images",
                                           "/css",
                                           "/js",
                                           "/fonts",
                                           "/api/health",
                                           "/api/v1/health",
                                           "/api/status",
                                           "/api/blocks",
                                           "/api/v1/blocks",
                                           "/api/store/agents",
                                           "/api/v1/store/agents",
                                           "/api/store/categories",
                                           "/api/v1/store/categories",
                                           "/api/store/featured",
                                           "/api/v1/store/featured",
                                           "/api/graphs/templates",
                                           "/api/v1/graphs/templates",
                                           "/api/docs",
                                           "/api/v1/docs",
                                           "/docs",
                                           "/swagger",
                                           "/openapi.json",
                                           "/favicon.ico",
                                           "/manifest.json",
                                           "/robots.txt",
                                           "/sitemap.xml"};

// Sends finished answers to the responder it owns.
class FinishingSink final : public http::ResponseSink {
public:
    FinishingSink(const http::Request& request, std::string request_id, const Cors& cors,
                  const Clock& clock, http::Responder responder)
        : cors_(cors),
          clock_(clock),
          responder_(std::move(responder)),
          request_id_(std::move(request_id)),
          method_(request.method),
          path_(request.path()),
          origin_(request.headers.Get("origin")),
          address_(request.remote_address),
          is_preflight_(Cors::IsPreflight(request)),
          accepts_gzip_(http::AcceptsGzip(request)),
          started_ns_(clock.MonotonicNs()) {}

    void Send(http::Response response) override {
        Finish(response);
        if (!is_preflight_) Compress(accepts_gzip_, response);
        size_t bytes = response.body_view().size();
        int status = response.status;
        responder_.Send(std::move(response));
        LogAccess(status, bytes);
    }

    void StartStream(http::Response head) override {
        Finish(head);
        LogAccess(head.status, 0);
        stream_.emplace(responder_.StartStream(std::move(head)));
    }
    bool Write(std::string chunk) override { return stream_ && stream_->Write(std::move(chunk)); }
    void Finish() override {
        if (stream_) stream_->Finish();
    }
    void Abort() override {
        if (stream_) stream_->Abort();
    }
    bool closed() const override { return stream_ ? stream_->closed() : responder_.closed(); }
    size_t buffered_bytes() const override { return stream_ ? stream_->buffered_bytes() : 0; }

private:
    void Finish(http::Response& response) const {
        if (!is_preflight_) {
            AddSecurityHeaders(path_, response);
            cors_.AddHeaders(origin_, response);
        }
        response.headers.Set("X-Request-Id", request_id_);
    }

    void LogAccess(int status, size_t bytes) const {
        if (!LogEnabled(LogLevel::kInfo)) return;
        int64_t took_us = (clock_.MonotonicNs() - started_ns_) / 1000;
        LogInfo("rest", "request",
                {{"method", method_},
                 {"path", path_},
                 {"status", std::to_string(status)},
                 {"bytes", std::to_string(bytes)},
                 {"us", std::to_string(took_us)},
                 {"client", address_},
                 {"request_id", request_id_}});
    }

    const Cors& cors_;
    const Clock& clock_;
    http::Responder responder_;
    std::optional<http::ResponseStream> stream_;
    const std::string request_id_;
    const std::string method_;
    const std::string path_;
    const std::string origin_;
    const std::string address_;
    const bool is_preflight_;
    const bool accepts_gzip_;
    const int64_t started_ns_;
};

}  // namespace

bool IsCacheable(std::string_view path) {
    return std::any_of(kCacheablePrefixes.begin(), kCacheablePrefixes.end(),
                       [&](std::string_view prefix) { return path.starts_with(prefix); });
}

void AddSecurityHeaders(std::string_view path, http::Response& response) {
    response.headers.Set("X-Content-Type-Options", "nosniff");
    response.headers.Set("X-Frame-Options", "DENY");
    response.headers.Set("X-XSS-Protection", "1; mode=block");
    response.headers.Set("Referrer-Policy", "strict-origin-when-cross-origin");
    if (path.find("/public/shared") != std::string_view::npos) {
        response.headers.Set("X-Robots-Tag", "noindex, nofollow");
    }
    if (IsCacheable(path)) return;
    response.headers.Set("Cache-Control", "no-store, no-cache, must-revalidate, private");
    response.headers.Set("Pragma", "no-cache");
    response.headers.Set("Expires", "0");
}

void Compress(bool accepted, http::Response& response) {
    // Level 6 is within a few per cent of level 9's size at a third of its time.
    constexpr int kLevel = 6;
    if (response.headers.Has("content-encoding")) return;
    if (response.body_view().size() < kGzipBytesMin) return;
    response.headers.Add("vary", "Accept-Encoding");
    if (!accepted) return;
    response.body = http::GzipCompress(response.body_view(), kLevel);
    response.shared_body.reset();
    response.headers.Set("content-encoding", "gzip");
}

std::string RequestIdOf(const http::Request& request) {
    constexpr size_t kLengthMax = 128;
    std::string_view given = request.headers.Get("x-request-id");
    bool is_plain = std::all_of(given.begin(), given.end(), [](unsigned char c) {
        return std::isalnum(c) || c == '-' || c == '_' || c == '.' || c == ':';
    });
    if (given.empty() || given.size() > kLengthMax || !is_plain) return NewUuid();
    return std::string(given);
}

std::shared_ptr<http::ResponseSink> MakeFinishingSink(const http::Request& request,
                                                      std::string request_id, const Cors& cors,
                                                      const Clock& clock,
                                                      http::Responder responder) {
    return std::make_shared<FinishingSink>(request, std::move(request_id), cors, clock,
                                           std::move(responder));
}

}  // namespace yard::rest
