// One client's socket: reads requests, hands them to the handler one at a time, writes the answers.

#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/exchange.h"
#include "api/http/request_parser.h"
#include "api/http/response_head.h"
#include "api/http/server.h"

namespace yard::http {

// Written by one worker, read by anybody.
struct WorkerCounters {
    std::atomic<uint64_t> accepted = 0;
    std::atomic<uint64_t> refused_connections = 0;
    std::atomic<uint64_t> requests = 0;
    std::atomic<uint64_t> refused_requests = 0;
    std::atomic<uint64_t> timeouts = 0;
};

// What a connection needs of the worker that serves it. Used by that worker's thread only.
class ConnectionHost {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    ConnectionHost(const ServerOptions& server_options, const Handler& request_handler,
                   std::shared_ptr<Mailbox> own_mailbox);
    virtual ~ConnectionHost() = default;

    // Which events of the socket are wanted; hang-ups always are.
    virtual void SetInterest(int fd, bool readable, bool writable) = 0;
    // Forgets the connection. Its descriptor stays open until the current round of events is over,
    // so that no event of this round can be taken for one of a new connection with the same number.
    virtual void Retire(Connection& connection) = 0;

    const ServerOptions& options;
    const Handler& handler;
    const ParserLimits limits;
    const std::shared_ptr<Mailbox> mailbox;  // Owners: see Mailbox.
    WorkerCounters counters;
    TimePoint now;     // Of the current round of events.
    std::string date;  // The same as an HTTP date.
    bool draining = false;
    std::vector<char> read_buffer;
    std::string head_buffer;
};

// Belongs to the thread of its host. Owners: the host until Retire(), and exchanges in flight.
class Connection final : public std::enable_shared_from_this<Connection> {
public:
    // Takes over the descriptor.
    Connection(int fd, std::string remote_address, uint16_t remote_port, ConnectionHost& host);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    int fd() const { return fd_; }

    // What the host calls.
    void OnReadable();
    void OnWritable();
    void OnTick();  // Enforces the time-outs.
    void Drain();   // Closes if idle; otherwise the answer in flight is the last one.
    void Close();   // Drops what is in flight.
    void CloseDescriptor();

    // What exchanges call. Calls of an exchange that is not the current one are ignored.
    void Answer(Exchange& exchange, Response response);
    void StartStream(Exchange& exchange, Response head);
    void WriteChunk(Exchange& exchange, std::string chunk);
    void FinishStream(Exchange& exchange);
    void AbortStream(Exchange& exchange);

private:
    enum class State {
        kReading,    // Waiting for the rest of a request. Nothing is owed.
        kHandling,   // The handler owes the answer. Input waits in the kernel.
        kStreaming,  // The handler writes chunks.
        kFlushing,   // The answer is complete but not sent.
        kLingering,  // Sent and shut down; input is discarded so that no RST overtakes the answer.
        kClosed,
    };

    // Bytes that the kernel did not take yet.
    struct OutBlock {
        std::string owned;
        std::shared_ptr<const std::string> shared;  // Instead of `owned`. Owners: see Response.
        size_t sent = 0;
        std::shared_ptr<Exchange> creditor =
            nullptr;  // Told about `credit` bytes when the block is sent.
        size_t credit = 0;

        std::string_view rest() const {
            return std::string_view(shared ? *shared : owned).substr(sent);
        }
    };

    void Process(std::string_view input);
    void Dispatch();
    void Refuse(int status, std::string_view message);
    void ArmReadDeadline(size_t bytes);

    void SendResponse(Response response, BodyFraming framing);
    void Transmit(std::string_view head, OutBlock block);
    size_t SendNow(std::string_view head, std::string_view body);
    void DropSent(size_t bytes);
    void Complete();
    void AfterFlush();
    void EnterReading();
    void StartLinger();
    void Reset();
    void SetInterest(bool readable, bool writable);
    bool IsCurrent(const Exchange& exchange, State state) const {
        return current_.get() == &exchange && state_ == state;
    }

    int fd_;
    const std::string remote_address_;
    const uint16_t remote_port_;
    ConnectionHost& host_;
    RequestParser parser_;
    State state_ = State::kReading;
    RequestParser::State phase_ =
        RequestParser::State::kIdle;  // What `deadline_` was set for while reading.
    ConnectionHost::TimePoint deadline_;
    ConnectionHost::TimePoint linger_end_;
    size_t body_progress_bytes_ = 0;
    std::string input_;  // Pipelined bytes, at most one read's worth.
    std::deque<OutBlock> out_;
    std::shared_ptr<Exchange> current_;
    bool processing_ = false;  // Inside Process().
    bool keep_alive_ = true;
    bool is_http10_ = false;
    bool is_head_ = false;
    bool body_is_suppressed_ = false;
    bool wants_readable_ = true;
    bool wants_writable_ = false;
};

}  // namespace yard::http
