#include "tests/unit/api/rest/api_fixture.h"

namespace yard::rest {
namespace {

class MetaRoutesTest : public ApiTest {};

TEST_F(MetaRoutesTest, HealthIsThatOfTheDatabase) {
    EXPECT_EQ(Call("GET", "/health", "", "").text, R"({"status":"healthy"})");
    healthy_ = false;
    Answer answer = Call("GET", "/health", "", "");
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer["detail"].StringOr(""), "[AgentServer] - Database is not connected");
}

TEST_F(MetaRoutesTest, TheDocumentListsTheOperationsInOrder) {
    Answer answer = Call("GET", "/openapi.json", "", "");
    ASSERT_EQ(answer.status, 200);
    EXPECT_EQ(answer["openapi"].StringOr(""), "3.1.0");
    std::string last;
    for (auto [path, methods] : answer["paths"].members()) {
        EXPECT_LT(last, path);
        last = path;
    }
    View get = answer["paths"]["/api/graphs/{graph_id}"]["get"];
    EXPECT_EQ(get["operationId"].StringOr(""), "getV1Get specific graph");
    EXPECT_EQ(get["responses"]["401"]["$ref"].StringOr(""),
              "#/components/responses/HTTP401NotAuthenticatedError");
    EXPECT_TRUE(answer["components"]["responses"].Has("HTTP401NotAuthenticatedError"));
    EXPECT_FALSE(answer["paths"].Has("/docs"));
}

TEST_F(MetaRoutesTest, EveryReferenceOfTheDocumentLeadsSomewhere) {
    Answer answer = Call("GET", "/openapi.json", "", "");
    constexpr std::string_view kPrefix = "\"#/components/schemas/";
    size_t found = 0;
    for (size_t at = answer.text.find(kPrefix); at != std::string::npos;
         at = answer.text.find(kPrefix, at + 1)) {
        size_t begin = at + kPrefix.size();
        std::string name = answer.text.substr(begin, answer.text.find('"', begin) - begin);
        EXPECT_TRUE(answer["components"]["schemas"].Has(name)) << name;
        ++found;
    }
    EXPECT_GT(found, 20u);
}

TEST_F(MetaRoutesTest, TheDocsPageNeedsNothingFromElsewhere) {
    Answer page = Call("GET", "/docs", "", "");
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.text.find("http://"), std::string::npos);
    EXPECT_EQ(page.text.find("https://"), std::string::npos);
    EXPECT_EQ(Call("GET", "/redoc", "", "").headers.Get("Location"), "/docs");
}

TEST_F(MetaRoutesTest, DocsCanBeSwitchedOff) {
    options_.docs = false;
    EXPECT_EQ(Call("GET", "/docs", "", "").status, 404);
    EXPECT_EQ(Call("GET", "/openapi.json", "", "").status, 404);
}

}  // namespace
}  // namespace yard::rest
