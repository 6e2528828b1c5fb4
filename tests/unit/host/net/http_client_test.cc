// What depends on the client's threads: deadlines, cancelling, limits of requests at a time. The
// course of a single exchange is in http_exchange_test.cc.
#include "host/net/http_client.h"

#include <gmock/gmock.h>

#include <future>

#include "tests/unit/host/net/recording_sink.h"
#include "tests/unit/host/net/scripted_server.h"

namespace yard::net {
namespace {

using ::testing::HasSubstr;

constexpr const char* kHello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

class HttpClientTest : public ::testing::Test {
protected:
    HttpClientTest() {
        settings_.allow = {"127.0.0.1"};
        settings_.timeout_ms = 20'000;
        settings_.response_bytes_max = 1 << 20;
        settings_.connections_per_host_max = 8;
    }
    plugin::HttpClient& Client() {
        if (!client_) {
            auto made = MakeHttpClient({settings_, resolver_});
            EXPECT_TRUE(made.ok());
            client_ = std::move(made).value();
        }
        return *client_;
    }
    std::shared_ptr<RecordingSink> Get(const std::string& url, uint64_t timeout_ms = 0) {
        auto sink = std::make_shared<RecordingSink>();
        plugin::HttpRequest request;
        request.url = url;
        request.timeout_ms = timeout_ms;
        last_id_ = Client().Start(std::move(request), sink);
        return sink;
    }

