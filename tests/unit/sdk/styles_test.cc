// How blocks run, wait, stop and fail, over real plugins and the C ABI.

#include <gtest/gtest.h>

#include "base/json.h"
#include "tests/unit/sdk/fake_host.h"

extern "C" int MembersThatMayBeRead(const blk_call* call);  // in abi_test.c

namespace yard {
namespace {

TEST(AbiTest, AReaderTouchesNoMemberThatTheProducerDidNotFillIn) {
    blk_call call{};
    call.struct_size = sizeof call;
    EXPECT_EQ(MembersThatMayBeRead(&call), 3);
    call.struct_size = offsetof(blk_call, context);
    EXPECT_EQ(MembersThatMayBeRead(&call), 1);
    EXPECT_EQ(MembersThatMayBeRead(nullptr), 0);
}

const blk_block& Behaviour(std::string_view id) {
    static const blk_plugin& plugin = LoadTestPlugin("test_behaviours");
    return *FindBlock(plugin, id);
}

Value Json(std::string_view text) { return ParseJson(text).value(); }

std::vector<std::string> Texts(const HostOutcome& outcome) {
    std::vector<std::string> texts;
    for (const auto& [port, value] : outcome.outputs) texts.push_back(port + "=" + value);
    return texts;
}

Value ChatInput() {
    ValueBuilder input;
    input.BeginObject().Member("prompt", "hi").Member("temperature", 0.5);
    input.Key("credentials").Credential(42).EndObject();
    return input.Take();
}

const blk_block& Chat() {
    static const blk_plugin& plugin = LoadTestPlugin("example_chat");
    return *FindBlock(plugin, "com.acme.chat");
}

class CountTest : public ::testing::TestWithParam<std::tuple<const char*, int>> {};

TEST_P(CountTest, EveryValueArrivesOnceAndInOrderHoweverOftenTheOutputIsFull) {
    auto [id, full_every] = GetParam();
    HostPlan plan;
    plan.full_every = full_every;
    HostOutcome outcome = RunBlock(Behaviour(id), Json(R"({"count": 7})"), plan);
    EXPECT_EQ(outcome.status, BLK_DONE) << outcome.error;
    EXPECT_EQ(Texts(outcome),
              (std::vector<std::string>{"number=0", "number=1", "number=2", "number=3", "number=4",
                                        "number=5", "number=6"}));
}

INSTANTIATE_TEST_SUITE_P(
    Styles, CountTest,
    ::testing::Combine(::testing::Values("test.count_pure", "test.count_blocking",
                                         "test.count_task", "test.count_async"),
                       ::testing::Values(0, 1, 2, 3)));

class FullOutputTest : public ::testing::TestWithParam<const char*> {};

TEST_P(FullOutputTest, CancellingWhileTheOutputIsFullLosesOnlyWhatWasNotTaken) {
    for (int cancel_at = 1; cancel_at < 4; ++cancel_at) {
        HostPlan plan;
        plan.full_every = 2;
        plan.cancel_at = cancel_at;
        HostOutcome outcome = RunBlock(Behaviour(GetParam()), Json(R"({"count": 9})"), plan);
        EXPECT_EQ(outcome.status, BLK_E_CANCELLED);
        EXPECT_EQ(outcome.outputs.size(), static_cast<size_t>(2 * cancel_at - 1));
    }
}

INSTANTIATE_TEST_SUITE_P(Styles, FullOutputTest,
                         ::testing::Values("test.count_pure", "test.count_task",
                                           "test.count_async"));

TEST(ChatExampleTest, EveryOutputMayBeRefusedOnce) {
    for (int full_every : {1, 2, 3}) {
        HostPlan plan;
        plan.full_every = full_every;
        HostOutcome outcome = RunBlock(Chat(), ChatInput(), plan);
        EXPECT_EQ(outcome.status, BLK_DONE) << outcome.error;
        EXPECT_EQ(Texts(outcome), (std::vector<std::string>{R"(token="Hel")", R"(token="lo")",
                                                            R"(response="Hello")"}));
    }
}

TEST(BlockFlagsTest, OnlyABlockThatIsNeitherTaskNorPureIsBlocking) {
    EXPECT_EQ(Behaviour("test.count_pure").flags, 0u);
    EXPECT_EQ(Behaviour("test.count_task").flags, 0u);
    EXPECT_EQ(Behaviour("test.count_blocking").flags, BLK_F_BLOCKING);
}

struct Thrown {
    const char* what;
    blk_status code;
    const char* message;
};
class BarrierTest : public ::testing::TestWithParam<std::tuple<const char*, bool, Thrown>> {};

TEST_P(BarrierTest, AnExceptionBecomesAStatusAndAText) {
    auto [id, late, thrown] = GetParam();
    Value input =
        Value::Object({{"what", Value::String(thrown.what)}, {"late", Value::Bool(late)}});
    HostOutcome outcome = RunBlock(Behaviour(id), input);
    EXPECT_EQ(outcome.status, thrown.code);
    EXPECT_EQ(outcome.error_code, thrown.code);
    EXPECT_EQ(outcome.error, thrown.message);
    EXPECT_EQ(outcome.ops_open, 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Styles, BarrierTest,
    ::testing::Combine(::testing::Values("test.throw_pure", "test.throw_blocking",
                                         "test.throw_task"),
                       ::testing::Bool(),
                       ::testing::Values(Thrown{"std", BLK_E_INTERNAL, "a bug"},
                                         Thrown{"other", BLK_E_INTERNAL, "unknown exception"},
                                         Thrown{"memory", BLK_E_NOMEM, "out of memory"},
                                         Thrown{"fail", BLK_E_INVALID, "a bad input"},
                                         Thrown{"denied", BLK_E_DENIED, "not for you"})));

TEST(ChatExampleTest, StreamsEveryPieceAndThenTheWholeAnswer) {
    HostOutcome outcome = RunBlock(Chat(), ChatInput());
    ASSERT_EQ(outcome.status, BLK_DONE) << outcome.error;
    EXPECT_EQ(Texts(outcome),
              (std::vector<std::string>{R"(token="Hel")", R"(token="lo")", R"(response="Hello")"}));
    ASSERT_EQ(outcome.requests.size(), 1u);
    const HostRequest& request = outcome.requests[0];
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.body, R"({"prompt":"hi","temperature":0.5})");
    EXPECT_EQ(request.credential, 42u);
    EXPECT_EQ(request.scheme, "bearer");
    EXPECT_EQ(request.headers.at("content-type"), "application/json");
}

TEST(ChatExampleTest, CancellingAtAnySuspensionPointLeavesNoOpBehind) {
    HostOutcome whole = RunBlock(Chat(), ChatInput());
    ASSERT_GE(whole.steps, 4);
    for (int full_every : {0, 1, 2}) {
        for (int cancel_at = 0; cancel_at < whole.steps; ++cancel_at) {
            HostPlan plan;
            plan.cancel_at = cancel_at;
            plan.full_every = full_every;
            HostOutcome outcome = RunBlock(Chat(), ChatInput(), plan);
            EXPECT_EQ(outcome.status, BLK_E_CANCELLED) << cancel_at;
            EXPECT_EQ(outcome.ops_open, 0u) << cancel_at;
        }
    }
}

TEST(ChatExampleTest, AnOpIsCancelledWhenItsAnswerNeverComes) {
    HostPlan plan;
    plan.stall = true;
    HostOutcome outcome = RunBlock(Chat(), ChatInput(), plan);
    EXPECT_EQ(outcome.status, BLK_WAIT);
    EXPECT_EQ(outcome.ops_open, 0u);
}

TEST(ChatExampleTest, ABrokenStreamFailsAfterThePiecesThatCame) {
    HostPlan plan;
    plan.http_end = BLK_E_IO;
    HostOutcome outcome = RunBlock(Chat(), ChatInput(), plan);
    EXPECT_EQ(outcome.status, BLK_E_IO);
    EXPECT_EQ(outcome.error, "the connection broke");
    EXPECT_EQ(outcome.outputs.size(), 2u);
}

TEST(ChatExampleTest, AnInputOfTheWrongTypeNamesTheField) {
    HostOutcome outcome = RunBlock(Chat(), Json(R"({"prompt": 5})"));
    EXPECT_EQ(outcome.status, BLK_E_TYPE);
    EXPECT_EQ(outcome.error, "prompt: is not a string");
}

TEST(ChatExampleTest, ACredentialThatIsNotAHandleIsRefused) {
    HostOutcome outcome = RunBlock(Chat(), Json(R"({"prompt": "x", "credentials": {"id": "1"}})"));
    EXPECT_EQ(outcome.status, BLK_E_TYPE);
    EXPECT_EQ(outcome.error, "credentials: is not a credential");
}

class DeniedServiceTest : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(DeniedServiceTest, FailsAsDeniedAndNamesTheService) {
    auto [id, service] = GetParam();
    HostPlan plan;
    plan.denied_services = {service};
    Value input =
        Json(R"({"url": "http://x", "what": "", "late": true, "graph_id": "g", "inputs": {}})");
    HostOutcome outcome = RunBlock(Behaviour(id), input, plan);
    EXPECT_EQ(outcome.status, BLK_E_DENIED);
    EXPECT_EQ(outcome.error,
              std::string("the host service ") + service + " is absent or not permitted");
}

INSTANTIATE_TEST_SUITE_P(Services, DeniedServiceTest,
                         ::testing::Values(std::pair{"test.fetch_task", BLK_SVC_HTTP},
                                           std::pair{"test.fetch_blocking", BLK_SVC_HTTP},
                                           std::pair{"test.fetch_task", BLK_SVC_TIMER},
                                           std::pair{"test.throw_blocking", BLK_SVC_TIMER},
                                           std::pair{"test.child", BLK_SVC_RUN}));

TEST(FetchTest, TwoRequestsRunAtOnceAndEachGetsItsOwnAnswer) {
    HostOutcome outcome = RunBlock(Behaviour("test.fetch_task"), Json(R"({"url": "http://x"})"));
    ASSERT_EQ(outcome.status, BLK_DONE) << outcome.error;
    EXPECT_EQ(Texts(outcome),
              (std::vector<std::string>{
                  R"(text="Hello|Hello")",
                  R"(value={"status":200,"url":"http://x/1","type":"text/plain"})"}));
}

TEST(FetchTest, CancellingAtAnyStepLeavesNoRequestBehind) {
    Value input = Json(R"({"url": "http://x"})");
    int steps = RunBlock(Behaviour("test.fetch_task"), input).steps;
    for (int cancel_at = 0; cancel_at < steps; ++cancel_at) {
        HostPlan plan;
        plan.cancel_at = cancel_at;
        HostOutcome outcome = RunBlock(Behaviour("test.fetch_task"), input, plan);
        // A timer has no cancel: the host forgets it with the task.
        EXPECT_LE(outcome.ops_open, cancel_at == steps - 1 ? 1u : 0u) << cancel_at;
    }
}

TEST(FetchTest, ABlockingBlockWaitsForWholeAnswersTimersAndStreams) {
    HostOutcome outcome =
        RunBlock(Behaviour("test.fetch_blocking"), Json(R"({"url": "http://x"})"));
    ASSERT_EQ(outcome.status, BLK_DONE) << outcome.error;
    EXPECT_EQ(Texts(outcome), std::vector<std::string>{R"(text="Hello+Hel+lo")"});
    EXPECT_EQ(outcome.steps, 1);
}

TEST(FetchTest, ABlockingBlockThatIsCancelledInItsWaitEndsAndCancelsItsOps) {
    HostPlan plan;
    plan.stall = true;
    HostOutcome outcome =
        RunBlock(Behaviour("test.fetch_blocking"), Json(R"({"url": "http://x"})"), plan);
    EXPECT_EQ(outcome.status, BLK_E_CANCELLED);
    EXPECT_EQ(outcome.ops_open, 0u);
}

TEST(RunGraphTest, ForwardsOutputsAndAddsTheStatistics) {
    HostPlan plan;
    plan.run_outputs = {{"a", Value::Int(1)}, {"b", Value::String("two")}};
    plan.run_stats = Json(R"({"cost": 3})");
    HostOutcome outcome = RunBlock(Behaviour("test.child"),
                                   Json(R"({"graph_id": "g1", "inputs": {"x": [1]}})"), plan);
    ASSERT_EQ(outcome.status, BLK_DONE) << outcome.error;
    EXPECT_EQ(Texts(outcome), (std::vector<std::string>{"a=1", R"(b="two")"}));
    EXPECT_EQ(outcome.started_graphs, std::vector<std::string>{R"(g1@3{"x":[1]})"});
    EXPECT_EQ(outcome.stats, std::vector<std::string>{R"({"cost":3})"});
}

TEST(RunGraphTest, AFailedChildFailsTheBlockAfterItsOutputs) {
    HostPlan plan;
    plan.run_outputs = {{"a", Value::Int(1)}};
    plan.run_end = BLK_E_INVALID;
    HostOutcome outcome =
        RunBlock(Behaviour("test.child"), Json(R"({"graph_id": "g1", "inputs": {}})"), plan);
    EXPECT_EQ(outcome.status, BLK_E_INVALID);
    EXPECT_EQ(outcome.error, "the graph failed");
    EXPECT_EQ(outcome.outputs.size(), 1u);
    EXPECT_TRUE(outcome.stats.empty());
}

TEST(SettingsTest, AnInstanceKeepsItsConfigurationAndSeesTheContext) {
    HostPlan plan;
    plan.config = Json(R"({"base": {"url": "http://x"}})");
    plan.context = Json(R"({"user_id": "u1"})");
    HostOutcome outcome = RunBlock(Behaviour("test.settings"), Json(R"({"key": "base"})"), plan);
    ASSERT_EQ(outcome.status, BLK_DONE) << outcome.error;
    EXPECT_EQ(Texts(outcome),
              (std::vector<std::string>{R"(value={"url":"http://x"})", R"(user="u1")"}));
    EXPECT_EQ(outcome.log, std::vector<std::string>{R"(read a setting {"key":"base"})"});
}

TEST(SettingsTest, AMissingSettingReadsAsNull) {
    HostOutcome outcome = RunBlock(Behaviour("test.settings"), Json(R"({"key": "nothing"})"));
    ASSERT_EQ(outcome.status, BLK_DONE) << outcome.error;
    EXPECT_EQ(Texts(outcome), (std::vector<std::string>{"value=null", "user=null"}));
}

TEST(SettingsTest, AConstructorThatThrowsGivesNoInstance) {
    HostPlan plan;
    plan.config = Json(R"({"broken": 1})");
    EXPECT_EQ(RunBlock(Behaviour("test.settings"), Json(R"({"key": "x"})"), plan).status,
              BLK_E_INTERNAL);
}

TEST(ExamplesTest, ThePureAndTheCBlockDoWhatTheyDeclare) {
    const blk_block& echo = *FindBlock(LoadTestPlugin("example_echo"), "com.acme.echo");
    EXPECT_EQ(Texts(RunBlock(echo, Json(R"({"text": "abc"})"))),
              std::vector<std::string>{R"(text="abc")"});
    const blk_block& reverse = *FindBlock(LoadTestPlugin("example_reverse"), "com.acme.reverse");
    EXPECT_EQ(Texts(RunBlock(reverse, Json(R"({"text": "abc"})"))),
              std::vector<std::string>{R"(text="cba")"});
    EXPECT_EQ(RunBlock(reverse, Json(R"({"text": 1})")).status, BLK_E_TYPE);
}

TEST(ExamplesTest, EightFieldsInAndOutKeepTheirTypes) {
    HostOutcome outcome = RunBlock(
        Behaviour("test.eight"),
        Json(
            R"({"a": "1", "b": "", "c": "x", "d": "y", "e": -1, "f": 2, "g": 1.5, "h": {"k": [null]}})"));
    ASSERT_EQ(outcome.status, BLK_DONE) << outcome.error;
    EXPECT_EQ(Texts(outcome),
              (std::vector<std::string>{R"(a="1")", R"(b="")", R"(c="x")", R"(d="y")", "e=-1",
                                        "f=2", "g=1.5", R"(h={"k":[null]})"}));
}

}  // namespace
}  // namespace yard
