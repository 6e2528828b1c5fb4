// The command line of blkc, run as a process.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/json.h"

namespace yard {
namespace {

int ExitCode(const std::string& arguments) {
    int status =
        std::system((YARD_BUILD_DIR "/bin/blkc " + arguments + " >/dev/null 2>&1").c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

const std::string kEcho = YARD_BUILD_DIR "/test_plugins/example_echo.so";

TEST(BlkcTest, WritesTheManifestToTheFile) {
    std::string file = ::testing::TempDir() + "blkc_main_test.json";
    ASSERT_EQ(ExitCode("manifest " + kEcho + " -o " + file), 0);
    std::ifstream in(file);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(ParseJson(text).value()["id"].AsString(), "com.acme.echo");
    std::filesystem::remove(file);
}

TEST(BlkcTest, WrongArgumentsAndWrongPluginsHaveDifferentExitCodes) {
    EXPECT_EQ(ExitCode(""), 2);
    EXPECT_EQ(ExitCode("manifest"), 2);
    EXPECT_EQ(ExitCode("sign " + kEcho), 2);
    EXPECT_EQ(ExitCode("manifest " + kEcho + " -o"), 2);
    EXPECT_EQ(ExitCode("manifest " + kEcho + " " + kEcho), 2);
    EXPECT_EQ(ExitCode("manifest /nowhere/x.so"), 1);
    EXPECT_EQ(ExitCode("manifest " + kEcho + " -o /nowhere/x.json"), 1);
    EXPECT_EQ(ExitCode("manifest " + kEcho + " --about /nowhere/about.json"), 1);
}

}  // namespace
}  // namespace yard
