#include "api/http/responder.h"

#include <gtest/gtest.h>

namespace yard::http {
namespace {

class RecordingSink final : public ResponseSink {
public:
    void Send(Response response) override {
        calls.push_back("send " + std::to_string(response.status));
    }
    void StartStream(Response) override { calls.push_back("start"); }
    bool Write(std::string chunk) override {
        calls.push_back("write " + chunk);
        return true;
    }
    void Finish() override { calls.push_back("finish"); }
    void Abort() override { calls.push_back("abort"); }
    bool closed() const override { return is_closed; }
    size_t buffered_bytes() const override { return 7; }

    std::vector<std::string> calls;
    bool is_closed = false;
};

using Calls = std::vector<std::string>;

TEST(ResponderTest, AnswersOnce) {
    auto sink = std::make_shared<RecordingSink>();
    {
        Responder responder(sink);
        responder.Send(MakeResponse(200, "a/b", ""));
        responder.Send(MakeResponse(201, "a/b", ""));
        EXPECT_FALSE(responder.StartStream({}).Write("x"));
        EXPECT_TRUE(responder.closed());
    }
    EXPECT_EQ(sink->calls, (Calls{"send 200"}));
}

TEST(ResponderTest, DroppedUnansweredItAnswers500) {
    auto sink = std::make_shared<RecordingSink>();
    {
        Responder first(sink);
        Responder moved(std::move(first));
        EXPECT_FALSE(moved.closed());
    }
    EXPECT_EQ(sink->calls, (Calls{"send 500"}));
}

TEST(ResponderTest, AStreamIsFinishedOrAborted) {
    auto finished = std::make_shared<RecordingSink>();
    {
        ResponseStream stream = Responder(finished).StartStream({});
        EXPECT_TRUE(stream.Write("a"));
        EXPECT_EQ(stream.buffered_bytes(), 7u);
        stream.Finish();
        EXPECT_FALSE(stream.Write("b"));
        EXPECT_TRUE(stream.closed());
        stream.Finish();
    }
    EXPECT_EQ(finished->calls, (Calls{"start", "write a", "finish"}));

    auto dropped = std::make_shared<RecordingSink>();
    { ResponseStream stream = Responder(dropped).StartStream({}); }
    EXPECT_EQ(dropped->calls, (Calls{"start", "abort"}));
}

TEST(ResponderTest, AssigningToAStreamAbortsTheOldOne) {
    auto old_sink = std::make_shared<RecordingSink>();
    auto new_sink = std::make_shared<RecordingSink>();
    ResponseStream stream = Responder(old_sink).StartStream({});
    stream = Responder(new_sink).StartStream({});
    EXPECT_EQ(old_sink->calls, (Calls{"start", "abort"}));
    new_sink->is_closed = true;
    EXPECT_TRUE(stream.closed());
    stream.Finish();
    EXPECT_EQ(new_sink->calls, (Calls{"start", "finish"}));
}

}  // namespace
}  // namespace yard::http
