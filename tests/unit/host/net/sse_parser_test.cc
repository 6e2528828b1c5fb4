#include "host/net/sse_parser.h"

#include <gmock/gmock.h>

#include <vector>

namespace yard::net {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Events(const std::string& text, size_t piece = 1000) {
    std::vector<std::string> events;
    SseParser parser([&](std::string_view data) { events.emplace_back(data); });
    for (size_t at = 0; at < text.size(); at += piece) parser.Feed(text.substr(at, piece));
    return events;
}

TEST(SseParserTest, EveryLineEndAndEveryPieceSizeGiveTheSame) {
    for (const std::string end : {"\n", "\r\n", "\r"}) {
        const std::string text = "data: a" + end + "data:b" + end + end + "data: c" + end + end;
        for (size_t piece = 1; piece <= text.size(); ++piece) {
            EXPECT_THAT(Events(text, piece), ElementsAre("a\nb", "c")) << piece;
        }
    }
}

TEST(SseParserTest, OtherFieldsAndCommentsAreSkipped) {
    EXPECT_THAT(Events(": ping\nevent: x\nid: 1\nretry: 5\ndatax: no\ndata: yes\n\n"),
                ElementsAre("yes"));
    EXPECT_THAT(Events(": ping\n\nevent: x\n\n"), IsEmpty());
}

TEST(SseParserTest, OnlyOneSpaceIsRemoved) {
    EXPECT_THAT(Events("data:  two\n\n"), ElementsAre(" two"));
}

TEST(SseParserTest, EmptyDataIsAnEvent) {
    EXPECT_THAT(Events("data\n\n"), ElementsAre(""));
    EXPECT_THAT(Events("data:\ndata\n\n"), ElementsAre("\n"));
}

TEST(SseParserTest, ByteOrderMarkIsSkippedAtTheStartOnly) {
    EXPECT_THAT(Events("\xef\xbb\xbf"
                       "data: a\n\n\xef\xbb\xbf"
                       "data: b\n\n"),
                ElementsAre("a"));
}

TEST(SseParserTest, UnfinishedEventIsDropped) {
    EXPECT_THAT(Events("data: a\n\ndata: b\n"), ElementsAre("a"));
    EXPECT_THAT(Events("data: b"), IsEmpty());
}

}  // namespace
}  // namespace yard::net
