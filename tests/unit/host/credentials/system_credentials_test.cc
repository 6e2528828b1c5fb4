#include "host/credentials/system_credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yard::credentials {
namespace {

using ::testing::ElementsAre;

const UserId kUser("u1");

TEST(SystemCredentialsTest, ConfiguredProviderHasTheWellKnownId) {
    const auto store = MakeSystemCredentials({{"openai", "sk-1", "https://api.openai.com/v1"}});
    const auto found = store->FindDefault("openai");
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->id.text(), "53c25cb8-e3ee-465c-a4d1-e75a4c899c2a");
    EXPECT_EQ(found->id.text(), SystemCredentialId("openai"));
    EXPECT_EQ(found->secret, "sk-1");
    EXPECT_EQ(store->Find(kUser, found->id).value().provider, "openai");
}

TEST(SystemCredentialsTest, MissingCredentialsAreTellingInTheUsersWords) {
    const auto store = MakeSystemCredentials({});
    const auto missing = store->Find(kUser, CredentialsId("c1"));
    ASSERT_FALSE(missing.ok());
    EXPECT_EQ(missing.error().kind, ErrorKind::kNotFound);
    EXPECT_EQ(missing.error().message, "Credentials #c1 for user #u1 not found");
}

TEST(SystemCredentialsTest, PublicAddressWithoutAKeyIsNotConfigured) {
    const auto store = MakeSystemCredentials(
        {{"openai", "", "https://api.openai.com/v1"}, {"groq", "", ""}, {"nobody", "key", ""}});
    EXPECT_FALSE(store->FindDefault("openai").has_value());
    EXPECT_FALSE(store->FindDefault("groq").has_value());
    EXPECT_FALSE(store->FindDefault("nobody").has_value());
}

TEST(SystemCredentialsTest, ServerOfOnesOwnNeedsNoKey) {
    const auto store = MakeSystemCredentials(
        {{"ollama", "", "http://localhost:11434"}, {"openai", "", "http://127.0.0.1:9000/v1"}});
    EXPECT_TRUE(store->FindDefault("ollama").has_value());
    EXPECT_TRUE(store->FindDefault("openai")->secret.empty());
}

TEST(SystemCredentialsTest, SecretGoesToTheConfiguredAndTheUsualHostOnly) {
    const auto store = MakeSystemCredentials({{"openai", "k", "http://Proxy.local:9000/v1"}});
    const Credential credential = *store->FindDefault("openai");
    EXPECT_THAT(credential.hosts, ElementsAre("proxy.local", "api.openai.com"));
    EXPECT_TRUE(credential.MaySendTo("api.openai.com"));
    EXPECT_FALSE(credential.MaySendTo("openai.com"));
    EXPECT_FALSE(credential.MaySendTo(""));
}

TEST(SystemCredentialsTest, UnknownProviderHasNoId) { EXPECT_EQ(SystemCredentialId("x"), ""); }

}  // namespace
}  // namespace yard::credentials
