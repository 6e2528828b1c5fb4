// How the blocks talk to providers: what is sent, and what becomes of every kind of answer.
#include "tests/unit/plugins_llm/llm_fixture.h"

namespace yard {
namespace {

using engine::BlockResult;
using fakes::OpenAiServer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kHello[] = R"({"prompt":"Hello"})";

class ChatTest : public testing::LlmTest {
protected:
    using LlmTest::LlmTest;

    static fakes::ProviderAnswer Busy(int status) {
        fakes::ProviderAnswer answer = OpenAiServer::Failing(status, "overloaded");
        answer.headers = {{"Retry-After", "0"}};
        return answer;
    }
};

class ImpatientChatTest : public ChatTest {
protected:
    ImpatientChatTest() : ChatTest(200) {}
};

TEST_F(ChatTest, AnswerAndPromptAreEmitted) {
    EXPECT_EQ(Run(kText, kHello).error, "");
    EXPECT_THAT(emitted(), ElementsAre(R"(response="You said: Hello")",
                                       R"(prompt=[{"role":"user","content":"Hello"}])"));
}

TEST_F(ChatTest, RequestIsAChatCompletionWithTheUsersKey) {
    Run(kText, R"({"prompt":"Hello","model":"gpt-4o","sys_prompt":"Be kind","max_tokens":77})");
    EXPECT_THAT(provider_->requests().at(0).head, HasSubstr("Authorization: Bearer sk-openai"));
    EXPECT_EQ(provider_->requests().at(0).path, "/v1/chat/completions");
    EXPECT_EQ(WriteJson(Sent(0)),
              R"({"model":"gpt-4o","messages":[{"role":"system","content":"Be kind"},)"
              R"({"role":"user","content":"Hello"}],"max_completion_tokens":77})");
}

TEST_F(ChatTest, LimitOfTheAnswerIsTheModelsWhenTheUserWantsMore) {
    Run(kText, R"({"prompt":"Hello","model":"gpt-4-turbo","max_tokens":1000000})");
    EXPECT_EQ(Sent(0)["max_completion_tokens"].IntOr(0), 4096);
}

TEST_F(ChatTest, TokensAndCallsAreCounted) {
    Say({"Hi"});
    const Value stats = Run(kText, kHello).stats;
    EXPECT_EQ(stats["llm_call_count"].IntOr(-1), 1);
    EXPECT_EQ(stats["llm_retry_count"].IntOr(-1), 0);
    EXPECT_EQ(stats["input_token_count"].IntOr(-1), 11);
    EXPECT_EQ(stats["output_token_count"].IntOr(-1), 1);
}

TEST_F(ChatTest, BusyProviderIsAskedAgainWhenItSays) {
    provider_->Script({Busy(429), Busy(503)});
    EXPECT_EQ(Run(kText, kHello).result, BlockResult::kCompleted);
    EXPECT_EQ(sent_count(), 3u);
}

TEST_F(ChatTest, ProviderThatStaysBusyFailsTheBlockAfterThreeRetries) {
    provider_->Script({Busy(503), Busy(503), Busy(503), Busy(503)});
    EXPECT_EQ(FailureOf(kText, kHello), "Error calling LLM: OpenAI answered HTTP 503: overloaded");
    EXPECT_EQ(sent_count(), 4u);
    EXPECT_THAT(emitted(), IsEmpty());
}

TEST_F(ChatTest, WaitForABusyProviderEndsWithTheCall) {
    fakes::ProviderAnswer busy = Busy(429);
    busy.headers = {{"Retry-After", "3600"}};
    provider_->Script({busy});
    const auto task = Start(kText, kHello);
    ASSERT_TRUE(provider_->WaitForRequests(1));
    task->Cancel();
    EXPECT_EQ(sink_->Wait().result, BlockResult::kCancelled);
}

TEST_F(ChatTest, WrongKeyFailsAtOnceInTheProvidersWords) {
    provider_->Script({OpenAiServer::Failing(401, "Incorrect API key provided")});
    EXPECT_EQ(FailureOf(kText, kHello),
              "Error calling LLM: OpenAI answered HTTP 401: Incorrect API key provided");
    EXPECT_EQ(sent_count(), 1u);
}

TEST_F(ChatTest, RefusalWithoutWordsIsToldByItsStatus) {
    provider_->Script({{.status = 403, .body = "<html>no</html>"}});
    EXPECT_EQ(FailureOf(kText, kHello), "Error calling LLM: OpenAI answered HTTP 403");
}

TEST_F(ChatTest, LongRefusalIsCut) {
    provider_->Script({OpenAiServer::Failing(400, std::string(100'000, 'x'))});
    EXPECT_LT(FailureOf(kText, kHello).size(), 1000u);
}

TEST_F(ChatTest, AnswersOfNoUseAreAskedForAgain) {
    provider_->Script({{.body = "{\"choices\": ["}, {.body = "[]"}});
    EXPECT_EQ(Run(kText, kHello).error, "");
    EXPECT_EQ(sent_count(), 3u);
}

TEST_F(ChatTest, AnswersThatStayOfNoUseFailTheBlockAfterItsRetries) {
    provider_->Script({{.body = "?"}, {.body = "{\"choices\":[]}"}});
    EXPECT_EQ(FailureOf(kText, R"({"prompt":"Hello","retry":2})"),
              "Error calling LLM: OpenAI sent an answer without choices");
    EXPECT_EQ(sent_count(), 2u);
}

TEST_F(ChatTest, HalfAnAnswerIsAskedForAgain) {
    fakes::ProviderAnswer half = OpenAiServer::Saying("Hi");
    half.is_cut = true;
    provider_->Script({half});
    EXPECT_EQ(Run(kText, kHello).error, "");
    EXPECT_EQ(sent_count(), 2u);
    EXPECT_THAT(emitted().at(0), HasSubstr("You said: Hello"));
}

TEST_F(ChatTest, RefusedLengthIsAskedForAgainWithALowerLimit) {
    provider_->Script({OpenAiServer::Failing(400, "This model's maximum context length is 9")});
    EXPECT_EQ(Run(kText, R"({"prompt":"Hello","max_tokens":1000})").error, "");
    EXPECT_EQ(Sent(0)["max_completion_tokens"].IntOr(0), 1000);
    EXPECT_EQ(Sent(1)["max_completion_tokens"].IntOr(0), 850);
}

TEST_F(ChatTest, CancellingTheCallEndsItsRequest) {
    provider_->Script({{.is_held = true}});
    const auto task = Start(kText, kHello);
    ASSERT_TRUE(provider_->WaitForRequests(1));
    task->Cancel();
    EXPECT_EQ(sink_->Wait().result, BlockResult::kCancelled);
}

TEST_F(ImpatientChatTest, ProviderThatNeverAnswersFailsTheBlock) {
    provider_->Script({{.is_held = true}});
    EXPECT_THAT(FailureOf(kText, kHello), HasSubstr("Error calling LLM: "));
    EXPECT_EQ(sent_count(), 1u);
}

TEST_F(ChatTest, UnknownModelIsRefusedBeforeAnythingIsSent) {
    EXPECT_THAT(FailureOf(kText, R"({"prompt":"Hello","model":"gpt-0"})"),
                HasSubstr(R"(the model "gpt-0" is unknown)"));
    EXPECT_EQ(sent_count(), 0u);
}

TEST_F(ChatTest, KeyOfAnotherProviderIsNotSent) {
    EXPECT_THAT(FailureOf(kText, R"({"prompt":"Hello","model":"llama-3.1-8b-instant"})"),
                HasSubstr("https://api.groq.com/openai/v1/chat/completions was refused"));
    EXPECT_EQ(sent_count(), 0u);
}

TEST_F(ChatTest, AnthropicIsAskedInItsOwnProtocol) {
    const std::string input =
        R"({"model":"claude-3-haiku-20240307","messages":[{"role":"system","content":"Be kind"},)"
        R"({"role":"user","content":"a"},{"role":"user","content":"b"}]})";
    EXPECT_EQ(Run(kConversation, input, "anthropic").error, "");
    EXPECT_THAT(emitted().at(0), HasSubstr("You said: ab"));
    const fakes::ProviderRequest request = provider_->requests().at(0);
    EXPECT_EQ(request.path, "/v1/messages");
    EXPECT_THAT(request.head, HasSubstr("x-api-key: sk-anthropic"));
    EXPECT_THAT(request.head, HasSubstr("anthropic-version: 2023-06-01"));
    EXPECT_EQ(request.body, R"({"model":"claude-3-haiku-20240307","max_tokens":4096,)"
                            R"("system":"Be kind","messages":[{"role":"user","content":"ab"}]})");
}

TEST_F(ChatTest, AnthropicsAnswerWithoutContentIsOfNoUse) {
    provider_->Script({{.body = R"({"content":[]})"}});
    EXPECT_EQ(
        Run(kText, R"({"prompt":"Hello","model":"claude-3-haiku-20240307","retry":1})", "anthropic")
            .error,
        "Error calling LLM: No content returned from Anthropic.");
}

TEST_F(ChatTest, OllamaOfTheUserIsAskedWithoutTheServersKey) {
    const std::string address = "127.0.0.1:" + std::to_string(provider_->port());
    const std::string input =
        R"({"prompt":"Hello","model":"llama3","ollama_host":")" + address + R"("})";
    EXPECT_EQ(Run(kText, input, "ollama").error, "");
    EXPECT_EQ(provider_->requests().at(0).path, "/v1/chat/completions");
    EXPECT_THAT(provider_->requests().at(0).head, Not(HasSubstr("Authorization")));
    EXPECT_GT(Sent(0)["max_tokens"].IntOr(0), 0);
}

TEST_F(ChatTest, OllamaAtARefusedAddressFailsTheBlock) {
    const std::string input =
        R"({"prompt":"Hello","model":"llama3","ollama_host":"127.0.0.1:1","retry":1})";
    EXPECT_THAT(Run(kText, input, "ollama").error, HasSubstr("127.0.0.1"));
    EXPECT_EQ(sent_count(), 0u);
}

TEST_F(ChatTest, LongHistoryIsShortenedInTheMiddle) {
    const std::string longs(60'000, 'x');
    const std::string input =
        R"({"model":"gpt-3.5-turbo","messages":[)"
        R"({"role":"user","content":"first"},{"role":"assistant","content":")" +
        longs + R"("},{"role":"user","content":"last"}]})";
    EXPECT_EQ(Run(kConversation, input).error, "");
    const Value sent = Sent(0);
    ASSERT_EQ(sent["messages"].size(), 3u);
    EXPECT_EQ(sent["messages"].At(0)["content"].StringOr(""), "first");
    EXPECT_LT(sent["messages"].At(1)["content"].StringOr("").size(), 25'000u);
    EXPECT_GT(sent["messages"].At(1)["content"].StringOr("").size(), 1'000u);
    EXPECT_EQ(sent["messages"].At(2)["content"].StringOr(""), "last");
}

TEST_F(ChatTest, HistoryOfTooManyMessagesLosesThoseInTheMiddle) {
    std::string messages;
    for (int k = 0; k < 2000; ++k) {
        messages += (k == 0 ? "" : ",") + (R"({"role":"user","content":"message )" +
                                           std::to_string(k) + std::string(40, '.') + R"("})");
    }
    Run(kConversation, R"({"model":"gpt-3.5-turbo","messages":[)" + messages + "]}");
    const Value sent = Sent(0);
    EXPECT_LT(sent["messages"].size(), 1000u);
    EXPECT_GT(sent["messages"].size(), 100u);
    EXPECT_THAT(std::string(sent["messages"].At(0)["content"].StringOr("")),
                HasSubstr("message 0."));
    EXPECT_THAT(WriteJson(sent), HasSubstr("message 1999."));
}

}  // namespace
}  // namespace yard
