// A small catalog for tests, and JSON in one call.

#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "host/model/block_type.h"
#include "host/model/graph.h"
#include "host/model/well_known_blocks.h"

namespace yard::model {

inline Value Json(std::string_view text) {
    Result<Value> parsed = ParseJson(text);
    EXPECT_TRUE(parsed.ok()) << text;
    return parsed.ok() ? parsed.value() : Value();
}

// Expects the same JSON with the same order of members.
inline std::string Text(View value) { return WriteJson(value); }

class TestCatalog final : public BlockCatalog {
public:
    const BlockType* Add(BlockType block) { return &blocks_.emplace_back(std::move(block)); }
    // From the JSON of a manifest entry; members that are missing are made up.
    const BlockType* AddJson(std::string_view text) {
        Result<BlockType> block = ParseBlockType(Json(text));
        EXPECT_TRUE(block.ok()) << (block.ok() ? "" : block.error().message);
        return block.ok() ? Add(std::move(block).value()) : nullptr;
    }
    // A standard block whose schemas have these properties.
    const BlockType* AddBlock(const std::string& id, const std::string& name,
                              const std::string& inputs, const std::string& required = "[]",
                              const std::string& outputs = "{}",
                              const std::string& more = "\"uiType\":\"Standard\"") {
        return AddJson("{\"id\":\"" + id + "\",\"name\":\"" + name +
                       "\",\"inputSchema\":{\"type\":\"object\",\"properties\":" + inputs +
                       ",\"required\":" + required +
                       "},\"outputSchema\":{\"type\":\"object\",\"properties\":" + outputs + "}," +
                       more + "}");
    }

    const BlockType* Find(const BlockId& id) const override {
        for (const BlockType& block : blocks_) {
            if (block.id == id) return &block;
        }
        return nullptr;
    }
    std::vector<const BlockType*> All() const override {
        std::vector<const BlockType*> all;
        for (const BlockType& block : blocks_) all.push_back(&block);
        return all;
    }

private:
    std::deque<BlockType> blocks_;
};

inline constexpr char kCalculator[] = "b1ab9b19-67a6-406d-abf5-2dba76d00c79";
inline constexpr char kPlain[] = "00000000-0000-4000-8000-000000000001";

inline const BlockType* AddCalculator(TestCatalog& catalog) {
    return catalog.AddBlock(kCalculator, "CalculatorBlock",
                            R"({"operation":{"enum":["Add","Subtract"]},"a":{"type":"number"},
                                "b":{"type":"number"},
                                "round_result":{"type":"boolean","default":false}})",
                            R"(["operation","a","b"])", R"({"result":{"type":"number"}})");
}

// AgentInput and AgentOutput as the ecosystem declares them, in short.
inline const BlockType* AddAgentInput(TestCatalog& catalog,
                                      const std::string& id = kAgentInputBlock,
                                      const std::string& value = R"({"default":null})") {
    return catalog.AddBlock(
        id, "AgentInputBlock",
        R"({"name":{"type":"string"},"value":)" + value +
            R"(,"title":{"anyOf":[{"type":"string"},{"type":"null"}],"default":null},
                "description":{"anyOf":[{"type":"string"},{"type":"null"}],"default":null},
                "placeholder_values":{"type":"array","items":{}},
                "advanced":{"type":"boolean","default":false},
                "secret":{"type":"boolean","default":false}})",
        R"(["name"])", R"({"result":{}})", R"("uiType":"Input","staticOutput":true)");
}

inline const BlockType* AddAgentOutput(TestCatalog& catalog) {
    return catalog.AddBlock(kAgentOutputBlock, "AgentOutputBlock",
                            R"({"value":{"default":null},"name":{"type":"string"},
                                "title":{"default":null},"description":{"default":null},
                                "format":{"type":"string","default":""},
                                "advanced":{"type":"boolean","default":false},
                                "secret":{"type":"boolean","default":false}})",
                            R"(["name"])", R"({"output":{},"name":{}})", R"("uiType":"Output")");
}

inline Node MakeNode(const std::string& id, const std::string& block_id,
                     std::string_view input_default = "{}") {
    Node node;
    node.id = NodeId(id);
    node.block_id = BlockId(block_id);
    node.input_default = Json(input_default);
    return node;
}

inline Link MakeLink(const std::string& source, const std::string& source_name,
                     const std::string& sink, const std::string& sink_name,
                     bool is_static = false) {
    return {"link-" + source + "-" + sink,
            NodeId(source),
            NodeId(sink),
            source_name,
            sink_name,
            is_static};
}

}  // namespace yard::model
