#include "tests/unit/api/rest/api_fixture.h"

namespace yard::rest {
namespace {

class ShareRoutesTest : public ApiTest {
protected:
    ShareRoutesTest() {
        options_.frontend_base_url = "https://front.example.com";
        graph_ = CreateGraph();
        run_ = Execute(graph_);
        share_path_ = "/api/graphs/" + graph_ + "/executions/" + run_ + "/share";
    }

    std::string graph_;
    std::string run_;
    std::string share_path_;
};

TEST_F(ShareRoutesTest, ASharedRunIsPublic) {
    Answer share = Call("POST", share_path_, "{}");
    ASSERT_EQ(share.status, 200) << share.text;
    std::string token(share["share_token"].StringOr(""));
    EXPECT_EQ(share["share_url"].StringOr(""), "https://front.example.com/share/" + token);
    Answer shared = Call("GET", "/api/public/shared/" + token, "", "");
    ASSERT_EQ(shared.status, 200) << shared.text;
    EXPECT_EQ(shared["graph_name"].StringOr(""), "Add one");
    EXPECT_EQ(shared.headers.Get("X-Robots-Tag"), "noindex, nofollow");
    EXPECT_FALSE(shared.json->Has("user_id"));
}

TEST_F(ShareRoutesTest, UnsharingEndsTheLink) {
    std::string token(Call("POST", share_path_)["share_token"].StringOr(""));
    EXPECT_EQ(Call("DELETE", share_path_, "", "bob").status, 404);
    EXPECT_EQ(Call("DELETE", share_path_).status, 204);
    Answer shared = Call("GET", "/api/public/shared/" + token, "", "");
    EXPECT_EQ(shared.status, 404);
    EXPECT_EQ(shared.text, R"({"detail":"Shared execution not found"})");
}

TEST_F(ShareRoutesTest, ForeignRunsCannotBeShared) {
    Answer share = Call("POST", share_path_, "", "bob");
    EXPECT_EQ(share.status, 404);
    EXPECT_EQ(share.text, R"({"detail":"Execution not found"})");
    EXPECT_EQ(Call("POST", share_path_, "", "").status, 401);
}

TEST_F(ShareRoutesTest, ATokenThatIsNoUuidAnswers422) {
    for (const char* token :
         {"x", "00000000-0000-4000-8000-00000000000Z", "00000000-0000-4000-8000-000000000000%0A"}) {
        Answer answer = Call("GET", std::string("/api/public/shared/") + token, "", "");
        EXPECT_EQ(answer.status, 422) << token;
        EXPECT_EQ(answer["detail"].At(0)["type"].StringOr(""), "string_pattern_mismatch");
    }
}

TEST_F(ShareRoutesTest, ABodyThatIsNoObjectAnswers422) {
    EXPECT_EQ(Call("POST", share_path_, "[]").status, 422);
}

}  // namespace
}  // namespace yard::rest
