#include "api/http/head_scanner.h"

#include <gtest/gtest.h>

#include <string>

namespace yard::http {
namespace {

using Verdict = HeadScanner::Verdict;

Verdict Scan(std::string_view bytes, size_t first_line_max = 64, size_t head_max = 256,
             size_t fields_max = 4) {
    HeadScanner scanner(first_line_max, head_max, fields_max);
    size_t consumed = 0;
    return scanner.Scan(bytes, consumed);
}

TEST(HeadScannerTest, StopsBehindTheEmptyLineWhereverTheBytesAreSplit) {
    std::string_view bytes = "GET / HTTP/1.1\r\nHost: a\r\n\r\nrest";
    for (size_t split = 0; split < bytes.size(); ++split) {
        HeadScanner scanner(64, 256, 4);
        size_t consumed = 0;
        if (scanner.Scan(bytes.substr(0, split), consumed) == Verdict::kIncomplete) {
            EXPECT_EQ(consumed, split);
            EXPECT_EQ(scanner.Scan(bytes.substr(split), consumed), Verdict::kComplete);
        }
        EXPECT_EQ(bytes.substr(consumed), "rest");
    }
}

TEST(HeadScannerTest, RefusesWhatProgramsReadDifferently) {
    for (std::string_view head :
         {"GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\n\r\n",
          "GET / HTTP/1.1\rHost: a\r\n\r\n", "GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n",
          "GET / HTTP/1.1\r\nA: b\r\n\tfolded\r\n\r\n", " GET / HTTP/1.1\r\n\r\n",
          "GET / HTTP/1.1\r\nA: \x01\r\n\r\n", "GET /\x7f HTTP/1.1\r\n\r\n",
          "\r\n\r\nGET / HTTP/1.1\r\n\r\n", "\n", "\r\r\n", "\x16\x03\x01\x02"}) {
        EXPECT_EQ(Scan(head), Verdict::kIllegal) << head;
    }
    EXPECT_EQ(Scan(std::string_view("GET /\0 HTTP/1.1\r\n\r\n", 20)), Verdict::kIllegal);
}

TEST(HeadScannerTest, ToleratesOneBlankLineBeforeTheRequest) {
    EXPECT_EQ(Scan("\r\nGET / HTTP/1.1\r\n\r\n"), Verdict::kComplete);
}

TEST(HeadScannerTest, LimitsAreExact) {
    EXPECT_EQ(Scan("12345\r\n\r\n", 5), Verdict::kComplete);
    EXPECT_EQ(Scan("123456", 5), Verdict::kLineTooLong);
    EXPECT_EQ(Scan("12345\r\n123456789\r\n\r\n", 5), Verdict::kComplete);
    EXPECT_EQ(Scan("123\r\n4567\r\n\r\n", 64, 13), Verdict::kComplete);
    EXPECT_EQ(Scan("123\r\n4567\r\n\r\n", 64, 12), Verdict::kHeadTooLarge);
    EXPECT_EQ(Scan("a\r\nb\r\nc\r\n\r\n", 64, 256, 2), Verdict::kComplete);
    EXPECT_EQ(Scan("a\r\nb\r\nc\r\nd\r\n\r\n", 64, 256, 2), Verdict::kHeadTooLarge);
}

TEST(HeadScannerTest, ResetForgetsThePreviousHead) {
    HeadScanner scanner(8, 12, 4);
    for (int i = 0; i < 3; ++i) {
        size_t consumed = 0;
        EXPECT_EQ(scanner.Scan("12345678\r\n\r\n", consumed), Verdict::kComplete);
        scanner.Reset();
    }
}

}  // namespace
}  // namespace yard::http
