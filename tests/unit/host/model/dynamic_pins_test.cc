#include "host/model/dynamic_pins.h"

#include "tests/unit/host/model/test_catalog.h"

namespace yard::model {
namespace {

const NodeId kSink{"node123"};

// The selected JSON, "nothing", or "error: ...".
std::string Selected(std::string_view name, std::string_view data, std::string_view selector,
                     std::string_view pin = "query") {
    auto selected = SelectOutput(name, Json(data), selector, {kSink, pin});
    if (!selected) return "error: " + selected.error().message;
    return selected.value() ? Text(*selected.value()) : "nothing";
}

std::string Merged(std::string_view data, std::string_view base) {
    Result<Value> merged = MergeDynamicInputs(Json(data));
    return merged ? Text(merged.value()[base]) : "error: " + merged.error().message;
}

TEST(DynamicPinsTest, SelectsTheWholeOutputByName) {
    EXPECT_EQ(Selected("result", R"("value")", "result"), R"("value")");
    EXPECT_EQ(Selected("r", "null", "r"), "null");
    EXPECT_EQ(Selected("r_#_a", "5", "r_#_a"), "5");
}

TEST(DynamicPinsTest, SelectsParts) {
    EXPECT_EQ(Selected("result", "[10,20,30]", "result_$_1"), "20");
    EXPECT_EQ(Selected("result", R"({"key1":"value1"})", "result_#_key1"), R"("value1")");
    EXPECT_EQ(Selected("r", "[[1,2],[3,4]]", "r_$_0_$_1"), "2");
    EXPECT_EQ(Selected("r", "[[1,2],[3,4]]", "r_$_1_$_0"), "3");
    EXPECT_EQ(Selected("r", R"([{"key1":"v"}])", "r_$_0_#_key1"), R"("v")");
    EXPECT_EQ(Selected("r", R"({"key1":[1,2],"key2":[3,4]})", "r_#_key2_$_1"), "4");
    EXPECT_EQ(Selected("r", R"([[{"key":[1,2]}],[3,4]])", "r_$_0_$_0_#_key_$_1"), "2");
    EXPECT_EQ(Selected("r", "[1,2]", "r_$_-1"), "2");
}

TEST(DynamicPinsTest, SelectsNothingWhereThePathLeadsNowhere) {
    EXPECT_EQ(Selected("r", "[1,2,3]", "r_$_5"), "nothing");
    EXPECT_EQ(Selected("r", "[1]", "r_#_key"), "nothing");
    EXPECT_EQ(Selected("r", "[1]", "r_@_attr"), "nothing");
    EXPECT_EQ(Selected("r", "[1]", "other"), "nothing");
    EXPECT_EQ(Selected("r", R"([{"key":1}])", "r_$_0_#_wrong_key"), "nothing");
    EXPECT_EQ(Selected("r", R"({"key":[1,2]})", "r_#_key_$_1_@_attr"), "nothing");
    EXPECT_EQ(Selected("r", "[1]", "r_$_x"), "nothing");
    EXPECT_EQ(Selected("r", "1", "rx"), "nothing");
    EXPECT_EQ(Selected("r", R"("abc")", "r_$_0"), "nothing");
    EXPECT_EQ(Selected("r", R"({"a":null})", "r_#_a"), "nothing");
    EXPECT_EQ(Selected("r", R"({"a":1})", "r_@_a"), "nothing");
    EXPECT_EQ(Selected("r", R"({"a_#_b":1})", "r_#_a_#_b"), "nothing");
    EXPECT_EQ(Selected("r", "[1]", "r_$_999999999999999999999"), "nothing");
}

TEST(DynamicPinsTest, ANegativeIndexBeforeTheStartIsAnError) {
    EXPECT_EQ(Selected("r", "[]", "r_$_-1"), "error: list index out of range");
    EXPECT_EQ(Selected("r", "[1]", "r_$_-99999999999999999999"), "error: list index out of range");
}

TEST(DynamicPinsTest, SharesTheSelectedPartInsteadOfCopyingIt) {
    Value data = Json(R"({"big":["x","y"]})");
    auto selected = SelectOutput("r", data, "r_#_big", {kSink, "query"});
    ASSERT_TRUE(selected.ok() && selected.value());
    EXPECT_EQ(selected.value()->view().token(), data["big"].token());
}

TEST(DynamicPinsTest, RoutesToolCallsToTheirSink) {
    EXPECT_EQ(Selected("tools_^_node123_~_query", "1", "tools"), "1");
    EXPECT_EQ(Selected("tools_^_node123_~_query", "1", "tools_^_foo_~_bar"), "1");
    EXPECT_EQ(Selected("tools_^_other_~_query", "1", "tools"), "nothing");
    EXPECT_EQ(Selected("tools_^_node123_~_query", "1", "tools", "limit"), "nothing");
    EXPECT_EQ(Selected("tools_^_node123_~_query", "null", "tools"), "nothing");
    EXPECT_EQ(Selected("tools_^_node123_~_query", "1", "different_name"), "nothing");
    EXPECT_EQ(Selected("tools_^_node123_~_f_~_g", "1", "tools", "f_~_g"), "1");
    EXPECT_EQ(Selected("tools", "1", "tools"), "1");
    EXPECT_EQ(Selected("r", "1", "tools"), "nothing");
    EXPECT_EQ(Selected("tools_^_node123_~_query", "1", "tools", ""),
              "error: sink_node_id and sink_pin_name must be provided for tool pin routing");
}

TEST(DynamicPinsTest, MergesIntoBasePins) {
    EXPECT_EQ(Merged(R"({"list_$_0":"a","list_$_1":"b"})", "list"), R"(["a","b"])");
    EXPECT_EQ(Merged(R"({"dict_#_key1":1,"dict_#_key2":2})", "dict"), R"({"key1":1,"key2":2})");
    EXPECT_EQ(Merged(R"({"o_@_attr1":1,"o_@_attr2":2})", "o"), R"({"attr1":1,"attr2":2})");
    EXPECT_EQ(Merged(R"({"n_$_0_$_0":"a","n_$_0_$_1":"b","n_$_1_$_0":"c"})", "n"),
              R"([["a","b"],["c"]])");
    EXPECT_EQ(Merged(R"({"l_$_0_#_key1":1,"l_$_0_#_key2":2,"l_$_1_#_key3":3})", "l"),
              R"([{"key1":1,"key2":2},{"key3":3}])");
    EXPECT_EQ(Merged(R"({"d_#_key1_$_0":1,"d_#_key1_$_1":2,"d_#_key2_$_0":3})", "d"),
              R"({"key1":[1,2],"key2":[3]})");
    EXPECT_EQ(Merged(R"({"m_$_0_#_key_@_attr":1,"m_#_key_$_0_@_attr":2,
                         "m_@_attr_$_0_#_key":"value3"})",
                     "m"),
              R"({"attr":[{"key":"value3"}]})");
}

TEST(DynamicPinsTest, TheLaterOfBaseAndPartsWins) {
    EXPECT_EQ(Merged(R"({"a_#_x":1,"a":{"y":2}})", "a"), R"({"y":2})");
    EXPECT_EQ(Merged(R"({"a":{"y":2},"a_#_x":1})", "a"), R"({"y":2,"x":1})");
    EXPECT_EQ(Merged(R"({"a":"str","a_#_x":1})", "a"), R"({"x":1})");
    EXPECT_EQ(Merged(R"({"a":[1],"a_#_x":1})", "a"), R"({"x":1})");
}

TEST(DynamicPinsTest, IteratesWhatAnIndexIsAppliedTo) {
    EXPECT_EQ(Merged(R"({"a":{"k":1},"a_$_0":9})", "a"), "[9]");
    EXPECT_EQ(Merged(R"({"a":"xy","a_$_3":9})", "a"), R"(["x","y",null,9])");
    EXPECT_EQ(Merged(R"({"a":5,"a_$_0":9})", "a"), "[9]");
    EXPECT_EQ(Merged(R"({"a_$_2":1})", "a"), "[null,null,1]");
    EXPECT_EQ(Merged(R"({"a_$_1":1,"a_$_0":0})", "a"), "[0,1]");
    EXPECT_EQ(Merged(R"({"a_$_ 1 ":1})", "a"), "[null,1]");
    EXPECT_EQ(Merged(R"({"a":[1,2],"a_$_-1":9})", "a"), "[1,9]");
}

TEST(DynamicPinsTest, KeepsTheFlattenedMembers) {
    Result<Value> merged = MergeDynamicInputs(Json(R"({"values_#_a":1,"x":2,"a_#_x":null})"));
    ASSERT_TRUE(merged.ok());
    EXPECT_EQ(Text(merged.value()),
              R"({"values_#_a":1,"x":2,"a_#_x":null,"values":{"a":1},"a":{"x":null}})");
}

TEST(DynamicPinsTest, MalformedNamesAreOrdinaryOnes) {
    for (const char* name : {"a_#_", "a_#__$_0", "a_#_x_#_", "tools_^_n_~_x"}) {
        std::string data = "{\"" + std::string(name) + "\":1}";
        Result<Value> merged = MergeDynamicInputs(Json(data));
        ASSERT_TRUE(merged.ok());
        EXPECT_EQ(Text(merged.value()), data);
    }
    EXPECT_EQ(Merged(R"({"_#_x":1})", ""), R"({"x":1})");
}

TEST(DynamicPinsTest, RefusesIndexesThatAreNoneOrOutOfBounds) {
    EXPECT_EQ(Merged(R"({"list_$_invalid":1})", ""), "error: index must be an integer");
    EXPECT_EQ(Merged(R"({"a_$_1.5":1})", ""), "error: index must be an integer");
    EXPECT_EQ(Merged(R"({"a_$_-1":1})", ""), "error: list index out of range");
    EXPECT_EQ(Merged(R"({"a_$_999999999999":1})", "").substr(0, 38),
              "error: the list index 999999999999 is ");
    EXPECT_EQ(Merged(R"({"a_$_9223372036854775807":1})", "").substr(0, 6), "error:");
}

TEST(DynamicPinsTest, BoundsTheGrowthOfAllListsTogether) {
    EXPECT_EQ(Merged(R"({"a_$_9999":1,"b_$_0":2})", "b").substr(0, 6), "error:");
    EXPECT_EQ(Merged(R"({"a_$_9000":1,"b_$_9":2})", "b"),
              "[null,null,null,null,null,null,null,null,null,2]");
}

TEST(DynamicPinsTest, BoundsTheDepthOfAPin) {
    std::string name = "a";
    for (int i = 0; i < 40; ++i) name += "_#_k";
    EXPECT_EQ(Merged("{\"" + name + "\":1}", "").substr(0, 14), "error: the pin");
}

TEST(DynamicPinsTest, SanitisesNames) {
    const std::pair<const char*, const char*> cases[] = {
        {"values_#_name", "values"},
        {"a_$_0_#_b", "a"},
        {"", ""},
        {"_#_x", ""},
        {"tools", "tools"},
        {"tools_^_a_~_b", "tools"},
        {"toolsx", "toolsx"},
        {"a_@_b_$_c", "a"},
        {"tools_^_x_#_y", "tools"},
        {"tools_#_x", "tools"},
    };
    for (auto [name, base] : cases) EXPECT_EQ(SanitizedPinName(name), base) << name;
}

TEST(DynamicPinsTest, DescribesNames) {
    EXPECT_EQ(DescribePin("values_#_name"),
              "Dictionary field 'name' for base field 'values' (values['name'])");
    EXPECT_EQ(DescribePin("items_$_0"), "List item 0 for base field 'items' (items[0])");
    EXPECT_EQ(DescribePin("user_@_email"),
              "Object attribute 'email' for base field 'user' (user.email)");
    EXPECT_EQ(DescribePin("values_#_first_name"),
              "Dictionary field 'first' for base field 'values' (values['first'])");
    EXPECT_EQ(DescribePin("field"), "Value for field");
}

}  // namespace
}  // namespace yard::model
