#include "host/net/http_request_text.h"

#include <gmock/gmock.h>

namespace yard::net {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

plugin::HttpRequest With(plugin::HttpHeaders headers) {
    plugin::HttpRequest request;
    request.headers = std::move(headers);
    return request;
}

TEST(HttpRequestTextTest, HeadersCannotBeInjected) {
    for (const std::string value : {"a\r\nX: b", "a\nb", "a\rb", "\x1b", "\x7f"}) {
        EXPECT_FALSE(CheckRequest(With({{"X", value}})).ok()) << value;
    }
    EXPECT_FALSE(CheckRequest(With({{"X", std::string("a\0b", 3)}})).ok());
    for (const std::string name : {"", "a b", "a:", "a\r\n", "\xc3\xa9", "a\t"}) {
        EXPECT_FALSE(CheckRequest(With({{name, "v"}})).ok()) << name;
    }
    EXPECT_TRUE(CheckRequest(With({{"X-Ok_1", "tab\tand \xc3\xa9"}})).ok());
}

TEST(HttpRequestTextTest, FramingHeadersAreTheClientsOwn) {
    for (const std::string name : {"Host", "content-length", "Transfer-Encoding", "CONNECTION",
                                   "Upgrade", "Expect", "TE", "Trailer"}) {
        EXPECT_THAT(CheckRequest(With({{name, "1"}})).error().message,
                    HasSubstr("is set by the host"))
            << name;
    }
}

TEST(HttpRequestTextTest, OddMethodsAreRefused) {
    for (const std::string method : {"", "GET /", "G\r\nT", "CONNECT", "TRACE"}) {
        plugin::HttpRequest request;
        request.method = method;
        EXPECT_FALSE(CheckRequest(request).ok()) << method;
    }
    plugin::HttpRequest purge;
    purge.method = "PURGE";
    EXPECT_TRUE(CheckRequest(purge).ok());
}

TEST(HttpRequestTextTest, HugeHeadersAreRefused) {
    EXPECT_FALSE(CheckRequest(With({{"X", std::string(70'000, 'x')}})).ok());
}

TEST(HttpRequestTextTest, CallersHeadersReplaceTheDefaults) {
    const Url url = ParseUrl("http://a/").value();
    const std::string text = RequestHead(
        With({{"ACCEPT", "a/b"}, {"user-agent", "me"}, {"accept-encoding", "br"}}), url);
    EXPECT_EQ(text,
              "GET / HTTP/1.1\r\nHost: a\r\nACCEPT: a/b\r\nuser-agent: me\r\n"
              "accept-encoding: br\r\n\r\n");
}

TEST(HttpRequestTextTest, EventStreamsAreNotCompressed) {
    plugin::HttpRequest request;
    request.sse = true;
    const std::string text = RequestHead(request, ParseUrl("http://a/").value());
    EXPECT_THAT(text, HasSubstr("Accept: text/event-stream\r\n"));
    EXPECT_THAT(text, Not(HasSubstr("gzip")));
}

TEST(HttpRequestTextTest, EmptyPostStatesItsLength) {
    plugin::HttpRequest request;
    request.method = "POST";
    EXPECT_THAT(RequestHead(request, ParseUrl("http://a/").value()),
                HasSubstr("Content-Length: 0\r\n"));
}

TEST(HttpRequestTextTest, RedirectsChangeTheMethodAsRfc9110Says) {
    const auto method_after = [](const std::string& method, int status) {
        plugin::HttpRequest request;
        request.method = method;
        request.body = "b";
        RewriteForRedirect(request, status, true);
        return request.method + " " + request.body;
    };
    EXPECT_EQ(method_after("POST", 301), "GET ");
    EXPECT_EQ(method_after("POST", 302), "GET ");
    EXPECT_EQ(method_after("PUT", 303), "GET ");
    EXPECT_EQ(method_after("PUT", 302), "PUT b");
    EXPECT_EQ(method_after("POST", 307), "POST b");
    EXPECT_EQ(method_after("POST", 308), "POST b");
    EXPECT_EQ(method_after("HEAD", 303), "HEAD b");
}

TEST(HttpRequestTextTest, OnlyHarmlessHeadersGoToAnotherOrigin) {
    auto request = With({{"AUTHORIZATION", "1"}, {"X-Custom", "2"}, {"Accept", "3"}});
    RewriteForRedirect(request, 307, false);
    ASSERT_EQ(request.headers.size(), 1U);
    EXPECT_EQ(request.headers[0].first, "Accept");
}

}  // namespace
}  // namespace yard::net
