#include "host/model/sanitize.h"

#include "host/model/python_text.h"
#include "tests/unit/host/model/test_catalog.h"

namespace yard::model {
namespace {

std::string Safe(std::string_view json) { return Text(SafeJson(Json(json))); }

std::string Truncated(std::string_view json, size_t string_max, size_t list_max) {
    return Text(TruncateTo(Json(json), {string_max, list_max}));
}

TEST(SafeJsonTest, RemovesControlCharacters) {
    EXPECT_EQ(Safe(R"("a\u0000b")"), R"("ab")");
    EXPECT_EQ(Safe(R"("\u001b[0m")"), R"("[0m")");
    EXPECT_EQ(Safe(R"("\u007f")"), R"("")");
    EXPECT_EQ(Safe(R"("\t\n\r\f")"), R"("\t\n\r")");
    EXPECT_EQ(SafeText("\u0085"), "\u0085");
}

TEST(SafeJsonTest, CleansKeysAndKeepsTheLastOfEqualOnes) {
    EXPECT_EQ(Safe(R"({"k\u0000":1,"x":2,"k":3})"), R"({"k":3,"x":2})");
    EXPECT_EQ(Safe(R"([{"_sa_instance":1,"a":null}])"), R"([{"a":null}])");
}

TEST(SafeJsonTest, SharesWhatIsCleanAlready) {
    Value clean = Json(R"({"a":["x",{"b":"\\u0000"}]})");
    EXPECT_EQ(SafeJson(clean).view().token(), clean.view().token());
}

TEST(TruncateTest, ShortensStringsInTheMiddle) {
    EXPECT_EQ(Truncated(R"("abcdefghijklmnopqrstuvwxyz")", 10, 4),
              R"("abcde… (omitted 16 chars)…vwxyz")");
    EXPECT_EQ(Truncated(R"("ééééééééé")", 8, 4), R"("éééé… (omitted 1 chars)…éééé")");
}

TEST(TruncateTest, ShortensLists) {
    const char* list = "[0,1,2,3,4,5,6,7,8,9]";
    EXPECT_EQ(Truncated(list, 100, 4), R"([0,1,"… (omitted 6 items)…",8,9])");
    EXPECT_EQ(Truncated(list, 100, 3), R"([0,"… (omitted 7 items)…",8,9])");
    EXPECT_EQ(Truncated(list, 100, 2), R"([0,1,"… (omitted 8 items)…"])");
    EXPECT_EQ(Truncated(list, 100, 10), list);
}

TEST(TruncateTest, FindsTheLargestLimitsThatFit) {
    Value value = Value::Object({{"a", Value::String(std::string(300, 'x'))}});
    Value fitting = TruncateForEvent(value, 100);
    EXPECT_EQ(CodePointCount(PythonStr(fitting)), 100u);
    std::string expected(34, 'x');
    expected.append("… (omitted 231 chars)…").append(35, 'x');
    EXPECT_EQ(fitting["a"].AsString(), expected);
}

TEST(TruncateTest, LeavesWhatCannotBeCut) {
    EXPECT_EQ(Text(TruncateForEvent(Json("12345"), 2)), "12345");
}

TEST(TruncateTest, AlwaysShortensHugeStringsAndLists) {
    Value text = TruncateForEvent(Value::String(std::string(70'000, 'x')), 1'000'000);
    EXPECT_EQ(CodePointCount(text->AsString()), 65'559u);
    ValueBuilder numbers;
    numbers.BeginArray();
    for (int i = 0; i < 5'000; ++i) numbers.Int(i);
    Value list = TruncateForEvent(numbers.EndArray().Take(), 1'000'000);
    EXPECT_EQ(list->size(), 4'097u);
    EXPECT_EQ(list->At(2'048).AsString(), "… (omitted 904 items)…");
    EXPECT_EQ(list->At(4'096).AsInt(), 4'999);
}

TEST(TruncateTest, SharesWhatFits) {
    Value value = Json(R"({"a":[1,2]})");
    EXPECT_EQ(TruncateForEvent(value, 1'000).view().token(), value.view().token());
}

}  // namespace
}  // namespace yard::model
