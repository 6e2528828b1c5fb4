#include "tests/unit/api/rest/api_fixture.h"

namespace yard::rest {
namespace {

class GraphRoutesTest : public ApiTest {};

TEST_F(GraphRoutesTest, CreateAnswersTheStoredGraph) {
    Answer created = Call("POST", "/api/graphs", kAddingGraph);
    ASSERT_EQ(created.status, 200) << created.text;
    EXPECT_EQ(created["name"].StringOr(""), "Add one");
    EXPECT_EQ(created["user_id"].StringOr(""), "alice");
    EXPECT_EQ(created["nodes"].size(), 3u);
    EXPECT_EQ(created["input_schema"]["required"].size(), 1u);
    std::string id(created["id"].StringOr(""));
    Answer read = Call("GET", "/api/graphs/" + id);
    ASSERT_EQ(read.status, 200) << read.text;
    EXPECT_EQ(read["links"].size(), 2u);
}

TEST_F(GraphRoutesTest, ListHasNoNodes) {
    CreateGraph();
    Answer list = Call("GET", "/api/graphs");
    ASSERT_EQ(list.status, 200);
    ASSERT_EQ(list.json->size(), 1u);
    EXPECT_FALSE(list.json->At(0).Has("nodes"));
    EXPECT_EQ(Call("GET", "/api/graphs", "", "bob").text, "[]");
}

TEST_F(GraphRoutesTest, AnotherUsersGraphIsNotFound) {
    std::string id = CreateGraph();
    for (const std::string& path : {"/api/graphs/" + id, "/api/graphs/" + id + "/versions",
                                    "/api/graphs/" + id + "/versions/1"}) {
        Answer answer = Call("GET", path, "", "bob");
        EXPECT_EQ(answer.status, 404) << path;
        EXPECT_EQ(answer.text, R"({"detail":"Graph #)" + id + R"( not found."})");
    }
}

TEST_F(GraphRoutesTest, VersionsOutOfRangeAreNotFound) {
    std::string id = CreateGraph();
    for (const char* version : {"2", "0", "-1", "4294967297", "9223372036854775807"}) {
        EXPECT_EQ(Call("GET", "/api/graphs/" + id + "/versions/" + version).status, 404);
        EXPECT_EQ(Call("GET", "/api/graphs/" + id + "?version=" + version).status, 404);
    }
}

TEST_F(GraphRoutesTest, AVersionThatIsNoNumberIsInvalid) {
    Answer answer = Call("GET", "/api/graphs/x/versions/active");
    EXPECT_EQ(answer.status, 422);
    View fault = answer["detail"].At(0);
    EXPECT_EQ(fault["type"].StringOr(""), "int_parsing");
    EXPECT_EQ(WriteJson(fault["loc"]), R"(["path","version"])");
    EXPECT_EQ(fault["input"].StringOr(""), "active");
}

TEST_F(GraphRoutesTest, ForExportStripsTheOwner) {
    std::string id = CreateGraph();
    Answer answer = Call("GET", "/api/graphs/" + id + "?for_export=yes");
    ASSERT_EQ(answer.status, 200);
    EXPECT_EQ(answer["user_id"].StringOr("-"), "");
    EXPECT_EQ(Call("GET", "/api/graphs/" + id + "?for_export=perhaps").status, 422);
}

TEST_F(GraphRoutesTest, UpdateMakesANewVersion) {
    std::string id = CreateGraph();
    std::string body = R"({"id":")" + id + R"(","name":"Two","description":"","nodes":[]})";
    Answer updated = Call("PUT", "/api/graphs/" + id, body);
    ASSERT_EQ(updated.status, 200) << updated.text;
    EXPECT_EQ(updated["version"].AsInt(), 2);
    EXPECT_EQ(Call("GET", "/api/graphs/" + id + "/versions").json->size(), 2u);
}

TEST_F(GraphRoutesTest, UpdateNeedsTheIdOfThePath) {
    std::string id = CreateGraph();
    const char* body = R"({"id":"other","name":"Two","description":""})";
    Answer other = Call("PUT", "/api/graphs/" + id, body);
    EXPECT_EQ(other.status, 400);
    EXPECT_EQ(other.text, R"({"detail":"Graph ID does not match ID in URI"})");
    EXPECT_EQ(Call("PUT", "/api/graphs/" + id, R"({"name":"Two","description":""})").status, 400);
    Answer missing = Call("PUT", "/api/graphs/other", body);
    EXPECT_EQ(missing.status, 404);
    EXPECT_EQ(missing.text, R"({"detail":"Graph #other not found"})");
}

TEST_F(GraphRoutesTest, SetActiveVersionAnswersNull) {
    std::string id = CreateGraph();
    std::string path = "/api/graphs/" + id + "/versions/active";
    EXPECT_EQ(Call("PUT", path, R"({"active_graph_version":1})").text, "null");
    Answer missing = Call("PUT", path, R"({"active_graph_version":7})");
    EXPECT_EQ(missing.status, 404);
    EXPECT_EQ(missing.text, R"({"detail":"Graph #)" + id + R"( v7 not found"})");
    EXPECT_EQ(Call("PUT", path, R"({"active_graph_version":1})", "bob").status, 404);
    EXPECT_EQ(Call("PUT", path, "{}").status, 422);
}

TEST_F(GraphRoutesTest, SettingsAreMerged) {
    std::string path = "/api/graphs/" + CreateGraph() + "/settings";
    Answer first = Call("PATCH", path, R"({"human_in_the_loop_safe_mode":false})");
    EXPECT_EQ(first.text,
              R"({"human_in_the_loop_safe_mode":false,"sensitive_action_safe_mode":false})");
    Answer second = Call("PATCH", path, R"({"sensitive_action_safe_mode":"on","x":1})");
    EXPECT_EQ(second.text,
              R"({"human_in_the_loop_safe_mode":false,"sensitive_action_safe_mode":true})");
    Answer third = Call("PATCH", path, R"({"human_in_the_loop_safe_mode":null})");
    EXPECT_TRUE(third["human_in_the_loop_safe_mode"].AsBool());
    EXPECT_EQ(Call("PATCH", path, "{}", "bob").status, 404);
    EXPECT_EQ(Call("PATCH", path, R"({"sensitive_action_safe_mode":[]})").status, 422);
}

TEST_F(GraphRoutesTest, DeleteCountsTheVersions) {
    std::string path = "/api/graphs/" + CreateGraph();
    EXPECT_EQ(Call("DELETE", path, "", "bob").text, R"({"version_counts":0})");
    EXPECT_EQ(Call("DELETE", path).text, R"({"version_counts":1})");
    EXPECT_EQ(Call("GET", path).status, 404);
}

TEST_F(GraphRoutesTest, StructuralFaultsAnswer400) {
    for (const char* body :
         {R"({"graph":{"name":"","description":"","nodes":[{"id":"a","block_id":"unknown"}]}})",
          R"({"graph":{"name":"","description":"","nodes":[],
              "links":[{"source_id":"x","sink_id":"y","source_name":"","sink_name":""}]}})",
          R"({"graph":{"name":"","description":"","nodes":[
               {"id":"a","block_id":"b1ab9b19-67a6-406d-abf5-2dba76d00c79"}],
              "links":[{"source_id":"a","sink_id":"a","source_name":"nope","sink_name":"a"}]}})",
          R"({"graph":{"name":"","description":"","nodes":[
               {"id":"a","block_id":"363ae599-353e-4804-937e-b2ee3cef3da4"}]}})"}) {
        Answer answer = Call("POST", "/api/graphs", body);
        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_EQ(answer["message"].StringOr(""), "Failed to process POST /api/graphs");
        EXPECT_EQ(answer["hint"].StringOr(""), "Adjust the request and retry.");
    }
    EXPECT_EQ(Call("GET", "/api/graphs").text, "[]");
}

