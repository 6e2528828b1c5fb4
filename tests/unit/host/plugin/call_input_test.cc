#include "host/plugin/call_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "host/credentials/system_credentials.h"

namespace yard::plugin {
namespace {

using ::testing::HasSubstr;

constexpr char kWithOpenAi[] =
    R"({"a":[1],"credentials":{"id":"53c25cb8-e3ee-465c-a4d1-e75a4c899c2a"}})";

class CallInputTest : public ::testing::Test {
protected:
    CallInputTest() {
        model::CredentialsField field;
        field.name = "credentials";
        field.providers = {"openai"};
        type_.credentials = {field};
        call_.block = &type_;
        call_.user_id = UserId("u1");
    }
    Result<CallInput> Prepare(const std::string& input) {
        call_.input = ParseJson(input).value();
        return PrepareCallInput(call_, *store_);
    }

    model::BlockType type_;
    engine::BlockCall call_;
    std::unique_ptr<credentials::CredentialStore> store_ =
        credentials::MakeSystemCredentials({{"openai", "sk-1", ""}, {"groq", "gk-1", ""}});
};

TEST_F(CallInputTest, ReferenceBecomesAHandleAndNothingElseChanges) {
    const auto prepared = Prepare(kWithOpenAi);
    ASSERT_TRUE(prepared.ok());
    const CallInput& input = prepared.value();
    EXPECT_EQ(input.value["credentials"].type(), Type::kCredential);
    ASSERT_EQ(input.credentials.size(), 1u);
    EXPECT_EQ(static_cast<uint64_t>(input.value["credentials"].AsInt()),
              input.credentials[0].handle);
    EXPECT_EQ(input.credentials[0].credential.secret, "sk-1");
    EXPECT_EQ(WriteJson(input.value["a"]), "[1]");
}

TEST_F(CallInputTest, HandlesDifferFromCallToCall) {
    EXPECT_NE(Prepare(kWithOpenAi).value().credentials[0].handle,
              Prepare(kWithOpenAi).value().credentials[0].handle);
}

TEST_F(CallInputTest, AbsentAndNullCredentialsStaySo) {
    EXPECT_TRUE(Prepare(R"({"a":1})").value().credentials.empty());
    EXPECT_TRUE(Prepare(R"({"credentials":null})").value().value["credentials"].IsNull());
}

TEST_F(CallInputTest, BlockWithoutCredentialsGetsItsInputUntouched) {
    type_.credentials.clear();
    const auto prepared = Prepare(R"({"credentials":{"id":"x"}})");
    EXPECT_EQ(prepared.value().value->token(), call_.input->token());
}

TEST_F(CallInputTest, ReferencesThatLeadNowhereFail) {
    for (const char* text : {R"({"credentials":{"id":"c9"}})", R"({"credentials":{}})",
                             R"({"credentials":"text"})", R"({"credentials":[1]})"}) {
        SCOPED_TRACE(text);
        EXPECT_EQ(Prepare(text).error().kind, ErrorKind::kNotFound);
    }
    EXPECT_EQ(Prepare(R"({"credentials":{"id":"c9"}})").error().message,
              "Credentials #c9 for user #u1 not found");
}

TEST_F(CallInputTest, CredentialsOfAnotherProviderAreRefused) {
    const auto prepared =
        Prepare(R"({"credentials":{"id":"4ec22295-8f97-4dd1-b42b-2c6957a02545"}})");
    ASSERT_FALSE(prepared.ok());
    EXPECT_EQ(prepared.error().kind, ErrorKind::kInvalid);
    EXPECT_THAT(prepared.error().message, HasSubstr("are for groq"));
}

}  // namespace
}  // namespace yard::plugin
