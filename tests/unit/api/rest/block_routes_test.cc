#include "tests/unit/api/rest/api_fixture.h"

namespace yard::rest {
namespace {

class BlockRoutesTest : public ApiTest {
protected:
    const std::string calculator_ = std::string("/api/blocks/") + model::kCalculator + "/execute";
};

TEST_F(BlockRoutesTest, ListIsCachedByItsTag) {
    Answer list = Call("GET", "/api/blocks");
    ASSERT_EQ(list.status, 200);
    EXPECT_EQ(list.json->At(0)["name"].StringOr(""), "AgentInputBlock");
    http::Request again = MakeRequest("GET", "/api/blocks");
    again.headers.Add("If-None-Match", list.headers.Get("ETag"));
    Answer unchanged = Send(std::move(again));
    EXPECT_EQ(unchanged.status, 304);
    EXPECT_EQ(unchanged.text, "");
    EXPECT_FALSE(list.headers.Has("Cache-Control"));
}

TEST_F(BlockRoutesTest, ALargeListIsSentCompressed) {
    for (int i = 0; i < 400; ++i) {
        catalog_.AddBlock("block-" + std::to_string(i), "Block" + std::to_string(i),
                          R"({"text":{"type":"string","description":"Some words about it"}})");
    }
    http::Request request = MakeRequest("GET", "/api/blocks");
    request.headers.Add("Accept-Encoding", "gzip, br");
    Answer compressed = Send(std::move(request));
    EXPECT_EQ(compressed.headers.Get("content-encoding"), "gzip");
    EXPECT_TRUE(compressed.text.starts_with("\x1f\x8b"));
    Answer plain = Call("GET", "/api/blocks");
    EXPECT_FALSE(plain.headers.Has("content-encoding"));
    EXPECT_GT(plain.text.size(), compressed.text.size());
    EXPECT_EQ(plain.headers.Get("vary"), "Accept-Encoding");
}

TEST_F(BlockRoutesTest, ListNeedsAToken) {
    Answer answer = Call("GET", "/api/blocks", "", "");
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.text, R"({"detail":"Authorization header is missing"})");
}

TEST_F(BlockRoutesTest, ExecuteAnswersTheOutputs) {
    runtime_.On(model::kCalculator, [](fakes::FakeCall& call) {
        call.Emit("result", Value::Double(3));
        call.Finish();
    });
    Answer answer = Call("POST", calculator_, R"({"operation":"Add","a":1,"b":2})");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.text, R"({"result":[3.0]})");
}

TEST_F(BlockRoutesTest, UnknownAndDisabledBlocksAreNamed) {
    Answer unknown = Call("POST", "/api/blocks/nope/execute", "{}");
    EXPECT_EQ(unknown.status, 404);
    EXPECT_EQ(unknown.text, R"({"detail":"Block #nope not found."})");
    Answer disabled =
        Call("POST", std::string("/api/blocks/") + service::kDisabledBlock + "/execute", "{}");
    EXPECT_EQ(disabled.status, 403);
}

TEST_F(BlockRoutesTest, UnknownUsersAndBadInputAnswer400) {
    Answer user = Call("POST", calculator_, R"({"operation":"Add","a":1,"b":2})", "nobody");
    EXPECT_EQ(user.status, 400);
    EXPECT_EQ(user["detail"].StringOr(""), "User not found with ID: nobody");
    EXPECT_EQ(Call("POST", calculator_, R"({"operation":"Add"})").status, 400);
    EXPECT_EQ(Call("POST", calculator_, "[]").status, 422);
    EXPECT_EQ(Call("POST", calculator_, "").status, 422);
}

TEST_F(BlockRoutesTest, AFailureIs400AndABreakdown500) {
    const char* input = R"({"operation":"Add","a":1,"b":2})";
    runtime_.On(model::kCalculator, [](fakes::FakeCall& call) { call.FailWith("too big"); });
    Answer failed = Call("POST", calculator_, input);
    EXPECT_EQ(failed.status, 400);
    EXPECT_EQ(failed["detail"].StringOr(""),
              std::string("raised by CalculatorBlock with message: too big. block_id: ") +
                  model::kCalculator);
    runtime_.On(model::kCalculator, [](fakes::FakeCall& call) {
        call.Finish({engine::BlockResult::kUnexpected, "boom", Value(), 0});
    });
    EXPECT_EQ(Call("POST", calculator_, input).status, 500);
}

}  // namespace
}  // namespace yard::rest
