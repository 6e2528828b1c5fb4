#include "api/http/listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace yard::http {
namespace {

constexpr int kBacklog = 1024;

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;

    sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

Result<SocketAddress> ParseAddress(const std::string& address, uint16_t port) {
    SocketAddress parsed;
    auto* v4 = reinterpret_cast<sockaddr_in*>(&parsed.storage);
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&parsed.storage);
    if (inet_pton(AF_INET, address.c_str(), &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        parsed.size = sizeof(sockaddr_in);
    } else if (inet_pton(AF_INET6, address.c_str(), &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        parsed.size = sizeof(sockaddr_in6);
    } else {
        return Invalid("The HTTP address \"" + address +
                       "\" is not an IPv4 or IPv6 address; use for example 0.0.0.0.");
    }
    return parsed;
}

Error ListenError(const std::string& address, uint16_t port) {
    return Unavailable("Cannot listen on " + address + " port " + std::to_string(port) + ": " +
                       strerror(errno) + ".");
}

bool SetOption(int fd, int level, int option) {
    int on = 1;
    return setsockopt(fd, level, option, &on, sizeof on) == 0;
}

// Null error means bound; accepted sockets inherit TCP_NODELAY and SO_KEEPALIVE.
Result<int> Bind(const std::string& address, uint16_t port, bool is_shared) {
    SocketAddress where = TRY(ParseAddress(address, port));
    int fd = socket(where.get()->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return ListenError(address, port);
    bool ok = SetOption(fd, SOL_SOCKET, SO_REUSEADDR) && SetOption(fd, IPPROTO_TCP, TCP_NODELAY) &&
              SetOption(fd, SOL_SOCKET, SO_KEEPALIVE) &&
              (!is_shared || SetOption(fd, SOL_SOCKET, SO_REUSEPORT)) &&
              bind(fd, where.get(), where.size) == 0 && listen(fd, kBacklog) == 0;
    if (ok) return fd;
    Error error = ListenError(address, port);
    ::close(fd);
    return error;
}

int OpenSpare() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

void DescribePeer(const sockaddr_storage& storage, Acceptor::Client& client) {
    char text[INET6_ADDRSTRLEN] = "";
    if (storage.ss_family == AF_INET) {
        const auto* v4 = reinterpret_cast<const sockaddr_in*>(&storage);
        inet_ntop(AF_INET, &v4->sin_addr, text, sizeof text);
        client.port = ntohs(v4->sin_port);
    } else {
        const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&storage);
        client.port = ntohs(v6->sin6_port);
        if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) {
            inet_ntop(AF_INET, &v6->sin6_addr.s6_addr[12], text, sizeof text);
        } else {
            inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text);
        }
    }
    client.address = text;
}

}  // namespace

Result<std::vector<int>> Listen(const std::string& address, uint16_t port, int workers) {
    if (port != 0) {
        // With SO_REUSEPORT a second server of the same user would silently take half of the
        // connections.
        ::close(TRY(Bind(address, port, false)));
    }
    std::vector<int> fds;
    for (int i = 0; i < workers; ++i) {
        Result<int> fd = Bind(address, port, true);
        if (!fd) {
            for (int open : fds) ::close(open);
            return fd.error();
        }
        fds.push_back(fd.value());
        if (port == 0) port = LocalPort(fds[0]);
    }
    return fds;
}

uint16_t LocalPort(int fd) {
    SocketAddress where;
    where.size = sizeof where.storage;
    if (getsockname(fd, where.get(), &where.size) != 0) return 0;
    return ntohs(where.storage.ss_family == AF_INET
                     ? reinterpret_cast<const sockaddr_in*>(&where.storage)->sin_port
                     : reinterpret_cast<const sockaddr_in6*>(&where.storage)->sin6_port);
}

Acceptor::Acceptor(int listen_fd) : listen_fd_(listen_fd), spare_fd_(OpenSpare()) {}

Acceptor::~Acceptor() {
    Close();
    if (spare_fd_ >= 0) ::close(spare_fd_);
}

void Acceptor::Close() {
    if (listen_fd_ >= 0) ::close(std::exchange(listen_fd_, -1));
}

Acceptor::Outcome Acceptor::Accept(Client& client) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    client.fd = accept4(listen_fd_, reinterpret_cast<sockaddr*>(&storage), &size,
                        SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client.fd >= 0) {
        DescribePeer(storage, client);
        return Outcome::kAccepted;
    }
    if (errno != EMFILE && errno != ENFILE) return Outcome::kNone;
    if (spare_fd_ >= 0) ::close(std::exchange(spare_fd_, -1));
    int refused = accept4(listen_fd_, nullptr, nullptr, SOCK_CLOEXEC);
    if (refused >= 0) ::close(refused);
    spare_fd_ = OpenSpare();
    return refused >= 0 ? Outcome::kRefused : Outcome::kExhausted;
}

}  // namespace yard::http
