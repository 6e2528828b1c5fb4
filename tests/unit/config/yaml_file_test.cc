#include "config/yaml_file.h"

#include <gmock/gmock.h>

#include "base/json.h"
#include "tests/unit/config/temporary_directory.h"

namespace yard::config {
namespace {

using ::testing::HasSubstr;

class YamlFileTest : public ::testing::Test {
protected:
    Result<std::vector<YamlEntry>> Read(const std::string& text) {
        return ReadYamlFile(directory_.Write("f.yaml", text));
    }
    std::string Fault(const std::string& text) {
        const auto read = Read(text);
        return read ? "(no fault)" : read.error().message;
    }
    // The value of a setting that was written as `text`.
    std::string ValueOf(const std::string& text) {
        const auto read = Read("server:\n  host: " + text + "\n");
        return read ? WriteJson(read.value().at(0).value) : read.error().message;
    }

    TemporaryDirectory directory_;
};

TEST_F(YamlFileTest, EmptyFileHasNoEntries) {
    EXPECT_TRUE(Read("").value().empty());
    EXPECT_TRUE(Read("# only a comment\n").value().empty());
}

TEST_F(YamlFileTest, ScalarsFollowTheCoreSchema) {
    EXPECT_EQ(ValueOf("1"), "1");
    EXPECT_EQ(ValueOf("-5"), "-5");
    EXPECT_EQ(ValueOf("1.5"), "1.5");
    EXPECT_EQ(ValueOf("1e3"), "1000.0");
    EXPECT_EQ(ValueOf("true"), "true");
    EXPECT_EQ(ValueOf("null"), "null");
    EXPECT_EQ(ValueOf("~"), "null");
    EXPECT_EQ(ValueOf("yes"), "\"yes\"");
    EXPECT_EQ(ValueOf("'1'"), "\"1\"");
    EXPECT_EQ(ValueOf("\"true\""), "\"true\"");
    EXPECT_EQ(ValueOf("127.0.0.1"), "\"127.0.0.1\"");
    EXPECT_EQ(ValueOf("[a, 1]"), "[\"a\",1]");
    EXPECT_EQ(ValueOf("0x10"), "\"0x10\"");
    EXPECT_EQ(ValueOf(".inf"), "\".inf\"");
}

TEST_F(YamlFileTest, EntriesKnowTheirLines) {
    const auto entries = Read("\nserver:\n\n  port: 1\nlog: {level: info}\n").value();
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries[0].key, "server.port");
    EXPECT_EQ(entries[0].line, 4);
    EXPECT_EQ(entries[1].key, "log.level");
    EXPECT_EQ(entries[1].line, 5);
}

TEST_F(YamlFileTest, DuplicateKeysAreRefused) {
    EXPECT_THAT(Fault("server:\n  port: 1\n  port: 2\n"),
                HasSubstr("f.yaml:3: the key 'port' occurs twice in its map"));
    EXPECT_THAT(Fault("server: {}\nserver: {}\n"), HasSubstr("the key 'server' occurs twice"));
    EXPECT_THAT(Fault("plugins:\n  settings:\n    a: {x: 1, x: 2}\n"),
                HasSubstr("the key 'x' occurs twice"));
}

TEST_F(YamlFileTest, FilesThatAreNoMapAreRefused) {
    EXPECT_THAT(Fault("- a\n"), HasSubstr("f.yaml:1: the file must be a map of settings"));
    EXPECT_THAT(Fault("text"), HasSubstr("the file must be a map"));
    EXPECT_THAT(Fault("? [a]\n: b\n"), HasSubstr("a key must be text"));
}

TEST_F(YamlFileTest, SyntaxErrorsNameTheLine) {
    EXPECT_THAT(Fault("server:\n  port: [1\n"), HasSubstr("f.yaml:"));
    EXPECT_THAT(Fault("server:\n\tport: 1\n"), HasSubstr("f.yaml:2"));
    EXPECT_THAT(Fault("a: *nobody\n"), HasSubstr("f.yaml:1"));
}

TEST_F(YamlFileTest, ExponentialAliasesAreRefusedQuickly) {
    std::string bomb = "plugins:\n  settings:\n    a0: &a0 {x: 1}\n";
    for (int i = 1; i < 30; ++i) {
        const std::string below = "*a" + std::to_string(i - 1);
        const std::string name = "a" + std::to_string(i);
        bomb += "    " + name + ": &" + name + " {l: " + below + " , r: " + below + " }\n";
    }
    EXPECT_THAT(Fault(bomb), HasSubstr("there are too many values"));
}

TEST_F(YamlFileTest, DeepNestingIsRefused) {
    EXPECT_THAT(
        Fault("plugins: {settings: {a: " + std::string(60, '[') + std::string(60, ']') + "}}\n"),
        HasSubstr("nested too deep"));
    EXPECT_NE(Fault(std::string(100'000, '[')), "(no fault)");
}

TEST_F(YamlFileTest, UnreadableContentsAreRefused) {
    EXPECT_THAT(Fault("a: \xff\n"), HasSubstr("is not UTF-8"));
    EXPECT_THAT(Fault(std::string((1 << 20) + 1, '#')), HasSubstr("is larger than 1 MiB"));
    EXPECT_THAT(ReadYamlFile(directory_.path() + "/none").error().message,
                HasSubstr("No such file or directory"));
    EXPECT_FALSE(ReadYamlFile(directory_.path()).ok());
}

}  // namespace
}  // namespace yard::config
