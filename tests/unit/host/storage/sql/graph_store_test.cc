#include "host/storage/sql/graph_store.h"

#include <gtest/gtest.h>

#include "tests/unit/host/storage/sql/temporary_database.h"

namespace yard::storage::sql {
namespace {

const UserId kStranger("user-2");

class GraphStoreTest : public ::testing::Test {
protected:
    // Runs `work` in a transaction that must succeed.
    void Write(const std::function<Result<Ok>(GraphStore&)>& work) {
        const Result<Ok> done =
            database_->Write([&](Stores& stores) { return work(stores.graphs); });
        EXPECT_TRUE(done.ok()) << (done ? "" : done.error().message);
    }
    std::optional<model::Graph> Find(const GraphId& id, std::optional<int> version = {},
                                     const std::optional<UserId>& owner = {}) {
        std::optional<model::Graph> graph;
        Write([&](GraphStore& graphs) -> Result<Ok> {
            graph = TRY(graphs.Find(id, version, owner));
            return Ok{};
        });
        return graph;
    }

    TemporaryDatabase database_;
};

TEST_F(GraphStoreTest, FindReturnsWhatInsertStored) {
    model::Graph graph = ExampleGraph(GraphId("g"), 7);
    graph.description = "About birds";
    graph.instructions = "Be kind";
    graph.recommended_schedule_cron = "0 9 * * *";
    graph.is_active = false;
    graph.forked_from_id = kGraph;
    graph.forked_from_version = 1;
    graph.links.push_back(graph.links[0]);
    graph.links[1].id = "a-link-whose-id-sorts-first";
    graph.links[1].is_static = false;
    Write([&](GraphStore& graphs) { return graphs.Insert({graph}); });

    const std::optional<model::Graph> found = Find(GraphId("g"));
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->version, 7);
    EXPECT_EQ(found->name, "Example");
    EXPECT_EQ(found->description, "About birds");
    EXPECT_EQ(found->instructions, "Be kind");
    EXPECT_EQ(found->recommended_schedule_cron, "0 9 * * *");
    EXPECT_FALSE(found->is_active);
    EXPECT_EQ(found->user_id, kUser);
    EXPECT_EQ(found->created_at, Timestamp{1007});
    EXPECT_EQ(found->forked_from_id, kGraph);
    EXPECT_EQ(found->forked_from_version, 1);
    ASSERT_EQ(found->nodes.size(), 2u);
    EXPECT_EQ(found->nodes[0].id, graph.nodes[0].id);
    EXPECT_EQ(found->nodes[0].block_id, kBlock);
    EXPECT_EQ(found->nodes[0].input_default["limit"].AsInt(), 3);
    EXPECT_EQ(found->nodes[0].webhook_id, std::nullopt);
    EXPECT_EQ(found->nodes[1].webhook_id, "hook");
    ASSERT_EQ(found->links.size(), 2u);
    EXPECT_EQ(found->links[0].id, graph.links[0].id);
    EXPECT_EQ(found->links[0].source_id, graph.nodes[0].id);
    EXPECT_EQ(found->links[0].sink_id, graph.nodes[1].id);
    EXPECT_EQ(found->links[0].source_name, "out");
    EXPECT_EQ(found->links[0].sink_name, "in");
    EXPECT_TRUE(found->links[0].is_static);
    EXPECT_FALSE(found->links[1].is_static);
}

TEST_F(GraphStoreTest, FindHidesAnotherUsersGraphWhenAnOwnerIsNamed) {
    EXPECT_TRUE(Find(kGraph, std::nullopt, kUser).has_value());
    EXPECT_TRUE(Find(kGraph, 1, kUser).has_value());
    EXPECT_FALSE(Find(kGraph, std::nullopt, kStranger).has_value());
    EXPECT_FALSE(Find(kGraph, 1, kStranger).has_value());
}

TEST_F(GraphStoreTest, FindWithoutAVersionReturnsTheHighestEvenIfInactive) {
    model::Graph second = ExampleGraph(kGraph, 2);
    second.is_active = false;
    Write([&](GraphStore& graphs) { return graphs.Insert({second}); });
    EXPECT_EQ(Find(kGraph)->version, 2);
    EXPECT_EQ(Find(kGraph, 1)->version, 1);
    EXPECT_FALSE(Find(kGraph, 3).has_value());
    EXPECT_FALSE(Find(GraphId("no such graph")).has_value());
}

TEST_F(GraphStoreTest, InsertingAVersionTwiceIsAConflictAndStoresNothing) {
    const Result<Ok> done = database_->Write([](Stores& stores) {
        return stores.graphs.Insert({ExampleGraph(GraphId("other")), ExampleGraph()});
    });
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().kind, ErrorKind::kConflict);
    EXPECT_FALSE(Find(GraphId("other")).has_value());
}

TEST_F(GraphStoreTest, AForkOfAGraphThatIsNotHereRefersToNothing) {
    model::Graph graph = ExampleGraph(GraphId("fork"));
    graph.forked_from_id = GraphId("elsewhere");
    graph.forked_from_version = 4;
    Write([&](GraphStore& graphs) { return graphs.Insert({graph}); });
    EXPECT_EQ(Find(GraphId("fork"))->forked_from_id, std::nullopt);
    EXPECT_EQ(Find(GraphId("fork"))->forked_from_version, std::nullopt);
}

