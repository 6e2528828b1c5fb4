#include "api/rest/request_parts.h"

#include "tests/unit/api/rest/api_fixture.h"

namespace yard::rest {
namespace {

// Through the operations that show each step.
class RequestPartsTest : public ApiTest {
protected:
    Answer WithHeader(const char* name, const std::string& value,
                      const std::string& target = "/api/graphs") {
        http::Request request = MakeRequest("GET", target, "");
        request.headers.Set(name, value);
        return Send(std::move(request));
    }
};

TEST_F(RequestPartsTest, MalformedJsonComesBeforeTheMissingToken) {
    Answer answer = Call("POST", "/api/graphs", "{\"graph\" 1}", "");
    EXPECT_EQ(answer.status, 422);
    View fault = answer["detail"].At(0);
    EXPECT_EQ(fault["type"].StringOr(""), "json_invalid");
    EXPECT_EQ(fault["loc"].At(0).StringOr(""), "body");
    EXPECT_EQ(fault["msg"].StringOr(""), "JSON decode error");
    EXPECT_EQ(WriteJson(fault["input"]), "{}");
}

TEST_F(RequestPartsTest, TheMissingTokenComesBeforeAnInvalidBody) {
    EXPECT_EQ(Call("POST", "/api/graphs", "{}", "").status, 401);
    EXPECT_EQ(Call("GET", "/api/graphs/x/versions/active", "", "").status, 401);
}

TEST_F(RequestPartsTest, BadTokensSayWhy) {
    EXPECT_EQ(WithHeader("Authorization", "Basic x").text,
              R"({"detail":"Authorization header is missing"})");
    EXPECT_EQ(WithHeader("Authorization", "Bearer nonsense").status, 401);
    std::string expired = Token("alice");
    clock_.Advance(std::chrono::hours(2));
    EXPECT_EQ(WithHeader("Authorization", "Bearer " + expired).text,
              R"({"detail":"Token has expired"})");
}

TEST_F(RequestPartsTest, ATokenWithoutARoleIsRefused) {
    Answer answer = WithHeader("Authorization", "Bearer " + Token("alice", ""));
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.text, R"({"detail":"Role not found in token"})");
}

TEST_F(RequestPartsTest, ATokenWithoutASubjectIsRefused) {
    EXPECT_EQ(WithHeader("Authorization", "Bearer " + Token("")).text,
              R"({"detail":"User ID not found in token"})");
}

TEST_F(RequestPartsTest, OnlyAdministratorsActForOthers) {
    std::string graph = CreateGraph("alice");
    http::Request request = MakeRequest("GET", "/api/graphs", "bob");
    request.headers.Add("X-Act-As-User-Id", " alice ");
    Answer refused = Send(std::move(request));
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.text, R"({"detail":"Only admin users can impersonate other users"})");
    http::Request admin = MakeRequest("GET", "/api/graphs", "");
    admin.headers.Set("Authorization", "Bearer " + Token("root", "admin"));
    admin.headers.Add("x-act-as-user-id", "alice");
    EXPECT_EQ(Send(std::move(admin)).json->size(), 1u);
}

TEST_F(RequestPartsTest, OtherContentTypesAreNotParsed) {
    http::Request request = MakeRequest("POST", "/api/graphs", "alice", kAddingGraph);
    request.headers.Set("Content-Type", "text/plain");
    Answer answer = Send(std::move(request));
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(answer["detail"].At(0)["type"].StringOr(""), "model_attributes_type");
    http::Request json = MakeRequest("POST", "/api/graphs", "alice", kAddingGraph);
    json.headers.Set("Content-Type", "Application/Problem+JSON; charset=utf-8");
    EXPECT_EQ(Send(std::move(json)).status, 200);
    http::Request bare = MakeRequest("POST", "/api/graphs", "alice", kAddingGraph);
    bare.headers.Remove("Content-Type");
    EXPECT_EQ(Send(std::move(bare)).status, 200);
}

TEST_F(RequestPartsTest, TheLastOfSeveralQueryValuesCounts) {
    std::string path = "/api/graphs/" + CreateGraph() + "/executions";
    Answer answer = Call("GET", path + "?page=0&page=3");
    EXPECT_EQ(answer["pagination"]["current_page"].IntOr(0), 3);
}

}  // namespace
}  // namespace yard::rest
