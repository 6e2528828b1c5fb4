#include <gmock/gmock.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "config/load.h"
#include "config/settings_table.h"
#include "tests/unit/config/temporary_directory.h"

namespace yard::config {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string ReadFile(const std::string& name) {
    std::ifstream stream(std::string(SOURCE_DIR) + "/" + name);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

// Writes what the file should be next to the test, so that a change of the table is one `cp`.
void ExpectCheckedIn(const std::string& name, const std::string& wanted) {
    if (ReadFile(name) == wanted) return;
    const std::string fresh = std::filesystem::temp_directory_path() / "blockyard-generated.txt";
    std::ofstream(fresh) << wanted;
    ADD_FAILURE() << name << " is out of date; run: cp " << fresh << ' ' << name;
}

Settings LoadWith(Sources sources) {
    sources.environment["HOME"] = "/home/somebody";
    auto loaded = Load(sources);
    if (loaded) return std::move(loaded).value();
    ADD_FAILURE() << loaded.error().message;
    return {};
}

TEST(ShowTest, NamesValueAndOrigin) {
    const std::string text = ShowSettings(LoadWith({.overrides = {"server.port=1"}}));
    EXPECT_THAT(text, HasSubstr("server.port: 1  # --set\n"));
    EXPECT_THAT(text, HasSubstr("server.host: \"127.0.0.1\"  # default\n"));
    EXPECT_THAT(text, HasSubstr("outbound.allow: []  # default\n"));
}

TEST(ShowTest, MasksSecretsThatAreSet) {
    const std::string text = ShowSettings(
        LoadWith({.overrides = {"providers.openai.api_key=hunter2", "auth.jwt_verify_key=hunter3",
                                R"(plugins.settings={"a": {"key": "hunter4"}})",
                                "database.url=postgresql://me:hunter5@db:5432/x"}}));
    EXPECT_THAT(text, Not(HasSubstr("hunter")));
    EXPECT_THAT(text, HasSubstr("providers.openai.api_key: ********  # --set"));
    EXPECT_THAT(text, HasSubstr("providers.groq.api_key: \"\"  # default"));
    EXPECT_THAT(text, HasSubstr("\"postgresql://me:********@db:5432/x\""));
}

TEST(ShowTest, DefaultFileIsCheckedIn) {
    ExpectCheckedIn("config/blockyard.yaml", DefaultSettingsFile());
}

TEST(ShowTest, ReferencePageIsCheckedIn) {
    ExpectCheckedIn("docs/configuration.md", SettingsReference());
}

TEST(ShowTest, DefaultFileWithItsLinesActiveGivesTheDefaults) {
    const TemporaryDirectory directory;
    const std::string active = std::regex_replace(ReadFile("config/blockyard.yaml"),
                                                  std::regex("(^|\n)( *)#([a-z])"), "$1$2$3");
    Settings from_file = LoadWith({.file = directory.Write("active.yaml", active)});
    Settings defaults = LoadWith({});
    for (const Setting& setting : SettingsTable()) {
        const bool in_file =
            from_file.origins.at(setting.key).find("active.yaml:") != std::string::npos;
        EXPECT_EQ(in_file, setting.computed_default.empty()) << setting.key;
    }
    from_file.origins = defaults.origins;
    EXPECT_EQ(ShowSettings(from_file), ShowSettings(defaults));
}

}  // namespace
}  // namespace yard::config
