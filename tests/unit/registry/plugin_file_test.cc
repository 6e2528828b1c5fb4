#include "registry/plugin_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/unit/registry/plugin_directory.h"

namespace yard::registry {
namespace {

using ::testing::HasSubstr;

class PluginFileTest : public ::testing::Test {
protected:
    std::string Path(const std::string& name) const { return directory_.path() + "/" + name; }
    testing::PluginDirectory directory_;
};

TEST_F(PluginFileTest, ContentAndIdentityAreOfOneFile) {
    directory_.Write("a", "hello");
    const auto file = ReadPluginFile(Path("a"), 100);
    ASSERT_TRUE(file.ok());
    EXPECT_EQ(file.value().content, "hello");
    EXPECT_EQ(file.value().identity, IdentifyPluginFile(Path("a")).value());
}

TEST_F(PluginFileTest, RewrittenFileHasAnotherIdentity) {
    directory_.Write("a", "hello");
    const auto before = IdentifyPluginFile(Path("a")).value();
    directory_.Write("a", "other, longer");
    EXPECT_NE(IdentifyPluginFile(Path("a")).value(), before);
}

TEST_F(PluginFileTest, MissingFileIsNotFound) {
    EXPECT_EQ(ReadPluginFile(Path("none"), 100).error().kind, ErrorKind::kNotFound);
    EXPECT_EQ(IdentifyPluginFile(Path("none")).error().kind, ErrorKind::kNotFound);
}

TEST_F(PluginFileTest, LinksPipesDirectoriesAndLargeFilesAreRefused) {
    directory_.Write("a", "hello");
    std::filesystem::create_symlink("a", Path("link"));
    EXPECT_THAT(ReadPluginFile(Path("link"), 100).error().message, HasSubstr("symbolic link"));
    ASSERT_EQ(mkfifo(Path("pipe").c_str(), 0600), 0);
    EXPECT_THAT(ReadPluginFile(Path("pipe"), 100).error().message, HasSubstr("not a regular file"));
    EXPECT_FALSE(ReadPluginFile(directory_.path(), 100).ok());
    EXPECT_THAT(ReadPluginFile(Path("a"), 4).error().message, HasSubstr("larger than 4 bytes"));
}

}  // namespace
}  // namespace yard::registry