TEST_F(GraphRoutesTest, BodiesOfTheWrongShapeAnswer422) {
    for (const char* body :
         {"", "null", "[]", "7", "\"text\"", "{}", R"({"graph":null})", R"({"graph":[]})",
          R"({"graph":{}})", R"({"graph":{"name":1,"description":""}})",
          R"({"graph":{"name":"","description":"","nodes":{}}})",
          R"({"graph":{"name":"","description":"","nodes":[1]}})",
          R"({"graph":{"name":"","description":"","nodes":[{}]}})",
          R"({"graph":{"name":"","description":"","links":[{}]}})",
          R"({"graph":{"name":"","description":""},"source":"elsewhere"})", "{\"graph\":", "{",
          "\xff\xfe"}) {
        Answer answer = Call("POST", "/api/graphs", body);
        EXPECT_EQ(answer.status, 422) << body;
        EXPECT_EQ(answer["message"].StringOr(""), "Invalid data for POST /api/graphs");
        EXPECT_FALSE(answer["detail"].empty()) << body;
    }
}

TEST_F(GraphRoutesTest, AbsurdBodiesAreRefusedWithoutHarm) {
    std::string deep(10'000, '[');
    EXPECT_EQ(Call("POST", "/api/graphs", deep + std::string(10'000, ']')).status, 422);
    std::string large = R"({"graph":{"name":")" + std::string(10 << 20, 'x') + R"("}})";
    Answer answer = Call("POST", "/api/graphs", large);
    EXPECT_EQ(answer.status, 422);
    // The body is not sent back.
    EXPECT_LT(answer.text.size(), 100'000u);
    std::string many = R"({"graph":{"name":"","description":"","nodes":[)";
    for (int i = 0; i < 20'000; ++i) many += "{},";
    EXPECT_LT(Call("POST", "/api/graphs", many + "{}]}}").text.size(), 100'000u);
}

TEST_F(GraphRoutesTest, TheVersionedPathIsTheSame) {
    CreateGraph();
    EXPECT_EQ(Call("GET", "/api/v1/graphs").text, Call("GET", "/api/graphs").text);
    EXPECT_EQ(Call("GET", "/api/v2/graphs").status, 404);
}

}  // namespace
}  // namespace yard::rest
