#include "tests/fakes/openai_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cctype>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <string_view>
#include <thread>

#include "base/json.h"
#include "base/value.h"
#include "tests/fakes/openai_reply.h"

namespace yard::fakes {
namespace {

constexpr int kPollMs = 20;  // How soon the end of the server is noticed.
constexpr size_t kRequestBytesMax = 64u << 20;
constexpr size_t kRememberedMax = 10'000;  // Requests; a benchmark sends more.
constexpr std::chrono::seconds kPatience{10};

size_t ContentLength(std::string_view head) {
    constexpr std::string_view kName = "\r\ncontent-length:";
    for (size_t at = 0; (at = head.find("\r\n", at)) != std::string_view::npos; at += 2) {
        if (head.size() - at < kName.size()) break;
        if (::strncasecmp(head.data() + at, kName.data(), kName.size()) != 0) continue;
        size_t length = 0;
        const size_t digit = head.find_first_not_of(' ', at + kName.size());
        if (digit == std::string_view::npos) return 0;
        std::from_chars(head.data() + digit, head.data() + head.size(), length);
        return length;
    }
    return 0;
}

ProviderAnswer AnswerTo(const ProviderRequest& request) {
    const bool is_anthropic = request.path.ends_with("/v1/messages");
    if (!is_anthropic && !request.path.ends_with("/chat/completions")) {
        return OpenAiServer::Failing(404, "there is nothing at " + request.path);
    }
    const std::string text = ReplyTo(request.body);
    if (text.empty()) return OpenAiServer::Failing(400, "the body has no list of messages");
    const size_t bytes = request.body.size();
    return {.body = is_anthropic ? AnthropicBody(text, bytes) : OpenAiBody(text, bytes)};
}

std::string TextOf(const ProviderAnswer& answer) {
    std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " Answer\r\n";
    text += "Content-Type: application/json\r\n";
    for (const auto& [name, value] : answer.headers) text += name + ": " + value + "\r\n";
    text += "Content-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n";
    return text + (answer.is_cut ? answer.body.substr(0, answer.body.size() / 2) : answer.body);
}

class Server final : public OpenAiServer {
public:
    Server(int listener, uint16_t port, int delay_ms)
        : listener_(listener), port_(port), delay_(delay_ms) {
        acceptor_ = std::thread([this] { Accept(); });
    }
    ~Server() override {
        {
            const std::lock_guard lock(mutex_);
            is_stopping_ = true;
            changed_.notify_all();
        }
        acceptor_.join();
        for (Connection& connection : connections_) connection.thread.join();
        ::close(listener_);
    }

    std::string Origin() const override { return "http://127.0.0.1:" + std::to_string(port_); }
    std::string Url() const override { return Origin() + "/v1"; }
    uint16_t port() const override { return port_; }

    void Script(std::vector<ProviderAnswer> answers) override {
        const std::lock_guard lock(mutex_);
        script_.insert(script_.end(), answers.begin(), answers.end());
    }
    std::vector<ProviderRequest> requests() const override {
        const std::lock_guard lock(mutex_);
        return requests_;
    }
    bool WaitForRequests(size_t count) const override {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, kPatience, [&] { return requests_.size() >= count; });
    }

private:
    struct Connection {
        int socket = -1;
        std::string buffer = {};  // Received and not read yet.
        std::atomic<bool> is_done{false};
        std::thread thread = {};
    };

    void Accept() {
        pollfd entry{listener_, POLLIN, 0};
        while (!is_stopping_) {
            if (::poll(&entry, 1, kPollMs) != 1) continue;
            const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (socket < 0) continue;
            connections_.remove_if([](Connection& old) {
                if (!old.is_done) return false;
                old.thread.join();
                return true;
            });
            Connection& connection = connections_.emplace_back();
            connection.socket = socket;
            connection.thread = std::thread([this, &connection] {
                Serve(connection);
                ::close(connection.socket);
                connection.is_done = true;
            });
        }
    }

