// Blocks that read the clock: the shape of what they say. clock_format_test.cc has exact moments.

#include <gmock/gmock.h>

#include "tests/unit/plugins/plugin_fixture.h"

namespace yard {
namespace {

using engine::BlockResult;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

constexpr char kDate[] = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]";
constexpr char kTime[] = "[0-9][0-9]:[0-9][0-9]:[0-9][0-9]";

class TimeBlocksTest : public testing::PluginTest {};

TEST_F(TimeBlocksTest, DefaultFormatsAreTheDeclaredOnes) {
    Run("GetCurrentDateBlock", R"({"trigger":""})");
    EXPECT_THAT(sink_->emitted(), ElementsAre(MatchesRegex("date=\"" + std::string(kDate) + "\"")));
    Run("GetCurrentTimeBlock", R"({"trigger":""})");
    EXPECT_THAT(sink_->emitted(), ElementsAre(MatchesRegex("time=\"" + std::string(kTime) + "\"")));
    Run("GetCurrentDateAndTimeBlock", R"({"trigger":""})");
    EXPECT_THAT(sink_->emitted(), ElementsAre(MatchesRegex("date_time=\"" + std::string(kDate) +
                                                           " " + kTime + "\"")));
}

TEST_F(TimeBlocksTest, IsoFormsCarryTheZone) {
    const std::string iso =
        R"({"trigger":"","format_type":{"discriminator":"iso8601","timezone":"Asia/Kolkata",)"
        R"("include_microseconds":true}})";
    Run("GetCurrentTimeBlock", iso);
    EXPECT_THAT(sink_->emitted(),
                ElementsAre(MatchesRegex("time=\"T" + std::string(kTime) + "\\.[0-9]+\\+05:30\"")));
    Run("GetCurrentDateAndTimeBlock", iso);
    EXPECT_THAT(sink_->emitted(), ElementsAre(MatchesRegex("date_time=\"" + std::string(kDate) +
                                                           "T" + kTime + "\\.[0-9]+\\+05:30\"")));
    Run("GetCurrentDateBlock", R"({"trigger":"","format_type":{"discriminator":"iso8601"}})");
    EXPECT_THAT(sink_->emitted(), ElementsAre(MatchesRegex("date=\"" + std::string(kDate) + "\"")));
}

TEST_F(TimeBlocksTest, UsersZoneIsTakenWhenAskedForAndSet) {
    const std::string input =
        R"({"trigger":"","format_type":{"discriminator":"strftime","format":"%z",)"
        R"("timezone":"Asia/Tokyo","use_user_timezone":true}})";
    user_timezone_ = "Asia/Dubai";
    Run("GetCurrentTimeBlock", input);
    EXPECT_THAT(sink_->emitted(), ElementsAre("time=\"+0400\""));
    user_timezone_ = "not-set";
    Run("GetCurrentTimeBlock", input);
    EXPECT_THAT(sink_->emitted(), ElementsAre("time=\"+0900\""));
}

TEST_F(TimeBlocksTest, OffsetMovesTheDateAndOtherTextsDoNot) {
    const auto date_with = [&](const std::string& offset) {
        Run("GetCurrentDateBlock", R"({"trigger":"","offset":)" + offset + "}");
        return sink_->emitted().at(0);
    };
    EXPECT_EQ(date_with("\"3\""), date_with("3"));
    EXPECT_NE(date_with("3"), date_with("-3"));
    EXPECT_EQ(date_with("\"soon\""), date_with("0"));
    EXPECT_EQ(date_with("\"1.5\""), date_with("\"\""));
}

TEST_F(TimeBlocksTest, WrongFormatsAndZonesFailWithASentence) {
    auto outcome =
        Run("GetCurrentDateBlock",
            R"({"trigger":"","format_type":{"discriminator":"strftime","format":"%Q"}})");
    EXPECT_EQ(outcome.result, BlockResult::kFailed);
    EXPECT_THAT(outcome.error, HasSubstr("no conversion '%Q'"));
    outcome = Run("GetCurrentDateBlock",
                  R"({"trigger":"","format_type":{"discriminator":"iso8601","timezone":"Mars"}})");
    EXPECT_EQ(outcome.result, BlockResult::kFailed);
    outcome = Run("GetCurrentDateBlock", R"({"trigger":"","format_type":{"discriminator":"x"}})");
    EXPECT_EQ(outcome.result, BlockResult::kFailed);
    outcome = Run("GetCurrentDateBlock", R"({"trigger":"","offset":99999999999})");
    EXPECT_THAT(outcome.error, HasSubstr("offset in days"));
    EXPECT_THAT(sink_->emitted(), IsEmpty());
}

TEST_F(TimeBlocksTest, CountdownWaitsWithoutAThreadUntilItIsCancelled) {
    const auto task = Start("CountdownTimerBlock", R"({"days":"365"})");
    EXPECT_FALSE(sink_->is_done());
    task->Cancel();
    EXPECT_EQ(sink_->Wait().result, BlockResult::kCancelled);
    EXPECT_THAT(sink_->emitted(), IsEmpty());
}

}  // namespace
}  // namespace yard
