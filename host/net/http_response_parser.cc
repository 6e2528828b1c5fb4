#include "host/net/http_response_parser.h"

#include <http_parser.h>

#include <algorithm>

#include "base/utf8.h"

namespace yard::net {
namespace {

constexpr size_t kHeadersMax = 1000;

// Header values are bytes; what is not UTF-8 is taken for Latin-1, as HTTP/1.0 defined it.
std::string ToUtf8(const std::string& bytes) {
    if (IsUtf8(bytes)) return bytes;
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            text += c;
        } else {
            text += static_cast<char>(0xc0 | byte >> 6);
            text += static_cast<char>(0x80 | (byte & 0x3f));
        }
    }
    return text;
}

}  // namespace

std::string_view HttpHead::Get(std::string_view lower_case_name) const {
    const auto found = std::find_if(headers.begin(), headers.end(), [&](const auto& header) {
        return header.first == lower_case_name;
    });
    return found == headers.end() ? std::string_view() : found->second;
}

// Each callback returns 0 to go on.
struct HttpResponseParser::Machine {
    http_parser parser;

    static HttpResponseParser& Self(http_parser* parser) {
        return *static_cast<HttpResponseParser*>(parser->data);
    }
    static int Name(http_parser* parser, const char* text, size_t size) {
        HttpResponseParser& self = Self(parser);
        if (self.in_value_) self.FinishHeader();
        self.name_.append(text, size);
        return self.fault_ ? 0 : 1;
    }
    static int Value(http_parser* parser, const char* text, size_t size) {
        HttpResponseParser& self = Self(parser);
        self.in_value_ = true;
        self.value_.append(text, size);
        return 0;
    }
    static int HeadersComplete(http_parser* parser) {
        HttpResponseParser& self = Self(parser);
        if (self.in_value_) self.FinishHeader();
        if (parser->status_code == 101) {
            self.fault_ = Unavailable("the server switched to another protocol");
        }
        if (!self.fault_) return -1;
        if (parser->status_code < 200) return 0;
        self.head_.status = parser->status_code;
        self.head_done_ = true;
        self.fault_ = self.on_head_(self.head_);
        if (!self.fault_) return -1;
        // 1: there is no body, whatever the headers say.
        const bool has_body =
            self.has_body_ && parser->status_code != 204 && parser->status_code != 304;
        return has_body ? 0 : 1;
    }
    static int Body(http_parser* parser, const char* data, size_t size) {
        HttpResponseParser& self = Self(parser);
        self.fault_ = self.on_body_({data, size});
        return self.fault_ ? 0 : 1;
    }
    static int MessageComplete(http_parser* parser) {
        HttpResponseParser& self = Self(parser);
        if (!self.head_done_) {
            self.head_ = {};  // It was an interim answer.
            return 0;
        }
        self.is_complete_ = true;
        self.is_reusable_ = http_should_keep_alive(parser) != 0;
        http_parser_pause(parser, 1);
        return 0;
    }
};

HttpResponseParser::HttpResponseParser(bool has_body, OnHead on_head, OnBody on_body)
    : has_body_(has_body),
      on_head_(std::move(on_head)),
      on_body_(std::move(on_body)),
      machine_(std::make_unique<Machine>()) {
    http_parser_init(&machine_->parser, HTTP_RESPONSE);
    machine_->parser.data = this;
}

HttpResponseParser::~HttpResponseParser() = default;

void HttpResponseParser::FinishHeader() {
    in_value_ = false;
    for (char& c : name_) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    const std::string name = std::move(name_);
    const std::string value = ToUtf8(std::move(value_));
    name_.clear();
    value_.clear();
    if (head_done_) return;  // A trailer.
    const auto known = std::find_if(head_.headers.begin(), head_.headers.end(),
                                    [&](const auto& header) { return header.first == name; });
    if (known != head_.headers.end()) {
        known->second += ", " + value;
    } else if (head_.headers.size() < kHeadersMax) {
        head_.headers.emplace_back(name, value);
    } else {
        fault_ = Unavailable("the answer has more than 1000 headers");
    }
}

Result<Ok> HttpResponseParser::Execute(const char* data, size_t size) {
    static const http_parser_settings settings = [] {
        http_parser_settings made;
        http_parser_settings_init(&made);
        made.on_header_field = Machine::Name;
        made.on_header_value = Machine::Value;
        made.on_headers_complete = Machine::HeadersComplete;
        made.on_body = Machine::Body;
        made.on_message_complete = Machine::MessageComplete;
        return made;
    }();
    const size_t parsed = http_parser_execute(&machine_->parser, &settings, data, size);
    if (!fault_) return fault_;
    if (is_complete_) {
        // Bytes after the answer were not asked for: they would belong to the next one.
        if (parsed != size) is_reusable_ = false;
        return Ok{};
    }
    const auto code = static_cast<http_errno>(machine_->parser.http_errno);
    if (code == HPE_OK && parsed == size) return Ok{};
    if (code == HPE_HEADER_OVERFLOW) return Unavailable("the answer's headers are too large");
    if (size == 0) return Unavailable("the server closed the connection before its answer ended");
    return Unavailable(std::string("the answer is not valid HTTP: ") +
                       http_errno_description(code));
}

Result<Ok> HttpResponseParser::Feed(std::string_view bytes) {
    if (is_complete_ || bytes.empty()) return Ok{};
    return Execute(bytes.data(), bytes.size());
}

Result<Ok> HttpResponseParser::FeedEnd() {
    if (is_complete_) return Ok{};
    TRY(Execute(nullptr, 0));
    is_reusable_ = false;
    if (is_complete_) return Ok{};
    return Unavailable("the server closed the connection before its answer ended");
}

}  // namespace yard::net
