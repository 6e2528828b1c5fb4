#include "tests/e2e/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "base/json.h"

namespace yard::e2e {
namespace {

int Connect(uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval limit{60, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0) return fd;
    ::close(fd);
    return -1;
}

// A server that refuses a request early stops reading it: what it says still counts.
void SendAll(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        bytes.remove_prefix(static_cast<size_t>(sent));
    }
}

std::string LowerCase(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

std::string Unchunked(std::string_view bytes) {
    std::string body;
    while (true) {
        const size_t line = bytes.find("\r\n");
        if (line == std::string_view::npos) return body;
        const size_t size = std::strtoul(std::string(bytes.substr(0, line)).c_str(), nullptr, 16);
        if (size == 0 || line + 2 + size > bytes.size()) return body;
        body += bytes.substr(line + 2, size);
        bytes.remove_prefix(std::min(bytes.size(), line + 2 + size + 2));
    }
}

void ReadHeaders(std::string_view head, HttpAnswer& answer) {
    size_t at = head.find("\r\n");
    while (at != std::string_view::npos && at + 2 < head.size()) {
        const size_t end = std::min(head.find("\r\n", at + 2), head.size());
        const std::string_view line = head.substr(at + 2, end - at - 2);
        const size_t colon = line.find(':');
        if (colon != std::string_view::npos) {
            std::string_view value = line.substr(colon + 1);
            value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
            answer.headers[LowerCase(std::string(line.substr(0, colon)))] = value;
        }
        at = end;
    }
}

// True once `received` holds a whole answer; connections that stay open need no closing.
bool IsWhole(const std::string& received) {
    const size_t head = received.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    HttpAnswer answer;
    ReadHeaders(std::string_view(received).substr(0, head), answer);
    if (answer.headers.contains("transfer-encoding")) return received.ends_with("\r\n0\r\n\r\n");
    const auto length = answer.headers.find("content-length");
    if (length == answer.headers.end()) return false;
    return received.size() - head - 4 >= std::strtoul(length->second.c_str(), nullptr, 10);
}

HttpAnswer Parsed(const std::string& received) {
    HttpAnswer answer;
    const size_t head = received.find("\r\n\r\n");
    if (head == std::string::npos || !received.starts_with("HTTP/1.")) return answer;
    answer.status = std::atoi(received.c_str() + 9);
    ReadHeaders(std::string_view(received).substr(0, head), answer);
    const std::string_view body = std::string_view(received).substr(head + 4);
    const bool chunked = answer.headers.contains("transfer-encoding");
    answer.body = chunked ? Unchunked(body) : std::string(body);
    return answer;
}

}  // namespace

Value HttpAnswer::Json() const {
    Result<Value> parsed = ParseJson(body);
    return parsed ? std::move(parsed).value() : Value();
}

std::string HttpAnswer::Detail() const {
    const Value json = Json();
    return json["detail"].IsString() ? std::string(json["detail"].AsString())
                                     : WriteJson(json["detail"]);
}

HttpAnswer SendRaw(uint16_t port, std::string_view bytes) {
    const int fd = Connect(port);
    if (fd < 0) return {};
    SendAll(fd, bytes);
    std::string received;
    std::string piece(65536, '\0');
    while (!IsWhole(received)) {
        const ssize_t got = ::recv(fd, piece.data(), piece.size(), 0);
        if (got <= 0) break;
        received.append(piece, 0, static_cast<size_t>(got));
    }
    ::close(fd);
    return Parsed(received);
}

HttpAnswer Send(uint16_t port, const HttpRequest& request) {
    std::string bytes = request.method + " " + request.target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    for (const auto& [name, value] : request.headers) bytes += name + ": " + value + "\r\n";
    bytes += "Connection: close\r\nContent-Length: " + std::to_string(request.body.size());
    bytes += "\r\n\r\n" + request.body;
    return SendRaw(port, bytes);
}

}  // namespace yard::e2e
