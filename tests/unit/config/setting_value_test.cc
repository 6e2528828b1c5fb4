#include <gmock/gmock.h>

#include "config/settings_table.h"

namespace yard::config {
namespace {

using ::testing::HasSubstr;

// What remains of `text` in the setting `key`, or the fault.
std::string Fault(const std::string& key, const std::string& text) {
    Settings settings;
    const Setting& setting = *FindSetting(key);
    const auto value = ParseSettingText(setting, text);
    if (!value) return value.error().message;
    const auto stored = StoreSetting(setting, value.value(), settings);
    return stored ? "" : stored.error().message;
}

TEST(SettingValueTest, IntegersOfTextAreDecimal) {
    EXPECT_EQ(Fault("server.port", "80"), "");
    for (const std::string text :
         {"", " 80", "80 ", "0x50", "8e1", "80.0", "9223372036854775808"}) {
        EXPECT_EQ(Fault("server.port", text), "must be an integer") << text;
    }
    EXPECT_EQ(Fault("server.port", "-1"), "must be between 0 and 65535, not -1");
}

TEST(SettingValueTest, BooleansOfTextAreFourWords) {
    Settings settings;
    const Setting& docs = *FindSetting("server.docs");
    for (const std::string text : {"true", "True", "TRUE", "1"}) {
        EXPECT_TRUE(ParseSettingText(docs, text).value().view().AsBool()) << text;
    }
    EXPECT_FALSE(ParseSettingText(docs, "0").value().view().AsBool());
    for (const std::string text : {"", "yes", "2", "truefalse"}) {
        EXPECT_EQ(Fault("server.docs", text), "must be true or false") << text;
    }
}

TEST(SettingValueTest, ChoicesIgnoreCaseAndAreListed) {
    Settings settings;
    const Setting& level = *FindSetting("log.level");
    ASSERT_TRUE(StoreSetting(level, Value::String("DEBUG"), settings).ok());
    EXPECT_EQ(settings.log.level, "debug");
    EXPECT_EQ(Fault("log.level", "loud"), "must be one of debug, info, warning, error, not 'loud'");
}

TEST(SettingValueTest, MapsOfTextAreJson) {
    EXPECT_EQ(Fault("plugins.settings", R"({"a": {"b": 1}})"), "");
    EXPECT_THAT(Fault("plugins.settings", "{"), HasSubstr("is not a valid JSON object"));
    EXPECT_EQ(Fault("plugins.settings", "[]"), "must be a map");
    EXPECT_EQ(Fault("plugins.settings", R"({"a": 1})"), "must have a map under 'a'");
}

TEST(SettingValueTest, TextWithAZeroByteIsRefused) {
    EXPECT_EQ(Fault("server.host", std::string("a\0b", 3)), "must not contain a zero byte");
}

TEST(SettingValueTest, IntegerAboveInt64IsRefused) {
    Settings settings;
    const Value huge = ValueBuilder().Uint(18446744073709551615U).Take();
    EXPECT_THAT(StoreSetting(*FindSetting("server.port"), huge, settings).error().message,
                HasSubstr("not 18446744073709551615"));
}

}  // namespace
}  // namespace yard::config
