#include "api/http/request_parser.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <limits>
#include <optional>
#include <utility>

namespace yard::http {
namespace {

namespace beast = boost::beast;
using BeastError = beast::http::error;

constexpr size_t kMethodBytesMax = 32;
constexpr size_t kVersionBytes = sizeof(" HTTP/1.1") - 1;
// "0\r\n\r\n": nothing shorter ends a chunked body, and Beast asserts that it never sees less of a
// last chunk.
constexpr size_t kLastChunkBytes = 5;
// A chunk header or the trailers. Nothing uses extensions; trailers are read and dropped.
constexpr size_t kChunkHeaderBytesMax = 4096;
// Content-Length is a promise, not a reason to allocate all of it at once.
constexpr size_t kBodyReserveBytesMax = 1 << 20;

std::string_view View(beast::string_view text) { return {text.data(), text.size()}; }

bool IsValidTarget(std::string_view target) {
    return !target.empty() && target[0] == '/' &&
           std::all_of(target.begin(), target.end(),
                       [](char c) { return c > 0x20 && c < 0x7f && c != '#'; });
}

bool IsValidHost(std::string_view host) {
    return std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               (c != '\0' &&
                std::string_view(".-_:[]~%!$&'()*+;=").find(c) != std::string_view::npos);
    });
}

// True for "HTTP/2.0" and the like at the end of the request line: well formed, but not ours.
bool HasForeignVersion(std::string_view head) {
    std::string_view line = head.substr(0, head.find('\r'));
    constexpr std::string_view kPattern = "HTTP/d.d";
    if (line.size() <= kPattern.size()) return false;
    std::string_view version = line.substr(line.size() - kPattern.size());
    for (size_t i = 0; i < kPattern.size(); ++i) {
        bool matches =
            kPattern[i] == 'd' ? version[i] >= '0' && version[i] <= '9' : version[i] == kPattern[i];
        if (!matches) return false;
    }
    return version != "HTTP/1.1" && version != "HTTP/1.0";
}

}  // namespace

// Beast checks the grammar and decodes chunks. It calls back; what we refuse on top of it is
// recorded as a status and a sentence, and stops it.
class RequestParser::Framing final : public beast::http::basic_parser<true> {
public:
    explicit Framing(const ParserLimits& limits) : limits_(limits) {
        // Both limits are checked by us first, with the statuses we want; Beast's are wider by a
        // little.
        header_limit(static_cast<uint32_t>(
            std::min<size_t>(limits.header_bytes_max * 2 + kChunkHeaderBytesMax,
                             std::numeric_limits<uint32_t>::max())));
        body_limit(limits.body_bytes_max);
    }

    Request request;
    bool is_http10 = false;
    bool expects_continue = false;
    int refused_status = 0;
    std::string_view refused_message;

private:
    using Code = beast::error_code;

    void Refuse(int status, std::string_view message, Code& code) {
        refused_status = status;
        refused_message = message;
        code = BeastError::bad_value;
    }

    void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target,
                         int version, Code& code) override {
        is_http10 = version == 10;
        request.method.assign(method.data(), method.size());
        request.target.assign(target.data(), target.size());
        if (target.size() > limits_.url_bytes_max) {
            Refuse(414, "The URL is too long.", code);
        } else if (method.size() > kMethodBytesMax) {
            Refuse(400, "The request's method is too long.", code);
        } else if (!IsValidTarget(request.target)) {
            Refuse(400, "The request target must be a path that starts with '/', percent-encoded.",
                   code);
        }
    }

    void on_field_impl(beast::http::field field, beast::string_view name, beast::string_view value,
                       Code& code) override {
        if (head_complete_) return;  // A trailer.
        request.headers.Add(View(name), View(value));
        switch (field) {
            case beast::http::field::host:
                if (++hosts_ > 1 || !IsValidHost(View(value))) {
                    Refuse(400, "The request must have one valid Host header.", code);
                }
                return;
            case beast::http::field::content_length:
                if (++content_lengths_ > 1 ||
                    View(value).find_first_not_of("0123456789") != std::string_view::npos) {
                    Refuse(400, "The request must have at most one Content-Length, digits only.",
                           code);
                }
                return;
            case beast::http::field::transfer_encoding:
                CheckTransferEncoding(View(value), code);
                return;
            case beast::http::field::expect:
                expects_continue = EqualsIgnoreCase(View(value), "100-continue");
                if (!expects_continue)
                    Refuse(417, "The only expectation understood is 100-continue.", code);
                return;
            default: return;
        }
    }

    void CheckTransferEncoding(std::string_view value, Code& code) {
        if (++transfer_encodings_ > 1 || is_http10) {
            Refuse(400,
                   "The request must have at most one Transfer-Encoding, and none in HTTP/1.0.",
                   code);
        } else if (!EqualsIgnoreCase(value, "chunked")) {
            Refuse(501, "The only transfer encoding understood is chunked.", code);
        }
    }

    void on_header_impl(Code& code) override {
        head_complete_ = true;
        request.keep_alive = keep_alive();
        if (!is_http10 && hosts_ == 0)
            Refuse(400, "The request must have one valid Host header.", code);
        if (content_lengths_ > 0 && transfer_encodings_ > 0) {
            Refuse(400, "The request has both Content-Length and Transfer-Encoding.", code);
        }
        expects_continue = expects_continue && !is_http10;
    }

    void on_body_init_impl(const boost::optional<uint64_t>& length, Code& code) override {
        code = {};
        if (length) request.body.reserve(std::min<uint64_t>(*length, kBodyReserveBytesMax));
    }

    size_t on_body_impl(beast::string_view bytes, Code& code) override {
        code = {};
        request.body.append(bytes.data(), bytes.size());
        return bytes.size();
    }

    void on_chunk_header_impl(uint64_t, beast::string_view, Code& code) override { code = {}; }

    size_t on_chunk_body_impl(uint64_t, beast::string_view bytes, Code& code) override {
        return on_body_impl(bytes, code);
    }

    void on_finish_impl(Code& code) override { code = {}; }

    void on_response_impl(int, beast::string_view, int, Code&) override {}  // Only for clients.

    const ParserLimits& limits_;
    bool head_complete_ = false;
    int hosts_ = 0;
    int content_lengths_ = 0;
    int transfer_encodings_ = 0;
};

