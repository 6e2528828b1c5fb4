#include "config/settings_table.h"

#include <gtest/gtest.h>

#include <set>

namespace yard::config {
namespace {

TEST(SettingsTableTest, KeysAreUniqueAndEveryOneIsExplained) {
    std::set<std::string> keys;
    for (const Setting& setting : SettingsTable()) {
        EXPECT_TRUE(keys.insert(setting.key).second) << setting.key;
        EXPECT_TRUE(setting.help.ends_with('.')) << setting.key;
    }
}

TEST(SettingsTableTest, NoTwoSettingsShareAFieldOrAVariable) {
    Settings settings;
    std::set<const void*> fields;
    std::set<std::string> names;
    for (const Setting& setting : SettingsTable()) {
        const void* field = std::visit([](auto* target) -> const void* { return target; },
                                       setting.target(settings));
        EXPECT_TRUE(fields.insert(field).second) << setting.key;
        for (const std::string& name : setting.EnvironmentNames()) {
            EXPECT_TRUE(names.insert(name).second) << name;
        }
    }
}

TEST(SettingsTableTest, SectionsStandTogether) {
    std::set<std::string> seen;
    std::string current;
    for (const Setting& setting : SettingsTable()) {
        const size_t dot = setting.key.rfind('.');
        const std::string section = dot == std::string::npos ? "" : setting.key.substr(0, dot);
        EXPECT_TRUE(section == current || seen.insert(section).second) << section;
        current = section;
    }
}

TEST(SettingsTableTest, EveryDefaultPassesItsOwnCheck) {
    for (const Setting& setting : SettingsTable()) {
        if (!setting.computed_default.empty()) continue;
        Settings settings;
        const auto value = ParseSettingText(setting, setting.default_text);
        ASSERT_TRUE(value.ok()) << setting.key;
        EXPECT_TRUE(StoreSetting(setting, value.value(), settings).ok()) << setting.key;
    }
}

TEST(SettingsTableTest, OwnVariableNameFollowsTheKey) {
    EXPECT_EQ(FindSetting("auth.jwt_verify_key")->EnvironmentNames(),
              (std::vector<std::string>{"BLOCKYARD_AUTH__JWT_VERIFY_KEY", "JWT_VERIFY_KEY",
                                        "SUPABASE_JWT_SECRET"}));
    EXPECT_EQ(FindSetting("data_dir")->EnvironmentNames(),
              std::vector<std::string>{"BLOCKYARD_DATA_DIR"});
}

TEST(SettingsTableTest, EveryKeyOfAServiceIsSecret) {
    for (const Setting& setting : SettingsTable()) {
        const bool looks_secret =
            setting.key.ends_with("_key") || setting.key.ends_with("password");
        EXPECT_TRUE(!looks_secret || setting.secret) << setting.key;
    }
}

TEST(SettingsTableTest, UnknownKeyIsNotFound) {
    EXPECT_EQ(FindSetting("server"), nullptr);
    EXPECT_EQ(FindSetting(""), nullptr);
    EXPECT_EQ(FindSetting("server.port "), nullptr);
}

}  // namespace
}  // namespace yard::config
