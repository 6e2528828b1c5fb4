#include <gmock/gmock.h>

#include "tests/unit/host/plugin/runtime_fixture.h"

namespace yard {
namespace {

using engine::BlockResult;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

class HttpServiceTest : public testing::RuntimeTest {
protected:
    static constexpr int kFetches = 17;

    // The input of a fetch with the server's own credentials.
    static std::string Fetch(const std::string& url, const std::string& scheme) {
        return R"({"url":")" + url + R"(","scheme":")" + scheme +
               R"(","credentials":{"id":"53c25cb8-e3ee-465c-a4d1-e75a4c899c2a"}})";
    }
    std::shared_ptr<testing::RecordingSink> sink = std::make_shared<testing::RecordingSink>();
};

TEST_F(HttpServiceTest, AnswerReachesTheBlockInPieces) {
    Start(kFetches, sink, R"({"url":"http://127.0.0.1/a"})");
    const auto sent = http_.sent(0);
    EXPECT_EQ(sent.request.method, "POST");
    EXPECT_EQ(sent.request.url, "http://127.0.0.1/a");
    EXPECT_TRUE(sent.request.sse);
    sent.sink->OnHead(200, {{"content-type", "text/plain"}}, "http://127.0.0.1/a");
    sent.sink->OnData("one");
    sent.sink->OnData("two");
    sent.sink->OnEnd(Ok{});
    EXPECT_EQ(sink->Wait().result, BlockResult::kCompleted);
    EXPECT_THAT(sink->emitted(), ElementsAre("out=200", "out=\"one\"", "out=\"two\""));
    EXPECT_THAT(http_.cancelled(), IsEmpty());
}

TEST_F(HttpServiceTest, FailedRequestFailsTheBlockWithTheReason) {
    Start(kFetches, sink, R"({"url":"http://127.0.0.1/"})");
    http_.sent(0).sink->OnEnd(Unavailable("127.0.0.1 refused the connection"));
    EXPECT_EQ(sink->Wait().result, BlockResult::kFailed);
    EXPECT_EQ(sink->Wait().error, "127.0.0.1 refused the connection");
}

TEST_F(HttpServiceTest, CancellingTheCallCancelsItsRequest) {
    const auto task = Start(kFetches, sink, R"({"url":"http://127.0.0.1/"})");
    const auto sent = http_.sent(0);
    task->Cancel();
    EXPECT_EQ(sink->Wait().result, BlockResult::kCancelled);
    EXPECT_THAT(http_.cancelled(), ElementsAre(1u));
    sent.sink->OnData("late");
    sent.sink->OnEnd(Ok{});
    EXPECT_THAT(sink->emitted(), IsEmpty());
}

TEST_F(HttpServiceTest, BearerSchemeAddsTheSecretOnTheWayOut) {
    Start(kFetches, sink, Fetch("https://api.openai.com/v1/x", "bearer"));
    EXPECT_THAT(http_.sent(0).request.headers, Contains(Pair("Authorization", "Bearer sk-secret")));
    http_.sent(0).sink->OnEnd(Ok{});
}

TEST_F(HttpServiceTest, BasicSchemeUsesAKeyAsUserName) {
    Start(kFetches, sink, Fetch("https://api.openai.com/", "basic"));
    EXPECT_THAT(http_.sent(0).request.headers,
                Contains(Pair("Authorization", "Basic " + Base64Encode("sk-secret:"))));
    http_.sent(0).sink->OnEnd(Ok{});
}

TEST_F(HttpServiceTest, HeaderSchemeNamesTheHeader) {
    Start(kFetches, sink, Fetch("https://api.openai.com/", "header:x-api-key"));
    EXPECT_THAT(http_.sent(0).request.headers, ElementsAre(Pair("x-api-key", "sk-secret")));
    http_.sent(0).sink->OnEnd(Ok{});
}

TEST_F(HttpServiceTest, QuerySchemeExtendsTheQuery) {
    Start(kFetches, sink, Fetch("https://api.openai.com/?a=1#f", "query:key"));
    EXPECT_EQ(http_.sent(0).request.url, "https://api.openai.com/?a=1&key=sk-secret");
    http_.sent(0).sink->OnEnd(Ok{});
}

TEST_F(HttpServiceTest, SecretIsNotSentToAnotherHost) {
    for (const char* url :
         {"https://evil.example/", "https://api.openai.com.evil.example/",
          "http://api.openai.com@evil.example/", "https://evil.example/?api.openai.com"}) {
        SCOPED_TRACE(url);
        const auto outcome = Run(kFetches, Fetch(url, "bearer"));
        EXPECT_EQ(outcome.result, BlockResult::kFailed);
    }
    EXPECT_EQ(http_.count(), 0u);
    EXPECT_THAT(Run(kFetches, Fetch("https://evil.example/", "bearer")).error,
                HasSubstr("may not be sent to the host evil.example"));
}

TEST_F(HttpServiceTest, UnknownSchemeAndForeignHandleAreRefused) {
    EXPECT_THAT(Run(kFetches, Fetch("https://api.openai.com/", "aws4")).error,
                HasSubstr("authentication scheme 'aws4' is unknown"));
    EXPECT_THAT(Run(kFetches, R"({"url":"https://api.openai.com/","foreign":1})").error,
                HasSubstr("not one of this call"));
    EXPECT_EQ(http_.count(), 0u);
}

TEST_F(HttpServiceTest, UrlsThatAreNoneAreRefused) {
    for (const char* url : {"", "file:///etc/passwd", "https://", "https://a b/", "gopher://x/"}) {
        SCOPED_TRACE(url);
        EXPECT_THAT(Run(kFetches, R"({"url":")" + std::string(url) + R"("})").error,
                    HasSubstr("not a valid http or https URL"));
    }
}

TEST_F(HttpServiceTest, MissingCredentialsFailTheCallInTheUsersWords) {
    const auto outcome = Run(kFetches, R"({"credentials":{"id":"nope"}})");
    EXPECT_EQ(outcome.result, BlockResult::kFailed);
    EXPECT_EQ(outcome.error, "Credentials #nope for user #user not found");
}

TEST_F(HttpServiceTest, AnswersThatAreNotUtf8DoNotBreakTheValues) {
    Start(kFetches, sink, R"({"url":"http://127.0.0.1/"})");
    http_.sent(0).sink->OnHead(200, {{"x-name", "caf\xe9"}}, "http://127.0.0.1/");
    http_.sent(0).sink->OnEnd(Ok{});
    EXPECT_EQ(sink->Wait().result, BlockResult::kCompleted);
}

}  // namespace
}  // namespace yard