    void Serve(Connection& connection) {
        ProviderRequest request;
        while (Read(connection, request)) {
            const ProviderAnswer answer = Take(request);
            if (answer.is_held) {
                while (Fill(connection)) {
                }
                return;
            }
            if (!Pause() || !Send(connection, TextOf(answer)) || answer.is_cut) return;
        }
    }

    ProviderAnswer Take(const ProviderRequest& request) {
        const std::lock_guard lock(mutex_);
        if (requests_.size() < kRememberedMax) requests_.push_back(request);
        changed_.notify_all();
        if (script_.empty()) return AnswerTo(request);
        ProviderAnswer answer = std::move(script_.front());
        script_.pop_front();
        return answer;
    }

    // False when the server stops.
    bool Pause() {
        std::unique_lock lock(mutex_);
        return !changed_.wait_until(lock, std::chrono::steady_clock::now() + delay_,
                                    [this] { return is_stopping_.load(); });
    }

    bool Read(Connection& connection, ProviderRequest& request) {
        std::string& buffer = connection.buffer;
        size_t end = std::string::npos;
        while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
            if (!Fill(connection)) return false;
        }
        request.head = buffer.substr(0, end + 2);
        const size_t size = end + 4 + ContentLength(request.head);
        while (buffer.size() < size) {
            if (!Fill(connection)) return false;
        }
        request.body = buffer.substr(end + 4, size - end - 4);
        buffer.erase(0, size);
        const size_t space = request.head.find(' ');
        const size_t path_end = request.head.find(' ', space + 1);
        if (space == std::string::npos || path_end == std::string::npos) return false;
        request.path = request.head.substr(space + 1, path_end - space - 1);
        return true;
    }

    // False when the client is gone, sends too much, or the server stops.
    bool Fill(Connection& connection) {
        pollfd entry{connection.socket, POLLIN, 0};
        while (::poll(&entry, 1, kPollMs) == 0) {
            if (is_stopping_) return false;
        }
        char bytes[16384];
        const ssize_t count = ::recv(connection.socket, bytes, sizeof bytes, 0);
        if (count > 0) connection.buffer.append(bytes, static_cast<size_t>(count));
        return count > 0 && connection.buffer.size() <= kRequestBytesMax;
    }

    static bool Send(const Connection& connection, std::string_view text) {
        while (!text.empty()) {
            const ssize_t count = ::send(connection.socket, text.data(), text.size(), MSG_NOSIGNAL);
            if (count <= 0) return false;
            text.remove_prefix(static_cast<size_t>(count));
        }
        return true;
    }

    const int listener_;
    const uint16_t port_;
    const std::chrono::milliseconds delay_;
    std::atomic<bool> is_stopping_{false};
    mutable std::mutex mutex_;  // Guards the three below.
    mutable std::condition_variable changed_;
    std::deque<ProviderAnswer> script_;
    std::vector<ProviderRequest> requests_;
    std::list<Connection> connections_;  // Touched by the acceptor, and after its end.
    std::thread acceptor_;
};

}  // namespace

std::unique_ptr<OpenAiServer> OpenAiServer::Start(uint16_t port, int delay_ms) {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    socklen_t size = sizeof address;
    if (::bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener, SOMAXCONN) != 0 ||
        ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        ::close(listener);
        return nullptr;
    }
    return std::make_unique<Server>(listener, ntohs(address.sin_port), delay_ms);
}

ProviderAnswer OpenAiServer::Saying(const std::string& text) {
    return {.body = OpenAiBody(text, 40)};
}

ProviderAnswer OpenAiServer::Failing(int status, const std::string& message) {
    const Value body =
        Value::Object({{"error", Value::Object({{"message", Value::String(message)}})}});
    return {.status = status, .body = WriteJson(body)};
}

}  // namespace yard::fakes