RequestParser::RequestParser(const ParserLimits& limits)
    : limits_(limits),
      scanner_(limits.url_bytes_max + kMethodBytesMax + kVersionBytes + 1, limits.header_bytes_max,
               limits.header_fields_max) {}

RequestParser::~RequestParser() = default;

size_t RequestParser::Consume(std::string_view bytes) {
    size_t consumed = 0;
    while (consumed < bytes.size() && state_ <= State::kBody) {
        std::string_view rest = bytes.substr(consumed);
        consumed += state_ == State::kBody ? ConsumeBody(rest) : ConsumeHead(rest);
    }
    return consumed;
}

size_t RequestParser::ConsumeHead(std::string_view bytes) {
    state_ = State::kHead;
    size_t consumed = 0;
    switch (scanner_.Scan(bytes, consumed)) {
        case HeadScanner::Verdict::kIncomplete: pending_.append(bytes); return consumed;
        case HeadScanner::Verdict::kIllegal:
            Fail(400, "The request's head has control characters, bad line ends or folded lines.");
            return consumed;
        case HeadScanner::Verdict::kLineTooLong: Fail(414, "The URL is too long."); return consumed;
        case HeadScanner::Verdict::kHeadTooLarge:
            Fail(431, "The request's header fields are too large or too many.");
            return consumed;
        case HeadScanner::Verdict::kComplete: break;
    }
    scanner_.Reset();
    if (pending_.empty()) {
        ParseHead(bytes.substr(0, consumed));
    } else {
        pending_.append(bytes.substr(0, consumed));
        ParseHead(pending_);
        pending_.clear();
    }
    return consumed;
}

void RequestParser::ParseHead(std::string_view head) {
    if (head.starts_with('\r')) head.remove_prefix(2);  // The one blank line that is tolerated.
    framing_ = std::make_unique<Framing>(limits_);
    framing_->request.headers.Reserve(16, head.size());
    beast::error_code code;
    framing_->put({head.data(), head.size()}, code);
    if (framing_->refused_status != 0)
        return Fail(framing_->refused_status, framing_->refused_message);
    if (code == BeastError::body_limit) return Fail(413, "The request's body is too large.");
    if (code == BeastError::bad_version && HasForeignVersion(head)) {
        return Fail(505, "The only versions understood are HTTP/1.1 and HTTP/1.0.");
    }
    if (code) return Fail(400, "The request's head is malformed.");
    state_ = State::kBody;
    continue_wish_ = framing_->expects_continue;
    FinishIfComplete();
}

size_t RequestParser::ConsumeBody(std::string_view bytes) {
    continue_wish_ = false;
    std::string_view input = bytes;
    if (!pending_.empty()) {
        pending_.append(bytes);
        input = pending_;
    }
    const size_t step_bytes_min = framing_->chunked() ? kLastChunkBytes : 1;
    beast::error_code code;
    while (input.size() >= step_bytes_min && !framing_->is_done() && !code) {
        input.remove_prefix(framing_->put({input.data(), input.size()}, code));
    }
    if (code == BeastError::body_limit) {
        Fail(413, "The request's body is too large.");
    } else if (code && code != BeastError::need_more) {
        Fail(400, "The request's chunked body is malformed.");
    } else if (!framing_->is_done() && input.size() > kChunkHeaderBytesMax) {
        Fail(400, "The request's chunk extensions or trailers are too long.");
    }
    size_t left = framing_->is_done() ? input.size() : 0;
    pending_.assign(left == 0 ? std::string(input) : std::string());
    if (state_ != State::kFailed) FinishIfComplete();
    return bytes.size() - left;
}

void RequestParser::FinishIfComplete() {
    if (!framing_->is_done()) return;
    state_ = State::kDone;
    continue_wish_ = false;
}

bool RequestParser::TakeContinueWish() { return std::exchange(continue_wish_, false); }

RequestParser::Parsed RequestParser::Take() {
    Parsed parsed{std::move(framing_->request), framing_->is_http10};
    framing_.reset();
    state_ = State::kIdle;
    return parsed;
}

void RequestParser::Fail(int status, std::string_view message) {
    state_ = State::kFailed;
    status_ = status;
    message_ = message;
    pending_.clear();
}

}  // namespace yard::http
