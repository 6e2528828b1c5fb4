#include "config/outbound_rule.h"

#include <gtest/gtest.h>

namespace yard::config {
namespace {

bool Allows(const std::string& rule, const std::string& address) {
    const auto parsed = ParseOutboundRule(rule);
    const auto bytes = ParseAddress(address);
    if (!parsed || !bytes) {
        ADD_FAILURE() << rule << " or " << address << " is not understood";
        return false;
    }
    return parsed.value().Matches(*bytes);
}

TEST(OutboundRuleTest, HostNeedsAPort) {
    const auto rule = ParseOutboundRule("LocalHost:8080");
    ASSERT_TRUE(rule.ok());
    EXPECT_EQ(rule.value().host, "localhost");
    EXPECT_EQ(rule.value().port, 8080);
    EXPECT_FALSE(ParseOutboundRule("localhost").ok());
}

TEST(OutboundRuleTest, AddressMayHaveAPort) {
    EXPECT_FALSE(ParseOutboundRule("127.0.0.1").value().port.has_value());
    EXPECT_EQ(ParseOutboundRule("127.0.0.1:80").value().port, 80);
    EXPECT_FALSE(ParseOutboundRule("::1").value().port.has_value());
    EXPECT_FALSE(ParseOutboundRule("[::1]").value().port.has_value());
    EXPECT_EQ(ParseOutboundRule("[::1]:80").value().port, 80);
    EXPECT_EQ(ParseOutboundRule("10.0.0.0/8:443").value().port, 443);
    EXPECT_EQ(ParseOutboundRule("[fd00::/8]:443").value().port, 443);
    EXPECT_TRUE(ParseOutboundRule("127.0.0.1:80").value().host.empty());
}

TEST(OutboundRuleTest, MalformedRulesAreRefused) {
    for (const std::string text : {"",
                                   ":",
                                   ":80",
                                   "a:",
                                   "a:b",
                                   "a:70000",
                                   "a:-1",
                                   "a:+1",
                                   "10.0.0.0/33",
                                   "10.0.0.0/",
                                   "10.0.0.0/-1",
                                   "::1/129",
                                   "[::1",
                                   "[::1]80",
                                   "[::1]:",
                                   "[host]:80",
                                   "http://a:80",
                                   "a b:80",
                                   "1.2.3.4.5/8",
                                   "fd00::/8:443x",
                                   "127.0.0.1:80:90",
                                   "a\xff:80"}) {
        EXPECT_FALSE(ParseOutboundRule(text).ok()) << text;
    }
    EXPECT_FALSE(ParseOutboundRule(std::string_view("127.0.0.1\0:80", 13)).ok());
}

TEST(OutboundRuleTest, NetworkMatchesByItsBits) {
    EXPECT_TRUE(Allows("10.0.0.0/8", "10.255.1.2"));
    EXPECT_FALSE(Allows("10.0.0.0/8", "11.0.0.0"));
    EXPECT_TRUE(Allows("172.16.0.0/12", "172.31.0.1"));
    EXPECT_FALSE(Allows("172.16.0.0/12", "172.32.0.1"));
    EXPECT_TRUE(Allows("127.0.0.1", "127.0.0.1"));
    EXPECT_FALSE(Allows("127.0.0.1", "127.0.0.2"));
    EXPECT_TRUE(Allows("fd00::/8", "fdab::1"));
    EXPECT_FALSE(Allows("fd00::/8", "fe80::1"));
}

TEST(OutboundRuleTest, AllOfIpv6DoesNotContainIpv4) {
    EXPECT_TRUE(Allows("::/0", "fe80::1"));
    EXPECT_FALSE(Allows("::/0", "127.0.0.1"));
    EXPECT_TRUE(Allows("0.0.0.0/0", "127.0.0.1"));
    EXPECT_FALSE(Allows("0.0.0.0/0", "::1"));
}

TEST(OutboundRuleTest, MappedAddressIsTheIpv4Address) {
    EXPECT_TRUE(Allows("127.0.0.1", "::ffff:127.0.0.1"));
}

}  // namespace
}  // namespace yard::config
