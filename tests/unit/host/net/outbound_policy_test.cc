#include "host/net/outbound_policy.h"

#include <gmock/gmock.h>

namespace yard::net {
namespace {

using ::testing::HasSubstr;

std::string Kind(const std::string& text) {
    const auto address = config::ParseAddress(text);
    EXPECT_TRUE(address.has_value()) << text;
    return std::string(NonPublicKind(*address));
}

// What becomes of a URL whose host has these addresses: the permitted ones, or the refusal.
std::string Resolve(const std::string& url, const std::vector<std::string>& addresses,
                    const std::vector<std::string>& allow = {}) {
    const auto policy = OutboundPolicy::Create(allow, [&](const std::string&) {
        std::vector<AddressBytes> bytes;
        for (const std::string& text : addresses) bytes.push_back(*config::ParseAddress(text));
        return Result<std::vector<AddressBytes>>(bytes);
    });
    const auto permitted = policy.value().Resolve(ParseUrl(url).value());
    if (!permitted) return permitted.error().message;
    std::string text;
    for (const AddressBytes& address : permitted.value()) text += FormatAddress(address) + " ";
    return text;
}

TEST(OutboundPolicyTest, PublicAddressesAreRecognised) {
    for (const std::string text :
         {"8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0",
          "192.167.0.1", "198.17.0.1", "198.20.0.1", "223.255.255.255", "2606:4700::1111",
          "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"}) {
        EXPECT_EQ(Kind(text), "") << text;
    }
}

TEST(OutboundPolicyTest, NonPublicIpv4IsRecognised) {
    EXPECT_EQ(Kind("0.0.0.0"), "unspecified");
    EXPECT_EQ(Kind("0.255.0.1"), "unspecified");
    EXPECT_EQ(Kind("10.0.0.1"), "private");
    EXPECT_EQ(Kind("100.64.0.1"), "shared");
    EXPECT_EQ(Kind("100.127.255.255"), "shared");
    EXPECT_EQ(Kind("127.255.255.254"), "loopback");
    EXPECT_EQ(Kind("169.254.169.254"), "link-local");
    EXPECT_EQ(Kind("172.16.0.1"), "private");
    EXPECT_EQ(Kind("172.31.255.255"), "private");
    EXPECT_EQ(Kind("192.0.0.8"), "reserved");
    EXPECT_EQ(Kind("192.168.255.255"), "private");
    EXPECT_EQ(Kind("198.18.0.1"), "benchmarking");
    EXPECT_EQ(Kind("198.19.255.255"), "benchmarking");
    EXPECT_EQ(Kind("224.0.0.1"), "multicast");
    EXPECT_EQ(Kind("239.255.255.255"), "multicast");
    EXPECT_EQ(Kind("240.0.0.1"), "reserved");
    EXPECT_EQ(Kind("255.255.255.255"), "reserved");
}

TEST(OutboundPolicyTest, NonPublicIpv6IsRecognised) {
    EXPECT_EQ(Kind("::"), "unspecified");
    EXPECT_EQ(Kind("::1"), "loopback");
    EXPECT_EQ(Kind("fc00::1"), "private");
    EXPECT_EQ(Kind("fd12:3456::1"), "private");
    EXPECT_EQ(Kind("fe80::1"), "link-local");
    EXPECT_EQ(Kind("febf::1"), "link-local");
    EXPECT_EQ(Kind("fec0::1"), "site-local");
    EXPECT_EQ(Kind("ff02::1"), "multicast");
    EXPECT_EQ(Kind("100::1"), "discard");
    EXPECT_EQ(Kind("2001:db8::1"), "documentation");
    EXPECT_EQ(Kind("2001::1"), "reserved");
    EXPECT_EQ(Kind("4000::1"), "reserved");
}

TEST(OutboundPolicyTest, EmbeddedIpv4IsLookedThrough) {
    EXPECT_EQ(Kind("::ffff:127.0.0.1"), "loopback");
    EXPECT_EQ(Kind("::ffff:10.0.0.1"), "private");
    EXPECT_EQ(Kind("::ffff:0:10.0.0.1"), "private");
    EXPECT_EQ(Kind("::127.0.0.1"), "loopback");
    EXPECT_EQ(Kind("64:ff9b::a9fe:a9fe"), "link-local");
    EXPECT_EQ(Kind("64:ff9b:1::808:808"), "private");
    EXPECT_EQ(Kind("2002:7f00:1::"), "loopback");
    EXPECT_EQ(Kind("2002:c0a8:101::1"), "private");
}

TEST(OutboundPolicyTest, RefusalNamesPlaceKindAndRemedy) {
    EXPECT_EQ(Resolve("http://127.0.0.1:8080/x", {"127.0.0.1"}),
              "outbound request to 127.0.0.1:8080 refused: loopback address; list it under "
              "outbound.allow to permit it");
    EXPECT_EQ(Resolve("https://inside.example/", {"10.1.2.3"}),
              "outbound request to inside.example:443 refused: private address 10.1.2.3; list it "
              "under outbound.allow to permit it");
}

TEST(OutboundPolicyTest, RulesPermitByHostAddressNetworkAndPort) {
    const std::string url = "http://db.example:8080/";
    EXPECT_EQ(Resolve(url, {"10.1.2.3"}, {"db.example:8080"}), "10.1.2.3 ");
    EXPECT_EQ(Resolve(url, {"10.1.2.3"}, {"10.1.2.3"}), "10.1.2.3 ");
    EXPECT_EQ(Resolve(url, {"10.1.2.3"}, {"10.1.2.3:8080"}), "10.1.2.3 ");
    EXPECT_EQ(Resolve(url, {"10.1.2.3"}, {"10.0.0.0/8:8080"}), "10.1.2.3 ");
    for (const std::string rule : {"db.example:8081", "other.example:8080", "10.1.2.3:8081",
                                   "10.1.2.4", "10.0.0.0/8:80", "11.0.0.0/8", "::/0"}) {
        EXPECT_THAT(Resolve(url, {"10.1.2.3"}, {rule}), HasSubstr("refused")) << rule;
    }
}

TEST(OutboundPolicyTest, OnlyPermittedAddressesOfAHostRemain) {
    EXPECT_EQ(Resolve("http://a/", {"10.0.0.1", "8.8.8.8"}), "8.8.8.8 ");
    EXPECT_EQ(Resolve("http://localhost:1/", {"::1", "127.0.0.1"}, {"127.0.0.1:1"}), "127.0.0.1 ");
}

TEST(OutboundPolicyTest, HostWithoutAddressesIsUnavailable) {
    EXPECT_THAT(Resolve("http://a/", {}), HasSubstr("it has no addresses"));
}

TEST(OutboundPolicyTest, SystemResolverUnderstandsEveryNotationOfLoopback) {
    for (const std::string host :
         {"127.0.0.1", "2130706433", "0x7f000001", "017700000001", "127.1"}) {
        const auto addresses = ResolveWithSystem(host);
        ASSERT_TRUE(addresses.ok()) << host;
        for (const AddressBytes& address : addresses.value()) {
            EXPECT_EQ(NonPublicKind(address), "loopback") << host;
        }
    }
    EXPECT_THAT(ResolveWithSystem("::1").value().size(), 1U);
    EXPECT_FALSE(ResolveWithSystem("no such host").ok());
}

TEST(OutboundPolicyTest, MalformedRuleIsAnError) {
    EXPECT_FALSE(OutboundPolicy::Create({"10.0.0.0/99"}, ResolveWithSystem).ok());
}

}  // namespace
}  // namespace yard::net
