// Decides which addresses a request may reach. The only place that turns a host name into
// addresses, so that what was checked is what is connected to.

#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/outbound_rule.h"
#include "host/net/url.h"

namespace yard::net {

using config::AddressBytes;

// All addresses of a host name. May block for as long as the system's resolver does.
using Resolver = std::function<Result<std::vector<AddressBytes>>(const std::string& host)>;
Result<std::vector<AddressBytes>> ResolveWithSystem(const std::string& host);

// "loopback", "private", ... or empty for an address of the public Internet. Looks through IPv4
// addresses embedded in IPv6 ones.
std::string_view NonPublicKind(const AddressBytes& address);

std::string FormatAddress(const AddressBytes& address);

// Immutable and thread-safe.
class OutboundPolicy {
public:
    // `allow`: entries of outbound.allow.
    static Result<OutboundPolicy> Create(const std::vector<std::string>& allow, Resolver resolver);

    // The addresses of the URL's host that may be connected to, at least one.
    Result<std::vector<AddressBytes>> Resolve(const Url& url) const;

private:
    OutboundPolicy(std::vector<config::OutboundRule> rules, Resolver resolver)
        : rules_(std::move(rules)), resolver_(std::move(resolver)) {}
    bool IsAllowed(const Url& url, const AddressBytes& address) const;

    std::vector<config::OutboundRule> rules_;
    Resolver resolver_;
};

}  // namespace yard::net
