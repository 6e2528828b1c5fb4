#include "host/service/graphs/sub_graphs.h"

#include "host/storage/graph_store.h"
#include "tests/unit/host/service/host_fixture.h"

namespace yard::service {
namespace {

class SubGraphsTest : public HostTest {
protected:
    SubGraphsTest() {
        AddUser("alice", "a@example.com");
        AddUser("bob", "b@example.com");
    }

    // A graph whose nodes run the graphs named in `runs`.
    void Store(const std::string& id, const std::vector<std::string>& runs,
               const std::string& owner = "alice") {
        model::Graph graph;
        graph.id = GraphId(id);
        graph.name = id;
        graph.user_id = UserId(owner);
        for (const std::string& other : runs) {
            graph.nodes.push_back(
                model::MakeNode(id + "-runs-" + other, model::kAgentExecutorBlock,
                                R"({"graph_id":")" + other + R"(","graph_version":1})"));
        }
        ASSERT_TRUE(
            database_->Write([&](storage::Stores& stores) { return stores.graphs.Insert({graph}); })
                .ok());
    }
    std::vector<std::string> SubGraphsOf(const std::string& id) {
        std::vector<std::string> names;
        EXPECT_TRUE(database_
                        ->Read([&](storage::Stores& stores) -> Result<Ok> {
                            auto graph = TRY(stores.graphs.Find(GraphId(id), 1, std::nullopt));
                            TRY(AttachSubGraphs(*graph, stores.graphs));
                            for (const model::Graph& sub : graph->sub_graphs)
                                names.push_back(sub.id.text());
                            return Ok{};
                        })
                        .ok());
        return names;
    }
};

TEST_F(SubGraphsTest, AreFoundBreadthFirst) {
    Store("root", {"a", "b"});
    Store("a", {"c"});
    Store("b", {});
    Store("c", {});
    EXPECT_EQ(SubGraphsOf("root"), (std::vector<std::string>{"a", "b", "c"}));
}

TEST_F(SubGraphsTest, ACircleEnds) {
    Store("root", {"a", "root"});
    Store("a", {"root", "a"});
    EXPECT_EQ(SubGraphsOf("root"), std::vector<std::string>{"a"});
}

TEST_F(SubGraphsTest, ForeignAndMissingGraphsAreLeftOut) {
    Store("root", {"foreign", "missing"});
    Store("foreign", {}, "bob");
    EXPECT_TRUE(SubGraphsOf("root").empty());
}

}  // namespace
}  // namespace yard::service