    config::OutboundSettings settings_;
    Resolver resolver_ = ResolveWithSystem;
    std::unique_ptr<plugin::HttpClient> client_;
    uint64_t last_id_ = 0;
};

TEST_F(HttpClientTest, AnswersManyRequestsAtOnce) {
    const ScriptedServer server(ScriptedServer::Answering(kHello));
    std::vector<std::shared_ptr<RecordingSink>> sinks;
    for (int i = 0; i < 200; ++i) sinks.push_back(Get(server.Url()));
    for (const auto& sink : sinks) {
        EXPECT_EQ(sink->Outcome(), "ok");
        EXPECT_EQ(sink->Body(), "hello");
        EXPECT_EQ(sink->ends(), 1);
    }
    EXPECT_LE(server.connections(), 8);
}

TEST_F(HttpClientTest, RequestsBeyondTheLimitOfAHostWaitForTheirTurn) {
    settings_.connections_per_host_max = 1;
    std::promise<void> go;
    const auto released = go.get_future().share();
    const ScriptedServer server([released](ServerSide& side) {
        while (!side.ReadRequest().empty()) {
            released.wait();
            side.Write(kHello);
        }
    });
    const auto first = Get(server.Url());
    const auto second = Get(server.Url());
    EXPECT_EQ(second->ends(), 0);
    go.set_value();
    EXPECT_EQ(first->Outcome(), "ok");
    EXPECT_EQ(second->Outcome(), "ok");
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpClientTest, DeadlineEndsAnAnswerThatNeverComes) {
    const ScriptedServer server([](ServerSide& side) { side.AwaitClose(); });
    const auto sink = Get(server.Url(), 100);
    EXPECT_EQ(sink->Outcome(), "the request took longer than its time limit");
    EXPECT_EQ(sink->Kind(), ErrorKind::kTimeout);
}

TEST_F(HttpClientTest, DeadlineEndsABodyThatDrips) {
    const ScriptedServer server([](ServerSide& side) {
        side.ReadRequest();
        side.Write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
        while (side.Write("x") && !side.IsClosedWithin(5)) {
        }
    });
    const auto sink = Get(server.Url(), 200);
    EXPECT_EQ(sink->Outcome(), "the request took longer than its time limit");
    EXPECT_EQ(sink->status(), 200);
    EXPECT_THAT(sink->Body(), HasSubstr("xx"));
}

TEST_F(HttpClientTest, DeadlineEndsHeadersThatDrip) {
    const ScriptedServer server([](ServerSide& side) {
        side.ReadRequest();
        side.Write("HTTP/1.1 200 OK\r\nX-Long: ");
        while (side.Write("x") && !side.IsClosedWithin(5)) {
        }
    });
    EXPECT_EQ(Get(server.Url(), 200)->Kind(), ErrorKind::kTimeout);
}

TEST_F(HttpClientTest, DeadlineEndsAHandshakeThatNeverComes) {
    const ScriptedServer server([](ServerSide& side) { side.AwaitClose(); });
    const auto sink = Get("https://127.0.0.1:" + std::to_string(server.port()), 100);
    EXPECT_EQ(sink->Kind(), ErrorKind::kTimeout);
}

TEST_F(HttpClientTest, DeadlineEndsARequestWhoseResolverHangs) {
    std::promise<void> go;
    resolver_ = [released = go.get_future().share()](const std::string&) {
        released.wait();
        return Result<std::vector<AddressBytes>>(Unavailable("late"));
    };
    const auto sink = Get("http://slow.example/", 50);
    EXPECT_EQ(sink->Kind(), ErrorKind::kTimeout);
    go.set_value();
    client_.reset();
    EXPECT_EQ(sink->ends(), 1);
}

TEST_F(HttpClientTest, DeadlineEndsARequestThatStillWaitsForItsTurn) {
    settings_.connections_per_host_max = 1;
    const ScriptedServer server([](ServerSide& side) { side.AwaitClose(); });
    const auto first = Get(server.Url());
    EXPECT_EQ(Get(server.Url(), 50)->Kind(), ErrorKind::kTimeout);
    EXPECT_EQ(first->ends(), 0);
}

TEST_F(HttpClientTest, RequestMayNotExceedTheSettingsTime) {
    settings_.timeout_ms = 100;
    const ScriptedServer server([](ServerSide& side) { side.AwaitClose(); });
    EXPECT_EQ(Get(server.Url(), 3'600'000)->Kind(), ErrorKind::kTimeout);
}

TEST_F(HttpClientTest, CancelEndsTheConnectionAndSilencesTheSink) {
    std::promise<void> closed;
    const ScriptedServer server([&](ServerSide& side) {
        side.ReadRequest();
        side.Write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        side.AwaitClose();
        closed.set_value();
    });
    const auto sink = Get(server.Url());
    ASSERT_TRUE(sink->AwaitChunks(1));
    Client().Cancel(last_id_);
    EXPECT_EQ(closed.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
    client_.reset();
    EXPECT_EQ(sink->ends(), 0);
}

TEST_F(HttpClientTest, CancelOfAWaitingRequestSilencesItsSink) {
    settings_.connections_per_host_max = 1;
    std::promise<void> go;
    const ScriptedServer server([released = go.get_future().share()](ServerSide& side) {
        while (!side.ReadRequest().empty()) {
            released.wait();
            side.Write(kHello);
        }
    });
    const auto first = Get(server.Url());
    const auto second = Get(server.Url());
    Client().Cancel(last_id_);
    const auto third = Get(server.Url());
    go.set_value();
    EXPECT_EQ(first->Outcome(), "ok");
    EXPECT_EQ(third->Outcome(), "ok");
    EXPECT_EQ(second->ends(), 0);
    EXPECT_EQ(second->status(), 0);
}

TEST_F(HttpClientTest, CancelOfAnUnknownOrFinishedRequestDoesNothing) {
    const ScriptedServer server(ScriptedServer::Answering(kHello));
    Client().Cancel(12345);
    const auto sink = Get(server.Url());
    EXPECT_EQ(sink->Outcome(), "ok");
    Client().Cancel(last_id_);
    Client().Cancel(last_id_);
    EXPECT_EQ(sink->ends(), 1);
}

TEST_F(HttpClientTest, SinkMayCancelItsOwnRequest) {
    class CancellingSink final : public plugin::HttpSink {
    public:
        CancellingSink(plugin::HttpClient& client, std::future<uint64_t> id)
            : client_(client), id_(std::move(id)) {}
        void OnHead(int, const plugin::HttpHeaders&, const std::string&) override {
            client_.Cancel(id_.get());
            cancelled.set_value();
        }
        void OnData(std::string_view) override { ADD_FAILURE() << "data after Cancel"; }
        void OnEnd(Result<Ok>) override { ADD_FAILURE() << "end after Cancel"; }
        std::promise<void> cancelled;

    private:
        plugin::HttpClient& client_;
        std::future<uint64_t> id_;
    };
    const ScriptedServer server(ScriptedServer::Answering(kHello));
    std::promise<uint64_t> id;
    auto sink = std::make_shared<CancellingSink>(Client(), id.get_future());
    plugin::HttpRequest request;
    request.url = server.Url();
    id.set_value(Client().Start(std::move(request), sink));
    EXPECT_EQ(sink->cancelled.get_future().wait_for(std::chrono::seconds(10)),
              std::future_status::ready);
    client_.reset();
}

TEST_F(HttpClientTest, DestructorEndsWhatIsUnderWay) {
    settings_.connections_per_host_max = 1;
    const ScriptedServer server([](ServerSide& side) { side.AwaitClose(); });
    const auto running = Get(server.Url());
    const auto waiting = Get(server.Url());
    client_.reset();
    EXPECT_EQ(running->Outcome(), "the host is shutting down");
    EXPECT_EQ(waiting->Outcome(), "the host is shutting down");
    EXPECT_EQ(running->Kind(), ErrorKind::kCancelled);
}

TEST_F(HttpClientTest, MoreThanTheQueueHoldsIsRefused) {
    settings_.connections_per_host_max = 1;
    const ScriptedServer server([](ServerSide& side) { side.AwaitClose(); });
    for (int i = 0; i < 10'001; ++i) Get(server.Url());
    const auto refused = Get(server.Url());
    // The first one may not have left the queue yet, then this one is the first to be refused.
    const auto surely_refused = Get(server.Url());
    EXPECT_EQ(surely_refused->Outcome(), "too many outbound requests are waiting");
    EXPECT_EQ(surely_refused->Kind(), ErrorKind::kUnavailable);
}

TEST_F(HttpClientTest, MalformedAllowListIsAnError) {
    settings_.allow = {"nonsense"};
    const auto made = MakeHttpClient({settings_});
    ASSERT_FALSE(made.ok());
    EXPECT_THAT(made.error().message, HasSubstr("'nonsense'"));
}

TEST_F(HttpClientTest, MissingAuthoritiesFileIsAnError) {
    EXPECT_FALSE(MakeHttpClient({settings_, resolver_, "/nonexistent/ca.pem"}).ok());
}

}  // namespace
}  // namespace yard::net
