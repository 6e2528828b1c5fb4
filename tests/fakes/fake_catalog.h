#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "host/model/block_type.h"
#include "host/model/json_schema.h"

namespace yard::fakes {

// Blocks made of a few words. Fill it before anybody reads it.
class FakeCatalog final : public model::BlockCatalog {
public:
    struct Block {
        std::string id;
        std::string name;
        model::BlockKind kind = model::BlockKind::kStandard;
        std::string input_schema = R"({"type":"object","properties":{}})";
        std::string output_schema = R"({"type":"object","properties":{}})";
        bool static_output = false;
        std::vector<model::BlockCost> costs = {};
        model::BlockAvailability availability = model::BlockAvailability::kReady;
    };

    const model::BlockType* Add(const Block& block) {
        auto type = std::make_unique<model::BlockType>();
        type->id = BlockId(block.id);
        type->name = block.name;
        type->kind = block.kind;
        type->static_output = block.static_output;
        type->costs = block.costs;
        type->availability = block.availability;
        type->input_schema = Parse(block.input_schema);
        type->output_schema = Parse(block.output_schema);
        type->input_validator = Compile(type->input_schema);
        type->output_validator = Compile(type->output_schema);
        for (View name : type->input_schema["required"].items()) {
            type->required_inputs.emplace_back(name.AsString());
        }
        return (blocks_[type->id] = std::move(type)).get();
    }

    const model::BlockType* Find(const BlockId& id) const override {
        const auto found = blocks_.find(id);
        return found == blocks_.end() ? nullptr : found->second.get();
    }

    std::vector<const model::BlockType*> All() const override {
        std::vector<const model::BlockType*> all;
        for (const auto& [id, type] : blocks_) all.push_back(type.get());
        return all;
    }

private:
    static Value Parse(const std::string& text) {
        Result<Value> value = ParseJson(text);
        EXPECT_TRUE(value.ok()) << text;
        return value ? value.value() : Value();
    }
    static std::shared_ptr<const model::JsonSchema> Compile(View schema) {
        auto compiled = model::JsonSchema::Compile(schema);
        EXPECT_TRUE(compiled.ok());
        return compiled ? compiled.value() : nullptr;
    }

    std::map<BlockId, std::unique_ptr<model::BlockType>> blocks_;
};

}  // namespace yard::fakes
