#include "host/net/http_exchange.h"

#include <utility>

#include "host/net/http_request_text.h"

namespace yard::net {
namespace {

constexpr int kRedirectsMax = 5;
// Of a redirect's body, read only so that the connection can be used again.
constexpr uint64_t kDiscardedBytesMax = 64 << 10;

bool IsRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

Error Cancelled() { return {ErrorKind::kCancelled, "the request was cancelled", {}}; }

}  // namespace

// A connection in use. Forgets the socket before it closes or becomes another exchange's.
class HttpExchange::Lease {
public:
    Lease(Interruption& interruption, std::unique_ptr<Connection> connection)
        : interruption_(interruption), connection_(std::move(connection)) {
        interruption_.Watch(connection_->socket());
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() { interruption_.Unwatch(); }

    Connection* operator->() { return connection_.get(); }
    void Return(ConnectionPool& pool, const std::string& origin) {
        interruption_.Unwatch();
        // A triggered interruption may have shut the socket down.
        if (!interruption_.is_triggered()) pool.Put(origin, std::move(connection_));
    }
    bool received_any = false;

private:
    Interruption& interruption_;
    std::unique_ptr<Connection> connection_;
};

HttpExchange::HttpExchange(plugin::HttpRequest request, std::shared_ptr<plugin::HttpSink> sink)
    : request_(std::move(request)), gate_(std::move(sink)) {}

void HttpExchange::Run(const HttpNetwork& network) {
    Result<Ok> outcome = interruption_.is_triggered() ? Cancelled() : Perform(network);
    {
        const std::lock_guard lock(mutex_);
        if (reason_ && !outcome) outcome = *reason_;
    }
    if (!is_abandoned_) gate_.End(std::move(outcome));
}

void HttpExchange::Fail(Error reason) {
    {
        const std::lock_guard lock(mutex_);
        if (reason_) return;
        reason_ = reason;
    }
    interruption_.Trigger();
    // Run() may be waiting for the resolver, which nothing can interrupt.
    gate_.EndUnlessBusy(std::move(reason));
}

void HttpExchange::Abandon() {
    is_abandoned_ = true;
    interruption_.Trigger();
    gate_.Close();
}

Result<Ok> HttpExchange::Perform(const HttpNetwork& network) {
    TRY(CheckRequest(request_));
    Url url = TRY(ParseUrl(request_.url));
    for (int redirects = 0;; ++redirects) {
        const auto redirect = TRY(Fetch(network, url));
        if (!redirect) return Ok{};
        if (redirects == kRedirectsMax)
            return Unavailable("the server redirected more than 5 times");
        Url target = TRY(ResolveUrl(url, redirect->location));
        RewriteForRedirect(request_, redirect->status, target.Origin() == url.Origin());
        url = std::move(target);
    }
}

Result<std::optional<HttpExchange::Redirect>> HttpExchange::Fetch(const HttpNetwork& network,
                                                                  const Url& url) {
    redirect_.reset();
    const std::string origin = url.Origin();
    if (auto connection = network.pool.Take(origin)) {
        Lease lease(interruption_, std::move(connection));
        const auto reusable = FetchOver(lease, url);
        if (reusable) {
            if (reusable.value()) lease.Return(network.pool, origin);
            return redirect_;
        }
        // The server may have closed it while the request was on its way.
        const bool try_again =
            !lease.received_any && IsIdempotent(request_.method) && !interruption_.is_triggered();
        if (!try_again) return reusable.error();
    }
    const auto addresses = TRY(network.policy.Resolve(url));
    Lease lease(interruption_, TRY(network.connector.Connect(url, addresses, interruption_)));
    if (TRY(FetchOver(lease, url))) lease.Return(network.pool, origin);
    return redirect_;
}

// Whether the connection can be used again.
Result<bool> HttpExchange::FetchOver(Lease& lease, const Url& url) {
    TRY(lease->Send(RequestHead(request_, url)));
    // A server may answer, for example with 413, and close without reading all of the body.
    const auto sent = lease->Send(request_.body);
    HttpResponseParser parser(
        request_.method != "HEAD", [&](const HttpHead& head) { return OnHead(head, url); },
        [&](std::string_view chunk) { return OnBody(chunk); });
    char buffer[16 << 10];
    while (!parser.is_complete()) {
        const auto received = lease->Receive(buffer, sizeof buffer);
        if (interruption_.is_triggered()) return Cancelled();
        if (!received) return sent ? received.error() : sent.error();
        const size_t count = received.value();
        lease.received_any = lease.received_any || count > 0;
        const auto fed = count > 0 ? parser.Feed({buffer, count}) : parser.FeedEnd();
        if (!fed && redirect_) return false;  // What follows a redirect's headers does not matter.
        TRY(fed);
    }
    if (gzip_) TRY(gzip_->FeedEnd());
    return sent.ok() && parser.is_reusable();
}

Result<Ok> HttpExchange::OnHead(const HttpHead& head, const Url& url) {
    body_bytes_ = 0;
    const std::string_view location = head.Get("location");
    if (request_.follow_redirects && IsRedirect(head.status) && !location.empty()) {
        redirect_ = {head.status, std::string(location)};
        return Ok{};
    }
    plugin::HttpHeaders headers = head.headers;
    if (AsksForGzip(request_) && head.Get("content-encoding") == "gzip") {
        gzip_ = std::make_unique<GzipDecoder>(
            [this](std::string_view chunk) { return OnDecoded(chunk); });
        std::erase_if(headers, [](const auto& header) {
            return header.first == "content-encoding" || header.first == "content-length";
        });
    }
    const bool is_success = head.status >= 200 && head.status < 300;
    if (request_.sse && is_success && head.Get("content-type").starts_with("text/event-stream")) {
        sse_ = std::make_unique<SseParser>(
            [this](std::string_view data) { is_gate_open_ = is_gate_open_ && gate_.Data(data); });
    }
    is_gate_open_ = gate_.Head(head.status, headers, url.Text());
    return is_gate_open_ ? Result<Ok>(Ok{}) : Cancelled();
}

Result<Ok> HttpExchange::OnBody(std::string_view chunk) {
    if (!redirect_) return gzip_ ? gzip_->Feed(chunk) : OnDecoded(chunk);
    body_bytes_ += chunk.size();
    if (body_bytes_ <= kDiscardedBytesMax) return Ok{};
    return Unavailable("the redirect's body is too large");
}

Result<Ok> HttpExchange::OnDecoded(std::string_view chunk) {
    body_bytes_ += chunk.size();
    if (body_bytes_ > request_.response_bytes_max) {
        return Error{
            ErrorKind::kTooLarge,
            "the answer is larger than " + std::to_string(request_.response_bytes_max) + " bytes",
            {}};
    }
    if (sse_) {
        sse_->Feed(chunk);
    } else {
        is_gate_open_ = gate_.Data(chunk);
    }
    return is_gate_open_ ? Result<Ok>(Ok{}) : Cancelled();
}

}  // namespace yard::net
