#include "config/outbound_rule.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace yard::config {
namespace {

constexpr uint8_t kMappedPrefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool IsMapped(const AddressBytes& address) {
    return std::memcmp(address.data(), kMappedPrefix, sizeof kMappedPrefix) == 0;
}

// Decimal digits only, at most `max`.
std::optional<int> ParseNumber(std::string_view text, int max) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || text[0] == '-') return {};
    return number <= max ? std::optional(number) : std::nullopt;
}

// address[/bits] into the rule; false if it is neither an address nor a network.
bool ParseNetwork(std::string_view text, OutboundRule& rule) {
    const size_t slash = text.find('/');
    const auto address = ParseAddress(text.substr(0, slash));
    if (!address) return false;
    const bool is_v4 = text.substr(0, slash).find(':') == std::string_view::npos;
    rule.address = *address;
    rule.prefix_bits = 128;
    if (slash == std::string_view::npos) return true;
    const auto bits = ParseNumber(text.substr(slash + 1), is_v4 ? 32 : 128);
    if (!bits) return false;
    rule.prefix_bits = *bits + (is_v4 ? 96 : 0);
    return true;
}

bool IsHostName(std::string_view text) {
    return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    });
}

}  // namespace

bool OutboundRule::Matches(const AddressBytes& other) const {
    // ::/0 is about IPv6: without this it would let every IPv4 address through.
    if (prefix_bits < 96 && IsMapped(other) && !IsMapped(address)) return false;
    const int whole = prefix_bits / 8;
    const int rest = prefix_bits % 8;
    if (!std::equal(address.begin(), address.begin() + whole, other.begin())) return false;
    if (rest == 0) return true;
    const int mask = 0xff << (8 - rest) & 0xff;
    return (address[static_cast<size_t>(whole)] & mask) ==
           (other[static_cast<size_t>(whole)] & mask);
}

std::optional<AddressBytes> ParseAddress(std::string_view text) {
    const std::string terminated(text);
    AddressBytes address{};
    if (inet_pton(AF_INET6, terminated.c_str(), address.data()) == 1) return address;
    std::copy(std::begin(kMappedPrefix), std::end(kMappedPrefix), address.begin());
    if (inet_pton(AF_INET, terminated.c_str(), address.data() + 12) == 1) return address;
    return std::nullopt;
}

Result<OutboundRule> ParseOutboundRule(std::string_view text) {
    const Error bad = Invalid("'" + std::string(text.substr(0, 100)) +
                              "' is neither host:port, IP[:port] nor CIDR[:port]");
    OutboundRule rule;
    if (text.find('\0') != std::string_view::npos) return bad;
    if (ParseNetwork(text, rule)) return rule;
    std::string_view place = text;
    std::string_view port;
    const size_t colon = text.rfind(':');
    const bool bracketed = text.starts_with('[');
    if (!(bracketed && text.ends_with(']'))) {
        if (colon == std::string_view::npos) return bad;
        place = text.substr(0, colon);
        port = text.substr(colon + 1);
        const auto number = port.empty() ? std::nullopt : ParseNumber(port, 65535);
        if (!number) return bad;
        rule.port = static_cast<uint16_t>(*number);
    }
    if (bracketed) {
        if (!place.ends_with(']')) return bad;
        place = place.substr(1, place.size() - 2);
        return ParseNetwork(place, rule) ? Result<OutboundRule>(rule) : bad;
    }
    if (place.find(':') != std::string_view::npos) return bad;  // IPv6 with a port needs brackets.
    if (ParseNetwork(place, rule)) return rule;
    rule.host = std::string(place);
    for (char& c : rule.host) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return IsHostName(rule.host) ? Result<OutboundRule>(rule) : bad;
}

}  // namespace yard::config