TEST_F(GraphStoreTest, ListActiveKeepsTheHighestActiveVersionOfEachGraph) {
    model::Graph second = ExampleGraph(kGraph, 2);
    model::Graph third = ExampleGraph(kGraph, 3);
    third.is_active = false;
    model::Graph other = ExampleGraph(GraphId("other"));
    model::Graph hidden = ExampleGraph(GraphId("hidden"));
    hidden.is_active = false;
    Write([&](GraphStore& graphs) -> Result<Ok> {
        TRY(graphs.Insert({second, third, other, hidden}));
        const auto listed = TRY(graphs.ListActive(kUser, 10));
        EXPECT_EQ(listed.size(), 2u);
        EXPECT_EQ(listed.at(0).id, kGraph);
        EXPECT_EQ(listed.at(0).version, 2);
        EXPECT_EQ(listed.at(1).id, GraphId("other"));
        EXPECT_EQ(TRY(graphs.ListActive(kUser, 1)).size(), 1u);
        EXPECT_TRUE(TRY(graphs.ListActive(kStranger, 10)).empty());
        return Ok{};
    });
}

TEST_F(GraphStoreTest, VersionsComeNewestFirstUpToTheLimit) {
    Write([&](GraphStore& graphs) -> Result<Ok> {
        TRY(graphs.Insert({ExampleGraph(kGraph, 2), ExampleGraph(kGraph, 3)}));
        const auto versions = TRY(graphs.Versions(kGraph, kUser, 2));
        EXPECT_EQ(versions.size(), 2u);
        EXPECT_EQ(versions.at(0).version, 3);
        EXPECT_EQ(versions.at(1).version, 2);
        EXPECT_EQ(versions.at(0).nodes.size(), 2u);
        EXPECT_TRUE(TRY(graphs.Versions(kGraph, kStranger, 2)).empty());
        EXPECT_EQ(TRY(graphs.HighestVersion(kGraph, kUser)), 3);
        EXPECT_EQ(TRY(graphs.HighestVersion(kGraph, kStranger)), 0);
        return Ok{};
    });
}

TEST_F(GraphStoreTest, SetActiveLeavesOneActiveVersion) {
    Write([&](GraphStore& graphs) -> Result<Ok> {
        TRY(graphs.Insert({ExampleGraph(kGraph, 2)}));
        EXPECT_FALSE(TRY(graphs.SetActive(kGraph, 9, kUser)));
        EXPECT_FALSE(TRY(graphs.SetActive(kGraph, 1, kStranger)));
        EXPECT_TRUE(TRY(graphs.Find(kGraph, 2, kUser))->is_active);
        EXPECT_TRUE(TRY(graphs.SetActive(kGraph, 1, kUser)));
        return Ok{};
    });
    EXPECT_TRUE(Find(kGraph, 1)->is_active);
    EXPECT_FALSE(Find(kGraph, 2)->is_active);
}

TEST_F(GraphStoreTest, DeleteTakesEveryVersionAndWhatHangsOnIt) {
    database_.Append({ExampleRun("run"), ExampleNode("a", "run"), Output("a", "out", Value())});
    Write([&](GraphStore& graphs) -> Result<Ok> {
        TRY(graphs.Insert({ExampleGraph(kGraph, 2)}));
        EXPECT_EQ(TRY(graphs.Delete(kGraph, kStranger)), 0);
        EXPECT_EQ(TRY(graphs.Delete(kGraph, kUser)), 2);
        EXPECT_EQ(TRY(graphs.Delete(kGraph, kUser)), 0);
        return Ok{};
    });
    const Result<Ok> read = database_->Read([](Stores& stores) -> Result<Ok> {
        EXPECT_FALSE(TRY(stores.executions.Find(GraphExecutionId("run"))).has_value());
        EXPECT_TRUE(TRY(stores.executions.NodeExecutions(GraphExecutionId("run"), 10)).empty());
        return Ok{};
    });
    EXPECT_TRUE(read.ok());
}

TEST_F(GraphStoreTest, DeleteIsRefusedWhileALibraryEntryRefersToTheGraph) {
    const Result<Ok> done = database_->Write([](Stores& stores) -> Result<Ok> {
        TRY(stores.library.Insert(
            {.id = "entry", .user_id = kUser, .graph_id = kGraph, .settings = {}}));
        TRY(stores.graphs.Delete(kGraph, kUser));
        return Ok{};
    });
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().kind, ErrorKind::kConflict);
    EXPECT_TRUE(Find(kGraph).has_value());
}

TEST_F(GraphStoreTest, TextIsDataWhateverItSays) {
    model::Graph graph = ExampleGraph(GraphId("x'); DROP TABLE \"AgentGraph\"; --"));
    graph.name = "quote ' percent % dollar $1 \xF0\x9F\xA6\x89";
    Write([&](GraphStore& graphs) { return graphs.Insert({graph}); });
    EXPECT_EQ(Find(graph.id)->name, graph.name);
    EXPECT_TRUE(Find(kGraph).has_value());
}

TEST_F(GraphStoreTest, ExistsIsAboutOneVersionOfOneOwner) {
    Write([&](GraphStore& graphs) { return graphs.Insert({ExampleGraph(GraphId("g"), 7)}); });
    Write([&](GraphStore& graphs) -> Result<Ok> {
        EXPECT_TRUE(TRY(graphs.Exists(GraphId("g"), 7, kUser)));
        EXPECT_FALSE(TRY(graphs.Exists(GraphId("g"), 6, kUser)));
        EXPECT_FALSE(TRY(graphs.Exists(GraphId("g"), 7, kStranger)));
        EXPECT_FALSE(TRY(graphs.Exists(GraphId("other"), 7, kUser)));
        return Ok{};
    });
}

}  // namespace
}  // namespace yard::storage::sql
