#include "host/service/graphs/graph_service.h"

#include "tests/unit/host/service/host_fixture.h"

namespace yard::service {
namespace {

using model::Json;

class GraphServiceTest : public HostTest {
protected:
    GraphServiceTest() { AddUser("alice", "a@example.com"); }

    model::Graph Created(const std::string& user = "alice") {
        Result<model::Graph> graph = graphs_.Create(UserId(user), AddingGraph());
        EXPECT_TRUE(graph.ok()) << (graph ? "" : graph.error().message);
        return graph ? graph.value() : model::Graph();
    }
    void HideFromLibrary(const model::Graph& graph) {
        ASSERT_TRUE(database_
                        ->Write([&](storage::Stores& stores) -> Result<Ok> {
                            TRY(stores.library.DeleteByGraph(graph.user_id, graph.id));
                            return Ok{};
                        })
                        .ok());
    }
    std::optional<storage::LibraryAgent> LibraryEntry(const model::Graph& graph) {
        std::optional<storage::LibraryAgent> entry;
        EXPECT_TRUE(database_
                        ->Read([&](storage::Stores& stores) -> Result<Ok> {
                            entry = TRY(stores.library.FindByGraph(graph.user_id, graph.id, true));
                            return Ok{};
                        })
                        .ok());
        return entry;
    }

    const UserId alice_{"alice"};
    const UserId bob_{"bob"};
};

TEST_F(GraphServiceTest, CreateGivesFreshIdsAndALibraryEntry) {
    model::Graph graph = Created();
    EXPECT_NE(graph.id.text(), "submitted-id");
    EXPECT_EQ(graph.FindNode(NodeId("in")), nullptr);
    EXPECT_EQ(graph.nodes.size(), 3u);
    ASSERT_TRUE(LibraryEntry(graph));
    EXPECT_TRUE(LibraryEntry(graph)->is_created_by_user);
}

TEST_F(GraphServiceTest, GetReturnsWhatCreateStored) {
    model::Graph graph = Created();
    Result<model::Graph> read = graphs_.Get(alice_, graph.id, std::nullopt);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read.value().name, "Add one");
    EXPECT_EQ(read.value().links.size(), 2u);
}

TEST_F(GraphServiceTest, GetHidesAnotherUsersGraphAsNotFound) {
    model::Graph graph = Created();
    Result<model::Graph> read = graphs_.Get(bob_, graph.id, std::nullopt);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().kind, ErrorKind::kNotFound);
    EXPECT_EQ(read.error().message, "Graph #" + graph.id.text() + " not found.");
}

TEST_F(GraphServiceTest, ADanglingLinkIsRefusedAndNothingIsStored) {
    model::Graph graph = AddingGraph();
    graph.links.push_back(model::MakeLink("in", "result", "nowhere", "a"));
    Result<model::Graph> created = graphs_.Create(alice_, graph);
    ASSERT_FALSE(created.ok());
    EXPECT_EQ(created.error().kind, ErrorKind::kInvalid);
    EXPECT_TRUE(graphs_.List(alice_).value().empty());
}

TEST_F(GraphServiceTest, UnknownCredentialsAreRefusedBeforeAnythingIsStored) {
    model::Graph graph = AddingGraph();
    graph.nodes.push_back(model::MakeNode(
        "llm", kLlmBlock,
        R"({"prompt":"hi","credentials":{"id":"gone","provider":"openai","type":"api_key"}})"));
    Result<model::Graph> created = graphs_.Create(alice_, graph);
    ASSERT_FALSE(created.ok());
    EXPECT_NE(created.error().message.find("updated with non-existent credentials #gone"),
              std::string::npos);
    EXPECT_TRUE(graphs_.List(alice_).value().empty());
}

TEST_F(GraphServiceTest, UpdateMakesTheNextVersionTheOnlyActiveOne) {
    model::Graph graph = Created();
    model::Graph next = AddingGraph();
    next.id = graph.id;
    next.name = "Second";
    Result<model::Graph> updated = graphs_.Update(alice_, graph.id, next);
    ASSERT_TRUE(updated.ok()) << updated.error().message;
    EXPECT_EQ(updated.value().version, 2);
    EXPECT_TRUE(updated.value().is_active);
    auto versions = graphs_.Versions(alice_, graph.id);
    ASSERT_TRUE(versions.ok());
    ASSERT_EQ(versions.value().size(), 2u);
    EXPECT_FALSE(versions.value()[1].is_active);
    EXPECT_EQ(LibraryEntry(graph)->graph_version, 2);
}

