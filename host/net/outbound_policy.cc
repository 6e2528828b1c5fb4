#include "host/net/outbound_policy.h"

#include <arpa/inet.h>
#include <netdb.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

namespace yard::net {
namespace {

struct Network {
    std::string_view kind;
    std::array<uint8_t, 16> prefix;
    int bits;
};

// The IANA special-purpose registries, IPv4 then IPv6; the first match counts.
constexpr Network kIpv4Networks[] = {
    {"unspecified", {0}, 8},
    {"private", {10}, 8},
    {"shared", {100, 64}, 10},
    {"loopback", {127}, 8},
    {"link-local", {169, 254}, 16},
    {"private", {172, 16}, 12},
    {"reserved", {192, 0, 0}, 24},
    {"documentation", {192, 0, 2}, 24},
    {"reserved", {192, 88, 99}, 24},
    {"private", {192, 168}, 16},
    {"benchmarking", {198, 18}, 15},
    {"documentation", {198, 51, 100}, 24},
    {"documentation", {203, 0, 113}, 24},
    {"multicast", {224}, 4},
    {"reserved", {240}, 4},
};
constexpr Network kIpv6Networks[] = {
    {"unspecified", {0}, 128},
    {"loopback", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128},
    {"discard", {0x01, 0x00}, 64},
    {"reserved", {0x20, 0x01, 0x00}, 23},
    {"documentation", {0x20, 0x01, 0x0d, 0xb8}, 32},
    {"documentation", {0x3f, 0xff}, 20},
    {"private", {0xfc}, 7},
    {"link-local", {0xfe, 0x80}, 10},
    {"site-local", {0xfe, 0xc0}, 10},
    {"multicast", {0xff}, 8},
};
// IPv6 prefixes with an IPv4 address at some byte. 64:ff9b:1::/48 is for local use, so its traffic
// never leaves; it is refused like a private address below.
struct Embedding {
    std::array<uint8_t, 16> prefix;
    int bits;
    size_t offset;
};
constexpr Embedding kEmbeddings[] = {
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, 12},  // IPv4-mapped
    {{0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, 12},        // IPv4-translated
    {{0x00, 0x64, 0xff, 0x9b}, 96, 12},                    // NAT64
    {{0x20, 0x02}, 16, 2},                                 // 6to4
    {{0}, 96, 12},                                         // IPv4-compatible
};
constexpr Network kLocalNat64 = {"private", {0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48};

bool HasPrefix(const uint8_t* address, const std::array<uint8_t, 16>& prefix, int bits) {
    const auto whole = static_cast<size_t>(bits / 8);
    if (std::memcmp(address, prefix.data(), whole) != 0) return false;
    if (bits % 8 == 0) return true;
    const int mask = 0xff << (8 - bits % 8) & 0xff;
    return (address[whole] & mask) == (prefix[whole] & mask);
}

std::string_view Ipv4Kind(const uint8_t* address) {
    for (const Network& network : kIpv4Networks) {
        if (HasPrefix(address, network.prefix, network.bits)) return network.kind;
    }
    return {};
}

}  // namespace

std::string_view NonPublicKind(const AddressBytes& address) {
    for (const Network& network : kIpv6Networks) {
        if (HasPrefix(address.data(), network.prefix, network.bits)) return network.kind;
    }
    if (HasPrefix(address.data(), kLocalNat64.prefix, kLocalNat64.bits)) return kLocalNat64.kind;
    for (const Embedding& embedding : kEmbeddings) {
        if (HasPrefix(address.data(), embedding.prefix, embedding.bits)) {
            return Ipv4Kind(address.data() + embedding.offset);
        }
    }
    // Nothing else outside 2000::/3 is in use.
    return (address[0] & 0xe0) == 0x20 ? std::string_view() : "reserved";
}

std::string FormatAddress(const AddressBytes& address) {
    char text[INET6_ADDRSTRLEN];
    if (HasPrefix(address.data(), kEmbeddings[0].prefix, kEmbeddings[0].bits)) {
        return inet_ntop(AF_INET, address.data() + 12, text, sizeof text);
    }
    return inet_ntop(AF_INET6, address.data(), text, sizeof text);
}

Result<std::vector<AddressBytes>> ResolveWithSystem(const std::string& host) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int code = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
    if (code != 0) {
        return Unavailable("cannot resolve the host " + host + ": " + ::gai_strerror(code));
    }
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
    std::vector<AddressBytes> addresses;
    for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
        AddressBytes bytes{};
        if (entry->ai_family == AF_INET6) {
            const auto* v6 = reinterpret_cast<const sockaddr_in6*>(entry->ai_addr);
            std::memcpy(bytes.data(), &v6->sin6_addr, 16);
        } else if (entry->ai_family == AF_INET) {
            const auto* v4 = reinterpret_cast<const sockaddr_in*>(entry->ai_addr);
            bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
            std::memcpy(bytes.data() + 12, &v4->sin_addr, 4);
        } else {
            continue;
        }
        if (std::find(addresses.begin(), addresses.end(), bytes) == addresses.end()) {
            addresses.push_back(bytes);
        }
    }
    return addresses;
}

Result<OutboundPolicy> OutboundPolicy::Create(const std::vector<std::string>& allow,
                                              Resolver resolver) {
    std::vector<config::OutboundRule> rules;
    for (const std::string& text : allow) rules.push_back(TRY(config::ParseOutboundRule(text)));
    return OutboundPolicy(std::move(rules), std::move(resolver));
}

bool OutboundPolicy::IsAllowed(const Url& url, const AddressBytes& address) const {
    return std::any_of(rules_.begin(), rules_.end(), [&](const config::OutboundRule& rule) {
        if (rule.port && *rule.port != url.port) return false;
        return rule.host.empty() ? rule.Matches(address) : rule.host == url.host;
    });
}

Result<std::vector<AddressBytes>> OutboundPolicy::Resolve(const Url& url) const {
    std::vector<AddressBytes> permitted;
    std::string refusal = "cannot resolve the host " + url.host + ": it has no addresses";
    bool refused = false;
    for (const AddressBytes& address : TRY(resolver_(url.host))) {
        const std::string_view kind = NonPublicKind(address);
        if (kind.empty() || IsAllowed(url, address)) {
            permitted.push_back(address);
        } else if (!refused) {
            refused = true;
            const std::string text = FormatAddress(address);
            refusal = "outbound request to " + url.HostAndPort() +
                      " refused: " + std::string(kind) + " address" +
                      (text == url.host ? "" : " " + text) +
                      "; list it under outbound.allow to permit it";
        }
    }
    if (!permitted.empty()) return permitted;
    return refused ? NotAllowed(std::move(refusal)) : Unavailable(std::move(refusal));
}

}  // namespace yard::net
