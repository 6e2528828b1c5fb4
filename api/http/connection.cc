#include "api/http/connection.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <utility>

#include "api/http/handler_pool.h"
#include "base/log.h"

namespace yard::http {
namespace {

using std::chrono_literals::operator""s;

constexpr size_t kReadBytes = 64 << 10;
constexpr size_t kBodyProgressBytes = 16 << 10;
constexpr size_t kGatherBlocks = 16;
constexpr auto kLingerIdle = 2s;
constexpr auto kLingerTotal = 30s;
constexpr auto kNever = ConnectionHost::TimePoint::max();

bool IsTransient(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

void Count(std::atomic<uint64_t>& counter) { counter.fetch_add(1, std::memory_order_relaxed); }

Response PlainError(int status, std::string_view message) {
    std::string body = R"({"detail":")";
    body.append(message).append("\"}");
    return MakeResponse(status, "application/json", std::move(body));
}

// True if the response was illegal and is a 500 instead.
bool ReplaceIllegal(Response& response) {
    std::string_view fault = FindFault(response);
    if (fault.empty()) return false;
    LogError("http", "A handler's response is illegal; the client gets a 500.",
             {{"fault", std::string(fault)}});
    response = PlainError(500, "Internal Server Error");
    return true;
}

std::string FrameChunk(std::string_view chunk) {
    char size[20];
    auto end = std::to_chars(size, size + sizeof size, chunk.size(), 16).ptr;
    std::string framed;
    framed.reserve(chunk.size() + sizeof size + 4);
    framed.append(size, end).append("\r\n").append(chunk).append("\r\n");
    return framed;
}

}  // namespace

ConnectionHost::ConnectionHost(const ServerOptions& server_options, const Handler& request_handler,
                               std::shared_ptr<Mailbox> own_mailbox)
    : options(server_options),
      handler(request_handler),
      limits{options.url_bytes_max, options.header_bytes_max, options.header_fields_max,
             options.body_bytes_max},
      mailbox(std::move(own_mailbox)),
      read_buffer(kReadBytes) {}

Connection::Connection(int fd, std::string remote_address, uint16_t remote_port,
                       ConnectionHost& host)
    : fd_(fd),
      remote_address_(std::move(remote_address)),
      remote_port_(remote_port),
      host_(host),
      parser_(host.limits),
      deadline_(host.now + host.options.header_timeout) {}

Connection::~Connection() { CloseDescriptor(); }

void Connection::CloseDescriptor() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

// ---- Reading
// ---------------------------------------------------------------------------------------------------

void Connection::OnReadable() {
    if (state_ == State::kClosed) return;
    if (state_ != State::kReading && state_ != State::kLingering) {
        // Pipelined requests, and the end of the input, wait in the kernel until the answer is out.
        SetInterest(false, wants_writable_);
        return;
    }
    ssize_t got = ::recv(fd_, host_.read_buffer.data(), host_.read_buffer.size(), 0);
    if (got < 0 && IsTransient(errno)) return;
    if (got <= 0) return Close();
    if (state_ == State::kLingering) {
        deadline_ = std::min(linger_end_, host_.now + kLingerIdle);
        return;
    }
    Process({host_.read_buffer.data(), static_cast<size_t>(got)});
}

void Connection::Process(std::string_view input) {
    processing_ = true;
    while (state_ == State::kReading && !input.empty()) {
        size_t consumed = parser_.Consume(input);
        input.remove_prefix(consumed);
        if (parser_.state() == RequestParser::State::kFailed) {
            Refuse(parser_.status(), parser_.message());
        } else if (parser_.state() == RequestParser::State::kDone) {
            Dispatch();
        } else {
            if (parser_.TakeContinueWish()) Transmit("HTTP/1.1 100 Continue\r\n\r\n", {});
            ArmReadDeadline(consumed);
        }
    }
    processing_ = false;
    if (state_ != State::kLingering && state_ != State::kClosed) input_.assign(input);
}

void Connection::ArmReadDeadline(size_t bytes) {
    RequestParser::State phase = parser_.state();
    body_progress_bytes_ += bytes;
    bool is_progress =
        phase == RequestParser::State::kBody && body_progress_bytes_ >= kBodyProgressBytes;
    if (phase == phase_ && !is_progress) return;
    phase_ = phase;
    body_progress_bytes_ = 0;
    deadline_ = host_.now + (phase == RequestParser::State::kHead ? host_.options.header_timeout
                                                                  : host_.options.body_timeout);
}

void Connection::Dispatch() {
    RequestParser::Parsed parsed = parser_.Take();
    Request& request = parsed.request;
    request.remote_address = remote_address_;
    request.remote_port = remote_port_;
    is_http10_ = parsed.is_http10;
    is_head_ = request.method == "HEAD";
    keep_alive_ = request.keep_alive;
    state_ = State::kHandling;
    deadline_ = kNever;
    Count(host_.counters.requests);
    auto exchange = std::make_shared<Exchange>(shared_from_this(), host_.mailbox,
                                               host_.options.stream_buffer_bytes_max);
    current_ = exchange;
    CallHandler(host_.handler, std::move(request), Responder(exchange));
    exchange->LeaveHandler();
}

void Connection::Refuse(int status, std::string_view message) {
    Count(host_.counters.refused_requests);
    state_ = State::kFlushing;
    keep_alive_ = false;
    is_head_ = false;
    SendResponse(PlainError(status, message), BodyFraming::kLength);
    Complete();
}

// ---- Answers
// ---------------------------------------------------------------------------------------------------

void Connection::Answer(Exchange& exchange, Response response) {
    if (!IsCurrent(exchange, State::kHandling)) return;
    ReplaceIllegal(response);
    state_ = State::kFlushing;
    keep_alive_ = keep_alive_ && !host_.draining;
    SendResponse(std::move(response), BodyFraming::kLength);
    Complete();
}

void Connection::StartStream(Exchange& exchange, Response head) {
    if (!IsCurrent(exchange, State::kHandling)) return;
    if (ReplaceIllegal(head)) return Answer(exchange, std::move(head));
    state_ = State::kStreaming;
    keep_alive_ = keep_alive_ && !host_.draining && !is_http10_;
    body_is_suppressed_ = is_head_ || !AllowsBody(head.status);
    SendResponse(std::move(head), is_http10_ ? BodyFraming::kUntilClose : BodyFraming::kChunked);
}

void Connection::WriteChunk(Exchange& exchange, std::string chunk) {
    size_t bytes = chunk.size();
    if (!IsCurrent(exchange, State::kStreaming) || body_is_suppressed_)
        return exchange.CreditBuffered(bytes);
    OutBlock block;
    block.owned = is_http10_ ? std::move(chunk) : FrameChunk(chunk);
    block.creditor = current_;
    block.credit = bytes;
    Transmit({}, std::move(block));
}

void Connection::FinishStream(Exchange& exchange) {
    if (!IsCurrent(exchange, State::kStreaming)) return;
    state_ = State::kFlushing;
    if (!is_http10_ && !body_is_suppressed_) Transmit("0\r\n\r\n", {});
    Complete();
}

void Connection::AbortStream(Exchange& exchange) {
    if (IsCurrent(exchange, State::kStreaming)) Reset();
}

void Connection::Complete() {
    if (state_ == State::kClosed) return;
    if (current_) current_->MarkClosed();
    current_.reset();
    if (out_.empty()) AfterFlush();
}

void Connection::AfterFlush() {
    if (keep_alive_) {
        EnterReading();
    } else {
        StartLinger();
    }
}

void Connection::EnterReading() {
    state_ = State::kReading;
    phase_ = RequestParser::State::kIdle;
    deadline_ = host_.now + host_.options.idle_timeout;
    SetInterest(true, false);
    if (!processing_ && !input_.empty()) Process(std::exchange(input_, {}));
}

// Closing at once with unread input makes the kernel send a RST, which can overtake the answer.
void Connection::StartLinger() {
    // A stopping server does not wait for clients that have nothing left to say.
    bool has_read_all = parser_.state() == RequestParser::State::kIdle && input_.empty();
    if (host_.draining && has_read_all) return Close();
    state_ = State::kLingering;
    input_.clear();
    linger_end_ = host_.now + kLingerTotal;
    deadline_ = host_.now + kLingerIdle;
    ::shutdown(fd_, SHUT_WR);
    SetInterest(true, false);
}

// ---- Writing
// ---------------------------------------------------------------------------------------------------

void Connection::SendResponse(Response response, BodyFraming framing) {
    host_.head_buffer.clear();
    AppendHead(host_.head_buffer, response, {framing, keep_alive_, is_http10_, host_.date});
    OutBlock body;
    if (framing == BodyFraming::kLength && !is_head_ && AllowsBody(response.status)) {
        body.owned = std::move(response.body);
        body.shared = std::move(response.shared_body);
    }
    Transmit(host_.head_buffer, std::move(body));
}

// Sends what the kernel takes now and queues the rest.
void Connection::Transmit(std::string_view head, OutBlock block) {
    size_t sent = out_.empty() ? SendNow(head, block.rest()) : 0;
    if (state_ == State::kClosed) return;
    if (sent < head.size()) {
        OutBlock head_block;
        head_block.owned = head.substr(sent);
        out_.push_back(std::move(head_block));
    }
    block.sent = sent - std::min(sent, head.size());
    out_.push_back(std::move(block));
    DropSent(0);
    if (out_.empty()) return;
    if (state_ != State::kReading) deadline_ = host_.now + host_.options.write_timeout;
    SetInterest(wants_readable_, true);
}

size_t Connection::SendNow(std::string_view head, std::string_view body) {
    std::array<iovec, 2> parts = {iovec{const_cast<char*>(head.data()), head.size()},
                                  iovec{const_cast<char*>(body.data()), body.size()}};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    ssize_t sent = ::sendmsg(fd_, &message, MSG_NOSIGNAL);
    if (sent >= 0) return static_cast<size_t>(sent);
    if (!IsTransient(errno)) Close();
    return 0;
}

void Connection::OnWritable() {
    if (state_ == State::kClosed || out_.empty()) return;
    std::array<iovec, kGatherBlocks> parts{};
    msghdr message{};
    message.msg_iov = parts.data();
    for (const OutBlock& block : out_) {
        if (message.msg_iovlen == parts.size()) break;
        std::string_view rest = block.rest();
        parts[message.msg_iovlen++] = {const_cast<char*>(rest.data()), rest.size()};
    }
    ssize_t sent = ::sendmsg(fd_, &message, MSG_NOSIGNAL);
    if (sent < 0) {
        if (!IsTransient(errno)) Close();
        return;
    }
    DropSent(static_cast<size_t>(sent));
    if (!out_.empty()) {
        if (state_ != State::kReading) deadline_ = host_.now + host_.options.write_timeout;
        return;
    }
    SetInterest(wants_readable_, false);
    if (state_ == State::kStreaming) deadline_ = kNever;
    if (state_ == State::kFlushing) AfterFlush();
}

void Connection::DropSent(size_t bytes) {
    while (!out_.empty()) {
        OutBlock& block = out_.front();
        size_t taken = std::min(bytes, block.rest().size());
        block.sent += taken;
        bytes -= taken;
        if (!block.rest().empty()) return;
        if (block.creditor) block.creditor->CreditBuffered(block.credit);
        out_.pop_front();
    }
}

void Connection::SetInterest(bool readable, bool writable) {
    if (readable == wants_readable_ && writable == wants_writable_) return;
    wants_readable_ = readable;
    wants_writable_ = writable;
    host_.SetInterest(fd_, readable, writable);
}

// ---- The end
// ---------------------------------------------------------------------------------------------------

void Connection::OnTick() {
    if (state_ == State::kClosed || host_.now < deadline_) return;
    if (state_ == State::kLingering) return Close();
    Count(host_.counters.timeouts);
    if (state_ != State::kReading) return Reset();
    switch (phase_) {
        case RequestParser::State::kHead:
            return Refuse(408, "The request's head took too long to arrive.");
        case RequestParser::State::kBody:
            return Refuse(408, "The request's body took too long to arrive.");
        case RequestParser::State::kIdle:
        case RequestParser::State::kDone:
        case RequestParser::State::kFailed: return Close();
    }
}

void Connection::Drain() {
    // A request may have arrived that the reactor has not reported yet.
    if (state_ == State::kReading && phase_ == RequestParser::State::kIdle) OnReadable();
    if (state_ == State::kReading && phase_ == RequestParser::State::kIdle) Close();
}

void Connection::Close() {
    if (state_ == State::kClosed) return;
    state_ = State::kClosed;
    if (current_) current_->MarkClosed();
    current_.reset();
    out_.clear();
    host_.Retire(*this);
}

// The RST tells also those clients that the answer is incomplete which read until the connection
// ends.
void Connection::Reset() {
    linger at_once{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    Close();
}

}  // namespace yard::http
