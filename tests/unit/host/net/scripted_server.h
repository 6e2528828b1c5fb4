// A server on 127.0.0.1 whose answers a test writes byte by byte.

#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace yard::net {

// One accepted connection. Every wait ends when the server is destroyed.
class ServerSide {
public:
    ServerSide(int socket, int number, const std::atomic<bool>& is_stopping)
        : socket_(socket), number_(number), is_stopping_(is_stopping) {}
    ServerSide(const ServerSide&) = delete;
    ServerSide& operator=(const ServerSide&) = delete;
    ~ServerSide() { ::close(socket_); }

    int number() const { return number_; }  // 1 for the server's first connection.

    // Head and body of the next request; empty when the client closed the connection.
    std::string ReadRequest() {
        size_t end = std::string::npos;
        while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
            if (!Fill()) return {};
        }
        size_t size = end + 4;
        const size_t length = buffer_.find("Content-Length: ");
        if (length < end) size += std::stoul(buffer_.substr(length + 16));
        while (buffer_.size() < size) {
            if (!Fill()) return {};
        }
        std::string request = buffer_.substr(0, size);
        buffer_.erase(0, size);
        return request;
    }
    // False when the client is gone.
    bool Write(std::string_view text) {
        while (!text.empty()) {
            const ssize_t count = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
            if (count <= 0) return false;
            text.remove_prefix(static_cast<size_t>(count));
        }
        return true;
    }
    // Waits until the client closes the connection or the server stops.
    void AwaitClose() {
        while (Fill()) {
        }
    }
    // Waits that long for the client to close; false if it did not.
    bool IsClosedWithin(int ms) {
        pollfd entry{socket_, POLLIN, 0};
        char byte = 0;
        return ::poll(&entry, 1, ms) == 1 && ::recv(socket_, &byte, 1, MSG_PEEK) <= 0;
    }
    void Reset() {
        const linger now{1, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }

private:
    bool Fill() {
        pollfd entry{socket_, POLLIN, 0};
        while (::poll(&entry, 1, 20) == 0) {
            if (is_stopping_) return false;
        }
        char bytes[4096];
        const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
        if (count > 0) buffer_.append(bytes, static_cast<size_t>(count));
        return count > 0;
    }

    int socket_;
    int number_;
    const std::atomic<bool>& is_stopping_;
    std::string buffer_;
};

class ScriptedServer {
public:
    using Script = std::function<void(ServerSide&)>;

    // The script runs once per connection, each in a thread of its own.
    explicit ScriptedServer(Script script) : script_(std::move(script)) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(::listen(listener_, 64), 0);
        socklen_t size = sizeof address;
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        acceptor_ = std::thread([this] { Accept(); });
    }
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;
    ~ScriptedServer() {
        is_stopping_ = true;
        acceptor_.join();
        for (std::thread& thread : threads_) thread.join();
        ::close(listener_);
    }

    uint16_t port() const { return port_; }
    std::string Url(const std::string& target = "/") const {
        return "http://127.0.0.1:" + std::to_string(port_) + target;
    }
    int connections() const { return connections_; }

    // A script that answers every request of a connection with `answer`.
    static Script Answering(std::string answer) {
        return [answer](ServerSide& side) {
            while (!side.ReadRequest().empty()) side.Write(answer);
        };
    }

private:
    void Accept() {
        pollfd entry{listener_, POLLIN, 0};
        while (!is_stopping_) {
            if (::poll(&entry, 1, 20) != 1) continue;
            const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            const int number = ++connections_;
            threads_.emplace_back([this, socket, number] {
                ServerSide side(socket, number, is_stopping_);
                script_(side);
            });
        }
    }

    Script script_;
    int listener_ = -1;
    uint16_t port_ = 0;
    std::atomic<bool> is_stopping_{false};
    std::atomic<int> connections_{0};
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

}  // namespace yard::net
