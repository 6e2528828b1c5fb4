#include "host/net/connection.h"

#include <Poco/Net/Context.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Timespan.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstring>

namespace yard::net {
namespace {

// One address that does not answer must not use up the time for the others.
constexpr std::chrono::seconds kConnectTime{10};
// A socket that is still connecting cannot be shut down reliably, so its waiter looks up.
constexpr int kPollMs = 200;

using Poco::Net::Context;
using Poco::Net::SecureStreamSocket;
using Poco::Net::StreamSocket;

bool IsIpv4(const AddressBytes& address) {
    constexpr uint8_t kMapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    return std::memcmp(address.data(), kMapped, sizeof kMapped) == 0;
}

Poco::Net::SocketAddress ToPoco(const AddressBytes& address, uint16_t port) {
    if (IsIpv4(address)) return {Poco::Net::IPAddress(address.data() + 12, 4), port};
    return {Poco::Net::IPAddress(address.data(), 16), port};
}

// Before the socket closes, its number must be forgotten: it may soon be another one's.
class WatchGuard {
public:
    WatchGuard(Interruption& interruption, int socket) : interruption_(&interruption) {
        interruption.Watch(socket);
    }
    WatchGuard(const WatchGuard&) = delete;
    WatchGuard& operator=(const WatchGuard&) = delete;
    ~WatchGuard() {
        if (interruption_ != nullptr) interruption_->Unwatch();
    }
    void KeepWatching() { interruption_ = nullptr; }

private:
    Interruption* interruption_;
};

class PocoConnection final : public Connection {
public:
    explicit PocoConnection(const StreamSocket& socket) : socket_(socket) {}

    Result<Ok> Send(std::string_view bytes) override {
        // Poco counts in int.
        constexpr size_t kPiece = 1 << 20;
        try {
            while (!bytes.empty()) {
                const auto piece = static_cast<int>(std::min(bytes.size(), kPiece));
                const int sent = socket_.sendBytes(bytes.data(), piece);
                if (sent <= 0) return Unavailable("the server closed the connection");
                bytes.remove_prefix(static_cast<size_t>(sent));
            }
            return Ok{};
        } catch (const Poco::Exception& e) {
            return Unavailable("sending failed: " + e.displayText());
        }
    }

    Result<size_t> Receive(char* buffer, size_t size) override {
        try {
            const int count = socket_.receiveBytes(buffer, static_cast<int>(size));
            return static_cast<size_t>(std::max(count, 0));
        } catch (const Poco::Exception& e) {
            return Unavailable("receiving failed: " + e.displayText());
        }
    }

    int socket() const override { return socket_.impl()->sockfd(); }

    bool IsIdle() const override {
        pollfd entry{socket(), POLLIN, 0};
        return ::poll(&entry, 1, 0) == 0;
    }

private:
    StreamSocket socket_;
};

class PocoConnector final : public Connector {
public:
    explicit PocoConnector(Context::Ptr context) : context_(std::move(context)) {}

    Result<std::unique_ptr<Connection>> Connect(const Url& url,
                                                const std::vector<AddressBytes>& addresses,
                                                Interruption& interruption) override {
        Error last = Unavailable("the host " + url.host + " has no addresses");
        for (const AddressBytes& address : addresses) {
            if (interruption.is_triggered()) break;
            auto connection = ConnectTo(url, address, interruption);
            if (connection) return connection;
            last = connection.error();
        }
        return last;
    }

private:
    Result<std::unique_ptr<Connection>> ConnectTo(const Url& url, const AddressBytes& address,
                                                  Interruption& interruption) {
        const std::string place = url.HostAndPort() + " (" + FormatAddress(address) + ")";
        try {
            const auto target = ToPoco(address, url.port);
            StreamSocket socket(target.family());
            socket.connectNB(target);
            if (const int error = AwaitConnected(socket, interruption); error != 0) {
                return Unavailable("cannot connect to " + place + ": " + std::strerror(error));
            }
            socket.setBlocking(true);
            socket.setNoDelay(true);
            WatchGuard guard(interruption, socket.impl()->sockfd());
            if (url.is_https) socket = SecureStreamSocket::attach(socket, url.host, context_);
            guard.KeepWatching();
            return std::unique_ptr<Connection>(std::make_unique<PocoConnection>(socket));
        } catch (const Poco::Exception& e) {
            return Unavailable("cannot connect to " + place + ": " + e.displayText());
        }
    }

    // 0 or an errno.
    static int AwaitConnected(const StreamSocket& socket, const Interruption& interruption) {
        const auto end = std::chrono::steady_clock::now() + kConnectTime;
        pollfd entry{socket.impl()->sockfd(), POLLOUT, 0};
        int ready = 0;
        while ((ready = ::poll(&entry, 1, kPollMs)) <= 0) {
            if (ready < 0 && errno != EINTR) return errno;
            if (interruption.is_triggered()) return ECANCELED;
            if (std::chrono::steady_clock::now() >= end) return ETIMEDOUT;
        }
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(entry.fd, SOL_SOCKET, SO_ERROR, &error, &size);
        return error;
    }

    Context::Ptr context_;
};

}  // namespace

Result<std::unique_ptr<Connector>> MakeConnector(const std::string& ca_file) {
    try {
        const bool use_system = ca_file.empty();
        Context::Ptr context(new Context(Context::TLS_CLIENT_USE, "", "", ca_file,
                                         Context::VERIFY_STRICT, 9, use_system));
        context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
        return std::unique_ptr<Connector>(std::make_unique<PocoConnector>(std::move(context)));
    } catch (const Poco::Exception& e) {
        return Unavailable("cannot prepare TLS: " + e.displayText());
    }
}

}  // namespace yard::net
