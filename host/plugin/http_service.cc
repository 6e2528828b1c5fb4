// blk.http/1: requests of blocks. The credential is added here, so a block never sees the secret.

#include <algorithm>
#include <cctype>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/crypto.h"
#include "base/utf8.h"
#include "host/credentials/url_host.h"
#include "host/plugin/block_runtime.h"
#include "host/plugin/call.h"
#include "host/plugin/services.h"

namespace yard::plugin {
namespace {

constexpr uint64_t kHeadersMax = 100;
constexpr uint64_t kHeaderBytesMax = 64u << 10;
constexpr uint64_t kUrlBytesMax = 16u << 10;
constexpr uint64_t kBodyBytesMax = 64u << 20;

std::string_view Text(blk_str text) {
    return text.ptr == nullptr ? std::string_view() : std::string_view(text.ptr, text.len);
}

bool IsToken(std::string_view text) {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](unsigned char c) {
        return std::isalnum(c) != 0 || kMarks.find(static_cast<char>(c)) != std::string_view::npos;
    });
}

bool IsHeaderValue(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

Result<HttpRequest> ReadRequest(const blk_http_request& raw) {
    HttpRequest request;
    request.method = raw.method.len == 0 ? "GET" : std::string(Text(raw.method));
    if (!IsToken(request.method) || request.method.size() > 16) {
        return Invalid("the request's method is not valid");
    }
    request.url = Text(raw.url);
    if (request.url.size() > kUrlBytesMax || credentials::HostOfUrl(request.url).empty()) {
        return Invalid("the request's URL is not a valid http or https URL");
    }
    if (raw.header_count > kHeadersMax || (raw.header_count > 0 && raw.headers == nullptr)) {
        return Invalid("the request has more than " + std::to_string(kHeadersMax) + " headers");
    }
    size_t bytes = 0;
    for (uint64_t i = 0; i < raw.header_count; ++i) {
        const std::string_view name = Text(raw.headers[i].name);
        const std::string_view value = Text(raw.headers[i].value);
        bytes += name.size() + value.size();
        if (!IsToken(name) || !IsHeaderValue(value) || bytes > kHeaderBytesMax) {
            return Invalid("a header of the request is not valid or too large");
        }
        request.headers.emplace_back(name, value);
    }
    if (raw.body.len > kBodyBytesMax) return Invalid("the request's body is too large");
    request.body = Text(raw.body);
    request.timeout_ms = raw.timeout_ms;
    request.response_bytes_max = raw.max_response;
    request.sse = (raw.flags & BLK_HTTP_SSE) != 0;
    request.follow_redirects = (raw.flags & BLK_HTTP_NO_REDIRECT) == 0;
    return request;
}

void SetHeader(HttpRequest& request, std::string name, std::string value) {
    const auto same = [&](const auto& header) {
        return std::equal(
            header.first.begin(), header.first.end(), name.begin(), name.end(),
            [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
    };
    std::erase_if(request.headers, same);
    request.headers.emplace_back(std::move(name), std::move(value));
}

std::string PercentEncode(std::string_view text) {
    constexpr char kDigits[] = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~') {
            encoded += c;
        } else {
            encoded += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
        }
    }
    return encoded;
}

void AddToQuery(std::string& url, std::string_view name, std::string_view value) {
    const size_t fragment = url.find('#');
    if (fragment != std::string::npos) url.erase(fragment);
    url += url.find('?') == std::string::npos ? '?' : '&';
    url += PercentEncode(name) + "=" + PercentEncode(value);
}

Result<Ok> AddCredential(const credentials::Credential& credential, std::string_view scheme,
                         HttpRequest& request) {
    const std::string host = credentials::HostOfUrl(request.url);
    if (!credential.MaySendTo(host)) {
        return NotAllowed("the credentials for " + credential.provider +
                          " may not be sent to the host " + host);
    }
    const std::string& secret = credential.secret;
    if (secret.empty()) return Ok{};
    if (!IsHeaderValue(secret)) {
        return Invalid("the credentials for " + credential.provider + " contain a line break");
    }
    if (scheme.empty() || scheme == "bearer") {
        SetHeader(request, "Authorization", "Bearer " + secret);
    } else if (scheme == "basic") {
        // Where an API key is all there is, it stands for the user name.
        const std::string pair =
            credential.user_name.empty() ? secret + ":" : credential.user_name + ":" + secret;
        SetHeader(request, "Authorization", "Basic " + Base64Encode(pair));
    } else if (scheme.starts_with("header:") && IsToken(scheme.substr(7))) {
        SetHeader(request, std::string(scheme.substr(7)), secret);
    } else if (scheme.starts_with("query:") && scheme.size() > 6) {
        AddToQuery(request.url, scheme.substr(6), secret);
    } else {
        return Invalid("the authentication scheme '" + std::string(scheme.substr(0, 40)) +
                       "' is unknown: use bearer, basic, header:<name> or query:<name>");
    }
    return Ok{};
}

// Passes an answer on to its call. Shared by the HTTP client until the end.
class ResponseSink final : public HttpSink {
public:
    ResponseSink(std::shared_ptr<Call> call, blk_op op) : call_(std::move(call)), op_(op) {}

    void OnHead(int status, const HttpHeaders& headers, const std::string& final_url) override {
        ValueBuilder builder;
        builder.BeginObject().Member("url", Clean(final_url)).Key("headers").BeginObject();
        for (const auto& [name, value] : headers) builder.Member(Clean(name), Clean(value));
        builder.EndObject().EndObject();
        CallEvent event{.kind = BLK_EV_HTTP_HEAD, .op = op_, .status = status};
        event.data = builder.Take();
        call_->Post(std::move(event));
    }
    void OnData(std::string_view chunk) override {
        CallEvent event{.kind = BLK_EV_HTTP_DATA, .op = op_, .status = BLK_OK};
        event.bytes = chunk;
        call_->Post(std::move(event));
    }
    void OnEnd(Result<Ok> outcome) override {
        CallEvent event{.kind = BLK_EV_END, .op = op_, .status = BLK_OK};
        if (!outcome) {
            event.status = StatusOf(outcome.error().kind);
            event.bytes = outcome.error().message;
        }
        call_->Post(std::move(event));
    }

private:
    // Values hold UTF-8 only; servers send what they like.
    static std::string Clean(std::string text) {
        if (IsUtf8(text)) return text;
        std::replace_if(
            text.begin(), text.end(), [](unsigned char c) { return c >= 0x80; }, '?');
        return text;
    }
    static blk_status StatusOf(ErrorKind kind) {
        switch (kind) {
            case ErrorKind::kInvalid: return BLK_E_INVALID;
            case ErrorKind::kNotAllowed: return BLK_E_DENIED;
            case ErrorKind::kTimeout: return BLK_E_TIMEOUT;
            case ErrorKind::kCancelled: return BLK_E_CANCELLED;
            default: return BLK_E_IO;
        }
    }

    const std::shared_ptr<Call> call_;
    const blk_op op_;
};

Result<HttpRequest> Prepare(Call& call, const blk_http_request& raw) {
    HttpRequest request = TRY(ReadRequest(raw));
    const uint64_t limit = call.runtime().options().response_bytes_max;
    if (limit != 0 && (request.response_bytes_max == 0 || request.response_bytes_max > limit)) {
        request.response_bytes_max = limit;
    }
    if (raw.credential == 0) return request;
    const CredentialHandle* known = call.FindCredential(raw.credential);
    if (known == nullptr) return NotAllowed("the credential handle is not one of this call");
    TRY(AddCredential(known->credential, Text(raw.auth_scheme), request));
    return request;
}

blk_status StartRequest(blk_call* raw_call, const blk_http_request* raw, blk_op* op) noexcept {
    Call* call = Call::Of(raw_call);
    if (op == nullptr || !BLK_HAS(raw, auth_scheme)) return BLK_E_INVALID;
    if (!call->IsActive()) return BLK_E_CANCELLED;
    auto request = Prepare(*call, *raw);
    if (!request) {
        call->SetError(request.error().message);
        return request.error().kind == ErrorKind::kNotAllowed ? BLK_E_DENIED : BLK_E_INVALID;
    }
    *op = call->OpenOperation(CallOperation::Kind::kHttp);
    if (*op == 0) return BLK_E_NOMEM;
    const uint64_t id = call->runtime().parts().http.Start(
        std::move(request).value(), std::make_shared<ResponseSink>(call->shared_from_this(), *op));
    call->NameOperation(*op, {.kind = CallOperation::Kind::kHttp, .id = id});
    return BLK_OK;
}

void CancelRequest(blk_call* call, blk_op op) noexcept { Call::Of(call)->CancelOperation(op); }

}  // namespace

const blk_http_api kHttpService{sizeof(blk_http_api), 0, StartRequest, CancelRequest};

}  // namespace yard::plugin
