#include "api/rest/json_schema_writer.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace yard::rest {
namespace {

TEST(JsonSchemaWriterTest, TitlesComeFromNames) {
    EXPECT_EQ(TitleOf("graph_exec_id"), "Graph Exec Id");
    EXPECT_EQ(TitleOf("id"), "Id");
}

TEST(JsonSchemaWriterTest, ADocumentIsAComponent) {
    const Dto inner{"Inner", {Required("x", Integer())}};
    const Dto outer{"Outer",
                    {Required("inner", ObjectOf(inner)), Optional("maybe", Nullable(Text())),
                     Optional("count", IntegerBetween(1, 9), Value::Int(3), "How many")},
                    "Says what it is."};
    Components components;
    EXPECT_EQ(WriteJson(SchemaOf(ObjectOf(outer), "", components)),
              R"({"$ref":"#/components/schemas/Outer"})");
    EXPECT_EQ(WriteJson(components["Outer"]),
              R"({"properties":{"inner":{"$ref":"#/components/schemas/Inner"},)"
              R"("maybe":{"anyOf":[{"type":"string"},{"type":"null"}],"title":"Maybe"},)"
              R"("count":{"type":"integer","minimum":1,"maximum":9,"title":"Count",)"
              R"("description":"How many","default":3}},"type":"object","required":["inner"],)"
              R"("title":"Outer","description":"Says what it is."})");
    EXPECT_EQ(WriteJson(components["Inner"]["properties"]["x"]),
              R"({"type":"integer","title":"X"})");
}

TEST(JsonSchemaWriterTest, ADocumentMayContainItself) {
    Dto tree{"Tree", {}};
    tree.fields.push_back(Optional("children", ListOf(ObjectOf(tree))));
    Components components;
    SchemaOf(ObjectOf(tree), "", components);
    EXPECT_EQ(WriteJson(components["Tree"]["properties"]["children"]["items"]),
              R"({"$ref":"#/components/schemas/Tree"})");
}

}  // namespace
}  // namespace yard::rest
