#include "tests/unit/api/http/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "api/http/headers.h"

namespace yard::http {

RawClient::RawClient(uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    timeval limit{5, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&where), sizeof where) != 0) Close();
}

RawClient::RawClient(RawClient&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), buffer_(std::move(other.buffer_)) {}

RawClient::~RawClient() { Close(); }

void RawClient::Close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void RawClient::Reset() {
    linger at_once{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    Close();
}

void RawClient::HalfClose() { ::shutdown(fd_, SHUT_WR); }

bool RawClient::Send(std::string_view bytes) {
    while (!bytes.empty()) {
        ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
}

bool RawClient::Fill(std::chrono::milliseconds wait) {
    if (fd_ < 0) return false;  // poll() would wait for nothing.
    pollfd entry{fd_, POLLIN, 0};
    if (::poll(&entry, 1, static_cast<int>(wait.count())) <= 0) return false;
    char bytes[65536];
    ssize_t got = ::recv(fd_, bytes, sizeof bytes, 0);
    if (got <= 0) return false;
    buffer_.append(bytes, static_cast<size_t>(got));
    return true;
}

bool RawClient::FillUntil(std::string_view mark) {
    while (buffer_.find(mark) == std::string::npos) {
        if (!Fill()) return false;
    }
    return true;
}

bool RawClient::FillTo(size_t bytes) {
    while (buffer_.size() < bytes) {
        if (!Fill()) return false;
    }
    return true;
}

std::string RawClient::Take(size_t bytes) {
    FillTo(bytes);
    std::string taken = buffer_.substr(0, bytes);
    buffer_.erase(0, taken.size());
    return taken;
}

std::string RawClient::ReadChunks() {
    std::string body;
    while (FillUntil("\r\n")) {
        size_t size = std::strtoull(buffer_.c_str(), nullptr, 16);
        Take(buffer_.find("\r\n") + 2);
        std::string chunk = Take(size + 2);
        if (chunk.size() < size + 2) return body + "<cut>";
        if (size == 0) return body;
        body.append(chunk, 0, size);
    }
    return body + "<cut>";
}

RawClient::Answer RawClient::Read(bool has_body) {
    Answer answer;
    if (!FillUntil("\r\n\r\n")) return answer;
    answer.head = Take(buffer_.find("\r\n\r\n") + 4);
    answer.status = std::atoi(answer.head.c_str() + sizeof("HTTP/1.1"));
    if (!has_body) return answer;
    if (answer.Header("Transfer-Encoding") == "chunked") {
        answer.body = ReadChunks();
    } else {
        answer.body = Take(std::strtoull(answer.Header("Content-Length").c_str(), nullptr, 10));
    }
    return answer;
}

std::string RawClient::Answer::Header(std::string_view name) const {
    size_t begin = 0;
    while ((begin = head.find("\r\n", begin)) != std::string::npos) {
        begin += 2;
        size_t colon = head.find(": ", begin);
        if (colon == std::string::npos) return "";
        if (EqualsIgnoreCase(std::string_view(head).substr(begin, colon - begin), name)) {
            return head.substr(colon + 2, head.find("\r\n", begin) - colon - 2);
        }
    }
    return "";
}

std::string RawClient::ReadToEnd(bool* closed, std::chrono::milliseconds wait) {
    while (Fill(wait)) {
    }
    if (closed != nullptr) *closed = IsClosedByServer(std::chrono::milliseconds(0));
    return std::exchange(buffer_, {});
}

std::string RawClient::ReadSome(size_t bytes) {
    FillTo(bytes);
    return std::exchange(buffer_, {});
}

bool RawClient::IsClosedByServer(std::chrono::milliseconds wait) {
    if (fd_ < 0) return true;
    pollfd entry{fd_, POLLIN, 0};
    if (::poll(&entry, 1, static_cast<int>(wait.count())) <= 0) return false;
    char byte;
    return ::recv(fd_, &byte, 1, MSG_PEEK) <= 0;
}

std::string Get(std::string_view target, std::string_view more_headers) {
    std::string request = "GET ";
    request.append(target)
        .append(" HTTP/1.1\r\nHost: test\r\n")
        .append(more_headers)
        .append("\r\n");
    return request;
}

std::string Post(std::string_view target, std::string_view body, std::string_view more_headers) {
    std::string request = "POST ";
    request.append(target).append(" HTTP/1.1\r\nHost: test\r\nContent-Length: ");
    request.append(std::to_string(body.size()))
        .append("\r\n")
        .append(more_headers)
        .append("\r\n")
        .append(body);
    return request;
}

}  // namespace yard::http
