#include "base/uuid.h"
#include "host/model/graph_json.h"
#include "tests/unit/host/model/test_catalog.h"

namespace yard::model {
namespace {

Graph Decoded(std::string_view json) {
    auto result = DecodeGraph(Json(json));
    EXPECT_TRUE(std::holds_alternative<Graph>(result)) << json;
    return std::holds_alternative<Graph>(result) ? std::get<Graph>(result) : Graph();
}

// "type at path: message" per fault.
std::vector<std::string> Faults(std::string_view json) {
    auto result = DecodeGraph(Json(json));
    std::vector<std::string> faults;
    if (std::holds_alternative<Graph>(result)) return faults;
    for (const FieldError& error : std::get<1>(result)) {
        std::string path;
        for (const auto& step : error.path) {
            path += '/';
            path += std::holds_alternative<size_t>(step) ? std::to_string(std::get<size_t>(step))
                                                         : std::get<std::string>(step);
        }
        faults.push_back(error.type + " at " + path + ": " + error.message);
    }
    return faults;
}

// A graph with one more member.
std::string With(const std::string& member) {
    return R"({"name":"n","description":"d",)" + member + "}";
}

using List = std::vector<std::string>;

TEST(GraphDecodeTest, FillsInWhatIsMissing) {
    Graph graph = Decoded(R"({"name":"n","description":"d","unknown":1})");
    EXPECT_TRUE(IsUuid(graph.id.text()));
    EXPECT_EQ(graph.version, 1);
    EXPECT_TRUE(graph.is_active);
    EXPECT_FALSE(graph.instructions.has_value());
    EXPECT_TRUE(graph.nodes.empty());
}

TEST(GraphDecodeTest, ReadsNodesAndLinks) {
    Graph graph = Decoded(With(
        R"("id":"g","version":"3","is_active":"off","forked_from_id":"o","forked_from_version":2,
           "nodes":[{"id":"a","block_id":"b","input_default":{"x":1},
                     "metadata":{"credentials_optional":true},"webhook_id":"ignored"},
                    {"id":"","block_id":"b"}],
           "links":[{"id":null,"source_id":"a","sink_id":"a","source_name":"o","sink_name":"x",
                     "is_static":1}])"));
    EXPECT_EQ(graph.id.text(), "g");
    EXPECT_EQ(graph.version, 3);
    EXPECT_FALSE(graph.is_active);
    EXPECT_EQ(graph.forked_from_id->text(), "o");
    EXPECT_EQ(graph.forked_from_version, 2);
    ASSERT_EQ(graph.nodes.size(), 2u);
    EXPECT_EQ(Text(graph.nodes[0].input_default), R"({"x":1})");
    EXPECT_TRUE(graph.nodes[0].credentials_optional());
    EXPECT_FALSE(graph.nodes[0].webhook_id.has_value());
    EXPECT_TRUE(IsUuid(graph.nodes[1].id.text()));
    ASSERT_EQ(graph.links.size(), 1u);
    EXPECT_TRUE(graph.links[0].is_static);
    EXPECT_TRUE(IsUuid(graph.links[0].id));
}

TEST(GraphDecodeTest, ReadsSubGraphsUnderBothNames) {
    const char* sub = R"([{"id":"s","name":"n","description":"d"}])";
    EXPECT_EQ(Decoded(With(R"("sub_graphs":)" + std::string(sub))).sub_graphs[0].id.text(), "s");
    EXPECT_EQ(Decoded(With(R"("subgraphs":)" + std::string(sub))).sub_graphs[0].id.text(), "s");
}

TEST(GraphDecodeTest, IgnoresTheNodeGroupsOfTheOldestExports) {
    EXPECT_TRUE(Decoded(With(R"("subgraphs":{"group":["a"]})")).sub_graphs.empty());
}

TEST(GraphDecodeTest, LocatesEveryFault) {
    EXPECT_EQ(Faults(R"({"name":5,"nodes":[{"id":"a"},7],"links":[{"source_id":null}]})"),
              (List{"string_type at /name: Input should be a valid string",
                    "missing at /description: Field required",
                    "missing at /nodes/0/block_id: Field required",
                    "model_attributes_type at /nodes/1: Input should be a valid dictionary or "
                    "object to extract fields from",
                    "string_type at /links/0/source_id: Input should be a valid string",
                    "missing at /links/0/sink_id: Field required",
                    "missing at /links/0/source_name: Field required",
                    "missing at /links/0/sink_name: Field required"}));
    EXPECT_EQ(Faults(With(R"("sub_graphs":[{"name":"n"}])")),
              List{"missing at /sub_graphs/0/description: Field required"});
}

TEST(GraphDecodeTest, RefusesOtherTypes) {
    EXPECT_EQ(Faults("[]"), List{"model_attributes_type at : Input should be a valid dictionary or "
                                 "object to extract fields from"});
    EXPECT_EQ(Faults(With(R"("nodes":{})")),
              List{"list_type at /nodes: Input should be a valid list"});
    EXPECT_EQ(Faults(With(R"("nodes":[{"block_id":"b","input_default":null}])")),
              List{"dict_type at /nodes/0/input_default: Input should be a valid dictionary"});
    EXPECT_EQ(Faults(With(R"("is_active":null)")),
              List{"bool_type at /is_active: Input should be a valid boolean"});
    EXPECT_EQ(Faults(With(R"("is_active":"maybe")")),
              List{"bool_parsing at /is_active: Input should be a valid boolean, unable to "
                   "interpret input"});
}

TEST(GraphDecodeTest, CoercesIntegersLeniently) {
    for (const char* text : {"5", "5.0", R"("5")", R"(" 5 ")", R"("5.0")", R"("+5")"}) {
        EXPECT_EQ(Decoded(With(R"("version":)" + std::string(text))).version, 5) << text;
    }
    EXPECT_EQ(Decoded(With(R"("version":"1_000")")).version, 1000);
    EXPECT_EQ(Decoded(With(R"("version":true)")).version, 1);
}

TEST(GraphDecodeTest, RefusesWhatIsNoInteger) {
    const std::pair<const char*, const char*> cases[] = {
        {"5.5", "int_from_float"},
        {R"("5.5")", "int_parsing"},
        {R"("")", "int_parsing"},
        {R"("0x10")", "int_parsing"},
        {R"("1e3")", "int_parsing"},
        {"null", "int_type"},
        {"99999999999", "int_parsing_size"},
        {"1e300", "int_parsing_size"},
        {"18446744073709551615", "int_parsing_size"},
        {"[]", "int_type"},
    };
    for (auto [text, type] : cases) {
        List faults = Faults(With(R"("version":)" + std::string(text)));
        ASSERT_EQ(faults.size(), 1u) << text;
        EXPECT_EQ(faults[0].substr(0, faults[0].find(' ')), type) << text;
    }
}

}  // namespace
}  // namespace yard::model
