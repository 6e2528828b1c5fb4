#include "api/http/response_head.h"

#include <gtest/gtest.h>

namespace yard::http {
namespace {

std::string Head(const Response& response, HeadOptions options = {}) {
    options.date = "D";
    std::string head;
    AppendHead(head, response, options);
    return head;
}

TEST(ResponseHeadTest, WritesDuplicatesInOrder) {
    Response response = MakeResponse(200, "text/plain", "abc");
    response.headers.Add("Set-Cookie", "a=1");
    response.headers.Add("Set-Cookie", "b=2");
    EXPECT_EQ(Head(response),
              "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Type: text/plain\r\nSet-Cookie: "
              "a=1\r\nSet-Cookie: b=2\r\n"
              "Content-Length: 3\r\n\r\n");
}

TEST(ResponseHeadTest, NoContentAndNotModifiedHaveNoFraming) {
    for (int status : {204, 304}) {
        Response response;
        response.status = status;
        response.body = "ignored";
        std::string head = Head(response);
        EXPECT_EQ(head.find("Content-Length"), std::string::npos);
        EXPECT_EQ(Head(response, {BodyFraming::kChunked}).find("chunked"), std::string::npos);
        EXPECT_FALSE(AllowsBody(status));
    }
}

TEST(ResponseHeadTest, AnnouncesWhatHappensToTheConnection) {
    HeadOptions close{BodyFraming::kLength, false};
    HeadOptions old{BodyFraming::kLength, true, true};
    EXPECT_NE(Head({}, close).find("\r\nConnection: close\r\n"), std::string::npos);
    EXPECT_NE(Head({}, old).find("\r\nConnection: keep-alive\r\n"), std::string::npos);
    EXPECT_EQ(Head({}).find("Connection"), std::string::npos);
}

TEST(ResponseHeadTest, FindsWhatMustNotBeSent) {
    EXPECT_EQ(FindFault(MakeResponse(200, "a/b", "")), "");
    EXPECT_NE(FindFault(MakeResponse(200, "a\r\nX: y", "")), "");
    EXPECT_NE(FindFault(MakeResponse(200, std::string_view("a\0b", 3), "")), "");
    for (int status : {-1, 0, 99, 101, 199, 600})
        EXPECT_NE(FindFault(MakeResponse(status, "a/b", "")), "");
    for (std::string_view name :
         {"", "a b", "a\r\n", "content-LENGTH", "Transfer-Encoding", "Connection", "Date"}) {
        Response response;
        response.headers.Add(name, "1");
        EXPECT_NE(FindFault(response), "") << name;
    }
}

TEST(ResponseHeadTest, DatesHaveTheOneTrueFormat) {
    EXPECT_EQ(FormatHttpDate(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(FormatHttpDate(0), "Thu, 01 Jan 1970 00:00:00 GMT");
    EXPECT_EQ(FormatHttpDate(1709164799), "Wed, 28 Feb 2024 23:59:59 GMT");
}

}  // namespace
}  // namespace yard::http