TEST_F(GraphServiceTest, AnInactiveUpdateLeavesTheActiveVersionAlone) {
    model::Graph graph = Created();
    model::Graph next = AddingGraph();
    next.id = graph.id;
    next.is_active = false;
    ASSERT_TRUE(graphs_.Update(alice_, graph.id, next).ok());
    EXPECT_EQ(graphs_.List(alice_).value().at(0).version, 1);
    EXPECT_EQ(LibraryEntry(graph)->graph_version, 1);
}

TEST_F(GraphServiceTest, UpdateOfAnotherUsersGraphIsNotFound) {
    model::Graph graph = Created();
    Result<model::Graph> updated = graphs_.Update(bob_, graph.id, AddingGraph());
    ASSERT_FALSE(updated.ok());
    EXPECT_EQ(updated.error().message, "Graph #" + graph.id.text() + " not found");
}

TEST_F(GraphServiceTest, UpdateMakesALibraryEntryWhereOneIsMissing) {
    model::Graph graph = Created();
    HideFromLibrary(graph);
    model::Graph next = AddingGraph();
    next.id = graph.id;
    ASSERT_TRUE(graphs_.Update(alice_, graph.id, next).ok());
    EXPECT_TRUE(LibraryEntry(graph));
}

TEST_F(GraphServiceTest, SetActiveVersionGoesBackToAnEarlierOne) {
    model::Graph graph = Created();
    model::Graph next = AddingGraph();
    next.id = graph.id;
    ASSERT_TRUE(graphs_.Update(alice_, graph.id, next).ok());
    ASSERT_TRUE(graphs_.SetActiveVersion(alice_, graph.id, 1).ok());
    EXPECT_EQ(graphs_.List(alice_).value().at(0).version, 1);
    Result<Ok> missing = graphs_.SetActiveVersion(alice_, graph.id, 9);
    ASSERT_FALSE(missing.ok());
    EXPECT_EQ(missing.error().message, "Graph #" + graph.id.text() + " v9 not found");
    EXPECT_FALSE(graphs_.SetActiveVersion(bob_, graph.id, 1).ok());
}

TEST_F(GraphServiceTest, SettingsKeepWhatWasNotSubmitted) {
    model::Graph graph = Created();
    GraphService::SettingsChange sensitive;
    sensitive.sensitive_action_safe_mode = true;
    auto first = graphs_.UpdateSettings(alice_, graph.id, sensitive);
    ASSERT_TRUE(first.ok());
    GraphService::SettingsChange human;
    human.human_in_the_loop_safe_mode = false;
    auto second = graphs_.UpdateSettings(alice_, graph.id, human);
    ASSERT_TRUE(second.ok());
    EXPECT_FALSE(second.value().human_in_the_loop_safe_mode);
    EXPECT_TRUE(second.value().sensitive_action_safe_mode);
    EXPECT_FALSE(graphs_.UpdateSettings(bob_, graph.id, {}).ok());
}

TEST_F(GraphServiceTest, DeleteRemovesVersionsAndLibraryEntries) {
    model::Graph graph = Created();
    EXPECT_EQ(graphs_.Delete(bob_, graph.id).value(), 0);
    EXPECT_EQ(graphs_.Delete(alice_, graph.id).value(), 1);
    EXPECT_FALSE(LibraryEntry(graph));
    EXPECT_FALSE(graphs_.Get(alice_, graph.id, std::nullopt).ok());
    EXPECT_EQ(graphs_.Delete(alice_, graph.id).value(), 0);
}

TEST_F(GraphServiceTest, AnExportNamesNoOwner) {
    model::Graph graph = Created();
    auto exported = graphs_.Get(alice_, graph.id, std::nullopt, GraphService::Form::kForExport);
    ASSERT_TRUE(exported.ok());
    EXPECT_EQ(exported.value().user_id.text(), "");
}

}  // namespace
}  // namespace yard::service
