#include "api/http/exchange.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/unit/api/http/raw_client.h"
#include "tests/unit/api/http/test_server.h"

namespace yard::http {
namespace {

int CountFromEnvironment(const char* name, int otherwise) {
    const char* text = std::getenv(name);
    return text != nullptr ? std::atoi(text) : otherwise;
}

class ExchangeTest : public testing::Test {
protected:
    RawClient Connect() { return RawClient(server_.port()); }

    TestServer server_;
};

// Clients that leave at once make the kernel reuse their descriptors for the next ones. Nobody may
// ever see an answer to somebody else's question. BLOCKYARD_HTTP_ABORTS=100000 for the long run.
TEST_F(ExchangeTest, AnswersNeverReachAnotherClient) {
    const int aborts = CountFromEnvironment("BLOCKYARD_HTTP_ABORTS", 10000);
    std::atomic<int> started = 0;
    std::atomic<int> wrong = 0;
    std::atomic<int> checked = 0;
    auto abort_requests = [&](int thread) {
        for (int i; (i = started++) < aborts;) {
            RawClient client = Connect();
            client.Send(Get((i % 2 == 0 ? "/id?n=" : "/defer?n=") + std::to_string(i)));
            if ((i + thread) % 3 == 0) client.Reset();
        }
    };
    auto check = [&] {
        for (int i = 1000000; started < aborts; ++i) {
            RawClient client = Connect();
            // Some wait silently for what is not theirs, the others ask and compare.
            std::string expected = "ID:" + std::to_string(i);
            std::string body =
                client.Ask(Get((i % 2 == 0 ? "/id?n=" : "/defer?n=") + std::to_string(i))).body;
            if (body != expected || client.IsClosedByServer(std::chrono::milliseconds(0))) ++wrong;
            ++checked;
        }
    };
    auto listen = [&] {
        while (started < aborts) {
            RawClient client = Connect();
            if (!client.ReadToEnd(nullptr, std::chrono::milliseconds(2)).empty()) ++wrong;
            ++checked;
        }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i) threads.emplace_back(abort_requests, i);
    threads.emplace_back(check);
    threads.emplace_back(check);
    threads.emplace_back(listen);
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_GT(checked, 100);
    RecordProperty("aborted", aborts);
    RecordProperty("checked", checked.load());
}

// Rounds of simultaneous deferred answers: a lost wake-up leaves one of them unanswered.
// BLOCKYARD_HTTP_ROUNDS=100000 for the long run.
TEST_F(ExchangeTest, NoDeferredAnswerIsSleptOn) {
    const int rounds = CountFromEnvironment("BLOCKYARD_HTTP_ROUNDS", 3000);
    std::vector<RawClient> clients;
    for (int i = 0; i < 4; ++i) clients.push_back(Connect());
    for (int round = 0; round < rounds; ++round) {
        for (RawClient& client : clients) client.Send(Get("/defer?n=" + std::to_string(round)));
        for (RawClient& client : clients)
            ASSERT_EQ(client.Read().body, "ID:" + std::to_string(round));
    }
}

TEST_F(ExchangeTest, LateAnswersToGoneClientsAreDropped) {
    constexpr size_t kClients = 50;
    for (size_t i = 0; i < kClients; ++i) {
        RawClient client = Connect();
        client.Send(Get("/hold"));
        ASSERT_TRUE(server_.WaitHeld(i + 1));
        client.Reset();
    }
    EXPECT_TRUE(Eventually([&] { return server_.server().stats().connections_open == 0; }));
    server_.Release();
    EXPECT_EQ(Connect().Ask(Get("/hello")).body, "Hello");
}

TEST_F(ExchangeTest, StreamsAreChunkedAndKeepTheConnection) {
    RawClient client = Connect();
    RawClient::Answer answer = client.Ask(Get("/stream?3"));
    EXPECT_EQ(answer.Header("Content-Type"), "text/event-stream");
    EXPECT_EQ(answer.body, "data: 0\n\ndata: 1\n\ndata: 2\n\n");
    EXPECT_EQ(client.Ask(Get("/hello")).body, "Hello");
}

TEST_F(ExchangeTest, StreamsToOldClientsEndWithTheConnection) {
    RawClient client = Connect();
    client.Send("GET /stream?2 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    std::string all = client.ReadToEnd();
    EXPECT_TRUE(all.ends_with("\r\nConnection: close\r\n\r\ndata: 0\n\ndata: 1\n\n")) << all;
}

TEST_F(ExchangeTest, StreamsEndWhenTheirClientsLeave) {
    constexpr int kStreams = 60;
    for (int i = 0; i < kStreams; ++i) {
        RawClient client = Connect();
        client.Send(Get("/stream"));
        EXPECT_NE(client.ReadSome(), "");
        if (i % 2 == 0) client.Reset();
    }
    EXPECT_TRUE(Eventually([&] { return server_.streams_ended == kStreams; }));
    EXPECT_EQ(Connect().Ask(Get("/hello")).body, "Hello");
}

// A handler's stream, kept by the test.
class KeptStreamTest : public testing::Test {
protected:
    KeptStreamTest() {
        ServerOptions options;
        options.stream_buffer_bytes_max = 100000;
        server_ = Server::Start(options, [this](Request&&, Responder responder) {
                      ResponseStream stream = responder.StartStream(MakeResponse(200, "a/b", ""));
                      std::lock_guard lock(mutex_);
                      stream_ = std::move(stream);
                      is_started_ = true;
                  }).value();
        client_ = std::make_unique<RawClient>(server_->port());
        client_->Send(Get("/"));
        EXPECT_TRUE(Eventually([this] {
            std::lock_guard lock(mutex_);
            return is_started_;
        }));
    }

    std::unique_ptr<Server> server_;
    std::unique_ptr<RawClient> client_;
    std::mutex mutex_;
    ResponseStream stream_;    // Guarded by mutex_ until it is started.
    bool is_started_ = false;  // Guarded by mutex_.
};

TEST_F(KeptStreamTest, AClientThatDoesNotReadIsSeenAndBounded) {
    std::string chunk(10000, 'x');
    size_t accepted = 0;
    while (accepted < (100u << 20) && stream_.Write(chunk)) accepted += chunk.size();
    EXPECT_LT(accepted, 100u << 20);
    EXPECT_FALSE(stream_.closed());
    EXPECT_GT(stream_.buffered_bytes(), 0u);
    EXPECT_LE(stream_.buffered_bytes(), 100000u);
    std::thread reader([&] { EXPECT_EQ(client_->Read().body.size(), accepted); });
    EXPECT_TRUE(Eventually([&] { return stream_.buffered_bytes() == 0; }));
    stream_.Finish();
    reader.join();
}

TEST_F(KeptStreamTest, AnEmptyChunkDoesNotEndTheStream) {
    EXPECT_TRUE(stream_.Write("a"));
    EXPECT_TRUE(stream_.Write(""));
    EXPECT_TRUE(stream_.Write("b"));
    stream_.Finish();
    EXPECT_EQ(client_->Read().body, "ab");
}

TEST_F(KeptStreamTest, AbortIsVisibleToTheClient) {
    EXPECT_TRUE(stream_.Write("abc"));
    stream_.Abort();
    bool closed = false;
    EXPECT_FALSE(client_->ReadToEnd(&closed).ends_with("0\r\n\r\n"));
    EXPECT_TRUE(closed);
}

TEST_F(KeptStreamTest, AStreamOutlivesItsServerHarmlessly) {
    server_->Stop(std::chrono::milliseconds(0));
    server_.reset();
    EXPECT_TRUE(stream_.closed());
    EXPECT_FALSE(stream_.Write("a"));
    stream_.Finish();
}

}  // namespace
}  // namespace yard::http
