// Two users at once: neither sees anything of the other.

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "base/json.h"
#include "tests/e2e/api_client.h"
#include "tests/e2e/graphs.h"

namespace yard::e2e {
namespace {

constexpr int kRuns = 20;

struct Work {
    std::set<std::string> graphs;
    std::set<std::string> executions;
};

// Imports its own agents and runs each, as one user of many would.
Work WorkAs(const ApiClient& client, const std::string& name) {
    Work work;
    for (int run = 0; run < kRuns; ++run) {
        const GraphVersion graph = client.Import(Example("greeting"));
        const Value done = client.Run(graph, R"({"name":")" + name + R"("})");
        EXPECT_EQ(WriteJson(done["outputs"]), R"({"greeting":["Hello, )" + name + R"(!"]})");
        work.graphs.insert(graph.id);
        work.executions.insert(std::string(done["id"].StringOr("")));
    }
    return work;
}

std::set<std::string> Ids(const Value& list) {
    std::set<std::string> ids;
    for (View item : list->items()) ids.emplace(item["id"].StringOr(""));
    return ids;
}

TEST(TenancyTest, TwoUsersAtOnceSeeTheirOwnListsOnly) {
    ServerProcess server;
    const ApiClient ada = ApiClient::SignUp(server, "ada@example.com");
    const ApiClient bob = ApiClient::SignUp(server, "bob@example.com");
    Work of_ada;
    Work of_bob;
    std::thread first([&] { of_ada = WorkAs(ada, "Ada"); });
    std::thread second([&] { of_bob = WorkAs(bob, "Bob"); });
    first.join();
    second.join();
    EXPECT_EQ(Ids(ada.Get("/api/graphs").Json()), of_ada.graphs);
    EXPECT_EQ(Ids(bob.Get("/api/graphs").Json()), of_bob.graphs);
    EXPECT_EQ(Ids(ada.Get("/api/executions").Json()), of_ada.executions);
    EXPECT_EQ(Ids(bob.Get("/api/executions").Json()), of_bob.executions);
    EXPECT_EQ(server.Terminate(), 0);
}

class ForeignIdsTest : public testing::Test {
protected:
    ForeignIdsTest()
        : owner_(ApiClient::SignUp(server_, "ada@example.com")),
          other_(ApiClient::SignUp(server_, "bob@example.com")),
          graph_(owner_.Import(Example("greeting"))),
          execution_(owner_.Run(graph_, R"({"name":"Ada"})")["id"].StringOr("")) {}

    std::string GraphPath() const { return "/api/graphs/" + graph_.id; }
    std::string ExecutionPath() const { return GraphPath() + "/executions/" + execution_; }
    void ExpectUntouched() {
        EXPECT_EQ(owner_.Get(GraphPath()).status, 200);
        const Value execution = owner_.GetExecution(graph_, execution_).Json();
        EXPECT_EQ(execution["status"].StringOr(""), "COMPLETED");
        EXPECT_FALSE(execution["is_shared"].BoolOr(true));
    }

    ServerProcess server_;
    ApiClient owner_;
    ApiClient other_;
    GraphVersion graph_;
    std::string execution_;
};

TEST_F(ForeignIdsTest, AnotherUsersGraphCannotBeReadChangedRunOrDeleted) {
    EXPECT_EQ(other_.Get(GraphPath()).status, 404);
    EXPECT_EQ(other_.Get(GraphPath() + "/versions").status, 404);
    EXPECT_EQ(other_.Get(GraphPath() + "/versions/1").status, 404);
    EXPECT_EQ(other_.TryExecute(graph_, R"({"name":"Bob"})").status, 403);
    const std::string graph =
        R"({"id":")" + graph_.id + R"(","name":"Mine","description":"","nodes":[],"links":[]})";
    EXPECT_EQ(other_.Call("PUT", GraphPath(), graph).status, 404);
    EXPECT_GE(other_.Call("PUT", GraphPath() + "/versions/active", R"({"active_graph_version":1})")
                  .status,
              400);
    EXPECT_EQ(WriteJson(other_.Delete(GraphPath()).Json()), R"({"version_counts":0})");
    ExpectUntouched();
}

TEST_F(ForeignIdsTest, AnotherUsersExecutionCannotBeReadStoppedSharedOrDeleted) {
    EXPECT_EQ(other_.Get(ExecutionPath()).status, 404);
    EXPECT_EQ(other_.Post(ExecutionPath() + "/share", "{}").status, 404);
    EXPECT_EQ(other_.Delete(ExecutionPath() + "/share").status, 404);
    const HttpAnswer stop = other_.Post(ExecutionPath() + "/stop");
    EXPECT_EQ(stop.status, 200);
    EXPECT_EQ(stop.body, "null");
    // What the reference platform answers; clients look for it.
    EXPECT_EQ(other_.Delete("/api/executions/" + execution_).status, 500);
    const Value list = other_.Get(GraphPath() + "/executions").Json();
    EXPECT_EQ(list["executions"].size(), 0u);
    EXPECT_EQ(list["pagination"]["total_items"].IntOr(-1), 0);
    ExpectUntouched();
}

TEST_F(ForeignIdsTest, SharingShowsTheResultToEverybodyUntilItEnds) {
    const HttpAnswer shared = owner_.Post(ExecutionPath() + "/share", "{}");
    ASSERT_EQ(shared.status, 200) << shared.body;
    const std::string path =
        "/api/public/shared/" + std::string(shared.Json()["share_token"].StringOr(""));
    const ApiClient nobody(server_.port());
    const Value seen = nobody.Get(path).Json();
    EXPECT_EQ(WriteJson(seen["outputs"]), R"({"greeting":["Hello, Ada!"]})");
    EXPECT_EQ(seen["graph_name"].StringOr(""), "Greeting");
    EXPECT_FALSE(seen.view().Has("user_id"));
    EXPECT_FALSE(seen.view().Has("inputs"));
    EXPECT_EQ(owner_.Delete(ExecutionPath() + "/share").status, 204);
    EXPECT_EQ(nobody.Get(path).status, 404);
}

TEST_F(ForeignIdsTest, OnlyWellFormedShareTokensAreLookedUp) {
    const ApiClient nobody(server_.port());
    EXPECT_EQ(nobody.Get("/api/public/shared/not-a-uuid").status, 422);
    EXPECT_EQ(nobody.Get("/api/public/shared/" + std::string(5000, 'a')).status, 422);
    EXPECT_EQ(nobody.Get("/api/public/shared/00000000-0000-4000-8000-000000000000").status, 404);
    // The execution's own id is no token.
    EXPECT_EQ(nobody.Get("/api/public/shared/" + execution_).status, 404);
}

}  // namespace
}  // namespace yard::e2e
