// One entry of outbound.allow: which otherwise refused addresses may be called.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace yard::config {

// IPv4 addresses are held in their mapped form ::ffff:a.b.c.d, so 10.0.0.0/8 has 104 prefix bits.
using AddressBytes = std::array<uint8_t, 16>;

struct OutboundRule {
    std::string host;              // Lower case; empty if the rule is about addresses.
    AddressBytes address{};        // With host empty: the network's address ...
    int prefix_bits = 0;           // ... and how many of its bits count.
    std::optional<uint16_t> port;  // Absent = any port. Always present with a host.

    bool Matches(const AddressBytes& other) const;
};

// An IPv4 or IPv6 address in its usual text form, without brackets.
std::optional<AddressBytes> ParseAddress(std::string_view text);

// host:port, IPv4[/bits][:port], IPv6[/bits], or [IPv6[/bits]][:port].
Result<OutboundRule> ParseOutboundRule(std::string_view text);

}  // namespace yard::config
