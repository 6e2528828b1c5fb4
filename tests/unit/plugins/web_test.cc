#include <gmock/gmock.h>

#include <chrono>
#include <thread>

#include "tests/unit/plugins/plugin_fixture.h"

namespace yard {
namespace {

using engine::BlockResult;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::StartsWith;

class SendWebRequestTest : public testing::PluginTest {
protected:
    void Begin(const std::string& members) {
        Start("SendWebRequestBlock", R"({"url":"https://x.example/p")" + members + "}");
    }
    void Answer(size_t index, int status, const std::string& body,
                const plugin::HttpHeaders& headers = {}) {
        const auto sent = http_.sent(index);
        sent.sink->OnHead(status, headers, sent.request.url);
        sent.sink->OnData(body);
        sent.sink->OnEnd(Ok{});
    }
    // Blocks go on with an answer on a worker. Fails the test after ten seconds.
    void AwaitRequests(size_t count) {
        const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (http_.count() < count && std::chrono::steady_clock::now() < patience) {
            std::this_thread::yield();
        }
        ASSERT_EQ(http_.count(), count);
    }
    std::vector<std::string> OutputsFor(int status, const std::string& body) {
        const size_t index = http_.count();
        Begin("");
        Answer(index, status, body);
        EXPECT_EQ(sink_->Wait().result, BlockResult::kCompleted);
        return sink_->emitted();
    }
    std::string ErrorFor(const std::string& members) {
        Begin(members);
        const auto outcome = sink_->Wait();
        EXPECT_EQ(outcome.result, BlockResult::kFailed);
        EXPECT_THAT(sink_->emitted(), IsEmpty());
        return outcome.error;
    }
};

TEST_F(SendWebRequestTest, StatusDecidesTheOutput) {
    EXPECT_THAT(OutputsFor(200, R"({"a":1})"), ElementsAre(R"(response={"a":1})"));
    EXPECT_THAT(OutputsFor(201, "made"), ElementsAre("response=\"made\""));
    EXPECT_THAT(OutputsFor(204, ""), ElementsAre("response=\"\""));
    EXPECT_THAT(OutputsFor(404, R"("gone")"), ElementsAre("client_error=\"gone\""));
    EXPECT_THAT(OutputsFor(503, "<busy>"), ElementsAre("server_error=\"<busy>\""));
    EXPECT_THAT(OutputsFor(304, ""), ElementsAre("server_error=\"\""));
}

TEST_F(SendWebRequestTest, BytesThatAreNoTextAreReplaced) {
    EXPECT_THAT(OutputsFor(200, "a\xff\xc3"),
                ElementsAre("response=\"a\xef\xbf\xbd\xef\xbf\xbd\""));
}

TEST_F(SendWebRequestTest, JsonBodyIsTheDefault) {
    Begin(R"(,"body":{"a":[1]},"headers":{"X-A":"b"})");
    const auto request = http_.sent(0).request;
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.body, R"({"a":[1]})");
    EXPECT_THAT(request.headers,
                ElementsAre(Pair("content-type", "application/json"), Pair("X-A", "b")));
    Answer(0, 200, "{}");
    sink_->Wait();
}

TEST_F(SendWebRequestTest, HeadersOfTheUserReplaceOurs) {
    Begin(R"(,"method":"PUT","body":{},"headers":{"Content-Type":"application/vnd.x+json"})");
    EXPECT_EQ(http_.sent(0).request.method, "PUT");
    EXPECT_THAT(http_.sent(0).request.headers,
                ElementsAre(Pair("Content-Type", "application/vnd.x+json")));
    Answer(0, 200, "{}");
    sink_->Wait();
}

TEST_F(SendWebRequestTest, FormBodyIsUrlEncoded) {
    Begin(R"(,"json_format":false,"body":{"a b":"é&=","n":5,"skip":null,"l":[1]})");
    EXPECT_EQ(http_.sent(0).request.body, "a+b=%C3%A9%26%3D&n=5&l=%5B1%5D");
    EXPECT_THAT(http_.sent(0).request.headers,
                Contains(Pair("content-type", "application/x-www-form-urlencoded")));
    Answer(0, 200, "{}");
    sink_->Wait();
}

TEST_F(SendWebRequestTest, FilesTravelAsParts) {
    Begin(R"(,"body":{"k":"v"},"files_name":"up","files":["data:text/csv;base64,YSxi",)"
          R"("https://f.example/dir/a%20b.txt?x=1"])");
    Answer(0, 200, "content", {{"content-type", "text/plain"}});
    ASSERT_NO_FATAL_FAILURE(AwaitRequests(2));
    const auto request = http_.sent(1).request;
    ASSERT_EQ(request.headers.size(), 1u);
    EXPECT_THAT(request.headers[0].second, StartsWith("multipart/form-data; boundary="));
    EXPECT_THAT(request.body, HasSubstr("name=\"k\"\r\n\r\nv\r\n"));
    EXPECT_THAT(request.body, HasSubstr("name=\"up\"; filename=\"file\"\r\nContent-Type: "
                                        "text/csv\r\n\r\na,b\r\n"));
    EXPECT_THAT(request.body, HasSubstr("filename=\"a b.txt\"\r\nContent-Type: "
                                        "text/plain\r\n\r\ncontent\r\n"));
    Answer(1, 200, "{}");
    EXPECT_EQ(sink_->Wait().result, BlockResult::kCompleted);
}

TEST_F(SendWebRequestTest, FilesThatCannotBeHadFailBeforeTheRequest) {
    EXPECT_THAT(ErrorFor(R"(,"files":["/etc/passwd"])"), HasSubstr("neither a data URI nor"));
    EXPECT_THAT(ErrorFor(R"(,"files":["data:text/plain;base64"])"), HasSubstr("no comma"));
    EXPECT_THAT(ErrorFor(R"(,"files":["data:;base64,a!b="])"), HasSubstr("not base64"));
    EXPECT_THAT(ErrorFor(R"(,"files":["data:;base64,abcde"])"), HasSubstr("in the middle"));
    EXPECT_EQ(http_.count(), 0u);
    Begin(R"(,"files":["https://f.example/a"])");
    Answer(0, 404, "no");
    EXPECT_THAT(sink_->Wait().error, HasSubstr("could not be fetched: HTTP 404"));
    EXPECT_EQ(http_.count(), 1u);
}

TEST_F(SendWebRequestTest, FaultsOfTheRequestAreErrors) {
    Begin("");
    http_.sent(0).sink->OnEnd(Unavailable("x.example refused the connection"));
    const auto outcome = sink_->Wait();
    EXPECT_EQ(outcome.result, BlockResult::kFailed);
    EXPECT_EQ(outcome.error, "x.example refused the connection");
    EXPECT_THAT(ErrorFor(R"(,"method":"TRACE")"), HasSubstr("method"));
    EXPECT_THAT(Run("SendWebRequestBlock", R"({"url":"file:///etc/passwd"})").error,
                HasSubstr("must begin with http"));
}

TEST_F(SendWebRequestTest, CancellingCancelsTheRequest) {
    Start("SendWebRequestBlock", R"({"url":"https://x.example/"})")->Cancel();
    EXPECT_EQ(sink_->Wait().result, BlockResult::kCancelled);
    EXPECT_THAT(http_.cancelled(), ElementsAre(1u));
}

}  // namespace
}  // namespace yard
