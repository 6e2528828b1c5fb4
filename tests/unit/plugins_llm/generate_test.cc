// Prompts, formats and conversations.
#include "tests/unit/plugins_llm/llm_fixture.h"

namespace yard {
namespace {

using engine::BlockResult;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class GenerateTest : public testing::LlmTest {
protected:
    // Asks for an object with the keys name and age.
    static std::string Person(const std::string& more = "") {
        return R"({"prompt":"Who?","expected_format":{"name":"The name","age":"The age"})" + more +
               "}";
    }
    std::string LastMessage(size_t request) {
        const Value sent = Sent(request);
        const View messages = sent["messages"];
        return std::string(messages.At(messages.size() - 1)["content"].StringOr(""));
    }
};

constexpr char kAda[] = R"({"name":"Ada","age":"36"})";

TEST_F(GenerateTest, PromptValuesFillBothPrompts) {
    Run(kText, R"({"prompt":"Hello {{who}}","sys_prompt":"You are {{you}}",)"
               R"("prompt_values":{"who":"Ada","you":"kind"}})");
    EXPECT_THAT(emitted().at(1), HasSubstr("You are kind"));
    EXPECT_THAT(emitted().at(0), HasSubstr("You said: Hello Ada"));
}

TEST_F(GenerateTest, PromptWithoutValuesIsNoTemplate) {
    Run(kText, R"({"prompt":"Keep {{this}}"})");
    EXPECT_THAT(emitted().at(0), HasSubstr("Keep {{this}}"));
}

TEST_F(GenerateTest, BrokenTemplateFailsBeforeAnythingIsSent) {
    FailureOf(kText, R"({"prompt":"{{ oops","prompt_values":{"a":"b"}})");
    EXPECT_EQ(sent_count(), 0u);
}

TEST_F(GenerateTest, NothingToAskIsRefused) {
    EXPECT_THAT(FailureOf(kText, R"({"prompt":""})"), HasSubstr("nothing to ask"));
    EXPECT_THAT(FailureOf(kConversation, R"({"messages":[]})"), HasSubstr("nothing to ask"));
}

TEST_F(GenerateTest, RetryCountsOutOfRangeAreRefused) {
    for (const char* retry : {"0", "-1", "101"}) {
        SCOPED_TRACE(retry);
        const std::string input = R"({"prompt":"Hello","retry":)" + std::string(retry) + "}";
        EXPECT_THAT(FailureOf(kText, input), HasSubstr("give 1 to 100"));
    }
    EXPECT_EQ(sent_count(), 0u);
}

TEST_F(GenerateTest, ObjectOfTheExpectedFormatIsFoundInItsBlock) {
    EXPECT_EQ(Run(kStructured, Person()).error, "");
    EXPECT_EQ(emitted().at(0), R"(response={"name":"A name.","age":"A age."})");
}

TEST_F(GenerateTest, BareAndFencedJsonIsTakenToo) {
    Say({kAda, std::string("```json\n") + kAda + "\n```"});
    for (int k = 0; k < 2; ++k) {
        EXPECT_EQ(Run(kStructured, Person()).error, "");
        EXPECT_EQ(emitted().at(0), std::string("response=") + kAda);
    }
    EXPECT_EQ(sent_count(), 2u);
}

TEST_F(GenerateTest, ListOfObjectsIsFoundInItsBlock) {
    Run(kStructured, Person(R"(,"list_result":true)"));
    EXPECT_EQ(emitted().at(0), R"(response=[{"name":"A name.","age":"A age."},)"
                               R"({"name":"A name.","age":"A age."}])");
}

TEST_F(GenerateTest, PureJsonIsAskedForInTheRequest) {
    Run(kStructured, Person(R"(,"force_json_output":true)"));
    EXPECT_EQ(WriteJson(Sent(0)["response_format"]), R"({"type":"json_object"})");
    EXPECT_EQ(emitted().at(0), R"(response={"name":"A name.","age":"A age."})");
}

TEST_F(GenerateTest, PureJsonListIsTakenFromItsResults) {
    Run(kStructured, Person(R"(,"force_json_output":true,"list_result":true)"));
    EXPECT_THAT(emitted().at(0), StartsWith(R"(response=[{"name")"));
}

TEST_F(GenerateTest, PureJsonListWithoutResultsGoesBackToTheModel) {
    Say({R"({"people":[]})", R"({"results":[]})"});
    Run(kStructured, Person(R"(,"force_json_output":true,"list_result":true)"));
    EXPECT_THAT(LastMessage(1), HasSubstr("Expected an array of objects in the 'results' key"));
    EXPECT_EQ(emitted().at(0), "response=[]");
}

TEST_F(GenerateTest, AnswerWithoutBlockGoesBackToTheModel) {
    Say({"I do not know"});
    const Value stats = Run(kStructured, Person()).stats;
    EXPECT_THAT(LastMessage(1), HasSubstr("Response does not contain the expected <json_output"));
    EXPECT_EQ(Sent(1)["messages"].size(), 4u);
    EXPECT_EQ(stats["llm_call_count"].IntOr(-1), 2);
    EXPECT_EQ(stats["llm_retry_count"].IntOr(-1), 1);
    EXPECT_THAT(emitted().at(1), HasSubstr("I do not know"));
}

TEST_F(GenerateTest, MissingKeysGoBackToTheModel) {
    Say({R"({"name":"Ada"})"});
    Run(kStructured, Person());
    EXPECT_THAT(LastMessage(1), HasSubstr("Missing keys: {'age'}"));
}

TEST_F(GenerateTest, ItemsThatAreNoObjectsGoBackToTheModel) {
    Say({R"([1, {"name":"Ada"}])"});
    Run(kStructured, Person(R"(,"list_result":true)"));
    EXPECT_THAT(LastMessage(1),
                HasSubstr("Expected a dictionary, but got a number\nMissing keys: {'age'}"));
}

TEST_F(GenerateTest, BlockGivesUpWithTheLastObjection) {
    Say({"no", "no", "no"});
    EXPECT_THAT(FailureOf(kStructured, Person()),
                StartsWith("Your previous response did not contain a parseable JSON object."));
    EXPECT_EQ(sent_count(), 3u);
    EXPECT_THAT(emitted(), IsEmpty());
}

TEST_F(GenerateTest, EmptyFormatTakesAnyText) {
    Run(kStructured, R"({"prompt":"Hi","expected_format":{},"force_json_output":true})");
    EXPECT_EQ(emitted().at(0), R"(response={"response":"You said: Hi"})");
    EXPECT_FALSE(Sent(0)->Has("response_format"));
}

TEST_F(GenerateTest, HistoryComesBeforeThePrompt) {
    Run(kStructured, R"({"prompt":"Now","expected_format":{},"conversation_history":)"
                     R"([{"role":"user","content":"Before"},{}]})");
    EXPECT_EQ(WriteJson(Sent(0)["messages"]),
              R"([{"role":"user","content":"Before"},{"role":"user","content":"Now"}])");
}

TEST_F(GenerateTest, NullHistoryIsNone) {
    EXPECT_EQ(
        Run(kStructured, R"({"prompt":"Now","expected_format":{},"conversation_history":null})")
            .error,
        "");
}

TEST_F(GenerateTest, ConversationGoesOnWithItsPrompt) {
    Run(kConversation, R"({"messages":[{"role":"user","content":"Hi"},)"
                       R"({"role":"assistant","content":"Hello"}],"prompt":"Bye"})");
    EXPECT_EQ(emitted().at(0), R"(response="You said: Bye")");
    EXPECT_EQ(Sent(0)["messages"].size(), 3u);
}

TEST_F(GenerateTest, ListAndItsItemsAreEmitted) {
    EXPECT_EQ(Run(kList, R"({"focus":"numbers","source_data":"one two three"})").error, "");
    const std::vector<std::string> outputs = emitted();
    ASSERT_EQ(outputs.size(), 5u);
    EXPECT_EQ(outputs[0], R"(generated_list=["one","two","three"])");
    EXPECT_THAT(outputs[1], StartsWith("prompt="));
    EXPECT_EQ(outputs[2], R"(list_item="one")");
    EXPECT_EQ(outputs[4], R"(list_item="three")");
    EXPECT_THAT(LastMessage(0), HasSubstr("one two three"));
}

TEST_F(GenerateTest, ItemsThatAreNoTextsBecomeJson) {
    Say({R"({"list":["a",1,{"b":null}]})"});
    Run(kList, "{}");
    EXPECT_EQ(emitted().at(0), R"(generated_list=["a","1","{\"b\":null}"])");
}

TEST_F(GenerateTest, ListThatIsNoneFailsTheBlock) {
    Say({R"({"list":"one, two"})"});
    EXPECT_EQ(FailureOf(kList, "{}"), R"(Expected a list, but got a text: "one, two")");
}

TEST_F(GenerateTest, ShortTextIsSummarizedOnceAndCombined) {
    EXPECT_EQ(Run(kSummarizer, R"({"text":"a b c","focus":"cats","style":"bullet points"})").error,
              "");
    EXPECT_EQ(sent_count(), 2u);
    EXPECT_THAT(LastMessage(0), HasSubstr("bullet points"));
    EXPECT_THAT(LastMessage(0), HasSubstr("cats"));
    EXPECT_THAT(LastMessage(1), HasSubstr("A summary."));
    EXPECT_EQ(emitted().at(0), R"(summary="A final_summary.")");
}

TEST_F(GenerateTest, LongTextIsSummarizedInOverlappingChunks) {
    Run(kSummarizer,
        R"({"text":"one two three four five six seven","max_tokens":6,"chunk_overlap":2})");
    ASSERT_EQ(sent_count(), 3u);
    EXPECT_THAT(LastMessage(0), HasSubstr("one two three four five six\n"));
    EXPECT_THAT(LastMessage(1), HasSubstr("\nfive six seven\n"));
}

TEST_F(GenerateTest, SummariesThatAreStillTooLongAreSummarizedAgain) {
    Say({R"({"summary":"w w w w w w w w"})"});
    Run(kSummarizer, R"({"text":"a b c","max_tokens":5,"chunk_overlap":0,"focus":"cats"})");
    EXPECT_THAT(LastMessage(1), HasSubstr("general information"));
    EXPECT_EQ(emitted().size(), 2u);
}

TEST_F(GenerateTest, SummariesThatNeverShrinkFailTheBlock) {
    Say(std::vector<std::string>(200, R"({"summary":"two words"})"));
    EXPECT_THAT(FailureOf(kSummarizer, R"({"text":"a b","max_tokens":1,"chunk_overlap":0})"),
                HasSubstr("did not become shorter than max_tokens (1 words)"));
}

TEST_F(GenerateTest, SummaryThatIsNoTextFailsTheBlock) {
    Say({R"({"summary":["a"]})"});
    EXPECT_THAT(FailureOf(kSummarizer, R"({"text":"a b c"})"),
                HasSubstr("Expected a string summary, but received a list"));
}

TEST_F(GenerateTest, ChunksOfNoSizeAreRefused) {
    EXPECT_THAT(FailureOf(kSummarizer, R"({"text":"a","max_tokens":0})"),
                HasSubstr("max_tokens must be at least 1"));
    EXPECT_THAT(FailureOf(kSummarizer, R"({"text":"a","chunk_overlap":-1})"),
                HasSubstr("chunk_overlap must not be negative"));
}

}  // namespace
}  // namespace yard
