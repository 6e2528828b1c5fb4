// Turns bytes into requests, without sockets. Strict: what two programs could read differently is
// refused, because that is how requests are smuggled past a proxy.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "api/http/head_scanner.h"
#include "api/http/request.h"

namespace yard::http {

struct ParserLimits {
    size_t url_bytes_max;
    size_t header_bytes_max;
    size_t header_fields_max;
    size_t body_bytes_max;
};

// One per connection, for one thread.
class RequestParser {
public:
    enum class State {
        kIdle,    // Not one byte of the next request yet.
        kHead,    // Inside request line or fields.
        kBody,    // The head is complete, the body is not.
        kDone,    // Take() the request.
        kFailed,  // status() and message() say why; the connection cannot be used any more.
    };

    explicit RequestParser(const ParserLimits& limits);
    ~RequestParser();

    // Takes bytes up to the end of the current request and returns how many; the rest belongs to
    // the next one. Consumes nothing when done or failed.
    size_t Consume(std::string_view bytes);

    State state() const { return state_; }

    // True once per request, if the client waits for "100 Continue" before it sends the body.
    bool TakeContinueWish();

    // Precondition: state() == kDone. Afterwards the parser is idle.
    struct Parsed {
        Request request;
        bool is_http10 = false;
    };
    Parsed Take();

    // Precondition: state() == kFailed.
    int status() const { return status_; }
    std::string_view message() const { return message_; }

private:
    class Framing;  // Boost.Beast's parser and our rules on top of it.

    size_t ConsumeHead(std::string_view bytes);
    size_t ConsumeBody(std::string_view bytes);
    void ParseHead(std::string_view head);
    void FinishIfComplete();
    void Fail(int status, std::string_view message);

    const ParserLimits limits_;
    State state_ = State::kIdle;
    HeadScanner scanner_;
    std::string pending_;  // An incomplete head or chunk header; bounded by header_bytes_max.
    std::unique_ptr<Framing> framing_;
    bool continue_wish_ = false;
    int status_ = 0;
    std::string_view message_;  // A literal.
};

}  // namespace yard::http
