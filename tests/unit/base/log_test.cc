#include "base/log.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace yard {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class LogTest : public ::testing::Test {
protected:
    ~LogTest() override { SetLogLevel(LogLevel::kInfo); }

    // What a warning with this text and these fields looks like.
    static std::string Warning(std::string_view message, LogFields fields = {}) {
        ::testing::internal::CaptureStderr();
        LogWarning("part", message, fields);
        return ::testing::internal::GetCapturedStderr();
    }
};

TEST_F(LogTest, LineHasTimeLevelComponentSentenceAndFields) {
    EXPECT_THAT(
        Warning("disk is full", {{"path", "/a b"}, {"left", "0"}}),
        MatchesRegex("[0-9-]+T[0-9:.]+Z warning \\[part\\] disk is full path=/a b left=0\n"));
}

TEST_F(LogTest, ControlCharactersCannotForgeALine) {
    const std::string line = Warning("a\nb\r\x1b[31m", {{"key", "x\n2030-01-01 fatal"}});
    EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
    EXPECT_THAT(line, HasSubstr("a\\x0ab\\x0d\\x1b[31m key=x\\x0a2030-01-01 fatal\n"));
}

TEST_F(LogTest, BracesAndPercentSignsAreText) {
    EXPECT_THAT(Warning("{} {0} %v %s"), EndsWith("{} {0} %v %s\n"));
}

TEST_F(LogTest, MessagesBelowTheLevelAreDropped) {
    SetLogLevel(LogLevel::kError);
    EXPECT_EQ(Warning("quiet"), "");
    EXPECT_FALSE(LogEnabled(LogLevel::kWarning));
    EXPECT_TRUE(LogEnabled(LogLevel::kError));
    SetLogLevel(LogLevel::kDebug);
    EXPECT_TRUE(LogEnabled(LogLevel::kDebug));
}

}  // namespace
}  // namespace yard
