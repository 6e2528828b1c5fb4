#include "host/engine/json_length.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace yard::engine {
namespace {

TEST(JsonLengthTest, EqualsTheWrittenTextForAscii) {
    for (const char* text : {"null", "true", "false", "0", "-17", "18446744073709551615", "1.5",
                             "-2e-7", "\"\"", R"("a\"b\\c\n\t\u0001")", "[]", "[1]",
                             "[1,[2,{}],null]", "{}", R"({"a":1,"b":[true]})"}) {
        const Value value = ParseJson(text).value();
        EXPECT_EQ(JsonLength(value), static_cast<int64_t>(WriteJson(value).size())) << text;
    }
}

TEST(JsonLengthTest, CountsCharactersNotBytes) { EXPECT_EQ(JsonLength(Value::String("äö€😀")), 6); }

}  // namespace
}  // namespace yard::engine
