#include "api/http/connection.h"

#include <gtest/gtest.h>

#include "tests/unit/api/http/raw_client.h"
#include "tests/unit/api/http/test_server.h"

namespace yard::http {
namespace {

using std::chrono::milliseconds;

class ConnectionTest : public testing::Test {
protected:
    RawClient Connect() { return RawClient(server_.port()); }
    int StatusOf(std::string_view bytes) { return Connect().Ask(bytes).status; }

    TestServer server_;
};

TEST_F(ConnectionTest, KeepsTheConnectionOverManyRequests) {
    RawClient client = Connect();
    for (int i = 0; i < 100; ++i) {
        RawClient::Answer answer = client.Ask(Get("/id?n=" + std::to_string(i)));
        ASSERT_EQ(answer.body, "ID:" + std::to_string(i));
        EXPECT_EQ(answer.Header("Connection"), "");
        EXPECT_TRUE(answer.Header("Date").ends_with(" GMT"));
    }
    EXPECT_EQ(server_.server().stats().connections_accepted, 1u);
}

TEST_F(ConnectionTest, AnswersPipelinedRequestsInOrder) {
    RawClient client = Connect();
    client.Send(Get("/hold") + Get("/id?n=2") + Get("/defer?n=3") + Get("/id?n=4"));
    ASSERT_TRUE(server_.WaitHeld(1));
    EXPECT_EQ(server_.targets().size(), 1u);  // One in flight at a time.
    server_.Release();
    EXPECT_EQ(client.Read().body, "released");
    EXPECT_EQ(client.Read().body, "ID:2");
    EXPECT_EQ(client.Read().body, "ID:3");
    EXPECT_EQ(client.Read().body, "ID:4");
}

TEST_F(ConnectionTest, AnswersManyPipelinedRequestsOverManyReads) {
    constexpr int kRequests = 5000;
    RawClient client = Connect();
    std::thread reader([&] {
        for (int i = 0; i < kRequests; ++i)
            ASSERT_EQ(client.Read().body, "ID:" + std::to_string(i));
    });
    std::string all;
    for (int i = 0; i < kRequests; ++i)
        all += Get((i % 3 == 0 ? "/defer?n=" : "/id?n=") + std::to_string(i));
    EXPECT_TRUE(client.Send(all));
    reader.join();
}

TEST_F(ConnectionTest, AHalfClosedClientGetsItsAnswers) {
    RawClient at_once = Connect();
    at_once.Send(Get("/id?n=1") + Get("/id?n=2"));
    at_once.HalfClose();
    EXPECT_EQ(at_once.Read().body, "ID:1");
    EXPECT_EQ(at_once.Read().body, "ID:2");
    EXPECT_TRUE(at_once.IsClosedByServer());

    RawClient deferred = Connect();
    deferred.Send(Get("/hold") + Get("/hold"));
    deferred.HalfClose();
    for (int i = 0; i < 2; ++i) {
        ASSERT_TRUE(server_.WaitHeld(1));
        server_.Release();
        EXPECT_EQ(deferred.Read().body, "released");
    }
    EXPECT_TRUE(deferred.IsClosedByServer());
}

TEST_F(ConnectionTest, AHalfClosedClientGetsALargeAnswer) {
    RawClient client = Connect();
    client.Send(Get("/big"));
    client.HalfClose();
    EXPECT_EQ(client.Read().body.size(), 4u << 20);
    EXPECT_TRUE(client.IsClosedByServer());
}

TEST_F(ConnectionTest, ClosesWhenTheRequestSaysSo) {
    for (std::string_view request : {"GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                                     "GET /hello HTTP/1.0\r\n\r\n"}) {
        RawClient client = Connect();
        RawClient::Answer answer = client.Ask(request);
        EXPECT_EQ(answer.body, "Hello");
        EXPECT_EQ(answer.Header("Connection"), "close");
        EXPECT_TRUE(client.IsClosedByServer());
    }
    RawClient old = Connect();
    EXPECT_EQ(old.Ask("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").Header("Connection"),
              "keep-alive");
    EXPECT_EQ(old.Ask(Get("/hello")).status, 200);
}

TEST_F(ConnectionTest, RequestsBehindACloseAreNotExecuted) {
    RawClient client = Connect();
    client.Send(Get("/id?n=1", "Connection: close\r\n") + Get("/id?n=smuggled"));
    EXPECT_EQ(client.Read().body, "ID:1");
    EXPECT_TRUE(client.IsClosedByServer());
    EXPECT_EQ(server_.targets(), (std::vector<std::string>{"/id?n=1"}));
}

TEST_F(ConnectionTest, NothingOfARefusedRequestIsExecuted) {
    std::string inner = Get("/id?n=smuggled");
    for (const std::string& bytes :
         {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: "
          "chunked\r\n\r\n0\r\n\r\n" +
              inner,
          "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 9\r\n\r\n" +
              inner,
          "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: +0\r\n\r\n" + inner,
          "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n" + inner,
          "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\naXX" + inner,
          "GET /hello HTTP/1.1\nHost: a\n\n" + inner, "GET / HTTP/1.1\r\n\r\n" + inner}) {
        RawClient client = Connect();
        RawClient::Answer answer = client.Ask(bytes);
        EXPECT_TRUE(answer.status == 400 || answer.status == 413)
            << answer.status << " for " << bytes;
        EXPECT_EQ(answer.Header("Connection"), "close");
        EXPECT_TRUE(client.IsClosedByServer());
    }
    EXPECT_TRUE(server_.targets().empty());
    EXPECT_EQ(server_.server().stats().requests_refused, 7u);
}

TEST_F(ConnectionTest, A413ArrivesWhileTheClientStillSends) {
    RawClient client = Connect();
    client.Send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n");
    std::string piece(100000, 'x');
    for (int i = 0; i < 100; ++i)
        ASSERT_TRUE(client.Send(piece));  // 10 MB that the server discards.
    EXPECT_EQ(client.Read().status, 413);
    EXPECT_TRUE(client.IsClosedByServer());
}

TEST_F(ConnectionTest, RefusesWithThePreciseStatus) {
    EXPECT_EQ(StatusOf("GET " + std::string(16000, '/') + " HTTP/1.1\r\nHost: a\r\n\r\n"), 414);
    EXPECT_EQ(StatusOf(Get("/", "X: " + std::string(20000, 'a') + "\r\n")), 431);
    EXPECT_EQ(StatusOf("GET / HTTP/3.0\r\nHost: a\r\n\r\n"), 505);
    EXPECT_EQ(StatusOf("GET / HTTP/1.1\r\n\r\n"), 400);
    EXPECT_EQ(StatusOf(std::string_view("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 29)), 400);
    EXPECT_EQ(StatusOf(Get("/", "Transfer-Encoding: gzip\r\n")), 501);
    EXPECT_EQ(StatusOf("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), 400);
    EXPECT_EQ(StatusOf(Get("/a%20b?c=%22")), 404);
}

TEST_F(ConnectionTest, BodiesArriveWholeHoweverTheyAreSent) {
    std::string body(300000, 'q');
    EXPECT_EQ(Connect().Ask(Post("/echo", body)).body, "POST /echo\n" + body);

    std::string chunked =
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
        "chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    RawClient bytewise = Connect();
    for (char byte : chunked) bytewise.Send({&byte, 1});
    EXPECT_EQ(bytewise.Read().body, "POST /echo\nhello");
}

TEST_F(ConnectionTest, HeadHasTheLengthButNotTheBody) {
    RawClient client = Connect();
    client.Send("HEAD /big HTTP/1.1\r\nHost: a\r\n\r\n" + Get("/hello"));
    RawClient::Answer head = client.Read(false);
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.Header("Content-Length"), std::to_string(4 << 20));
    EXPECT_EQ(client.Read().body, "Hello");

    client.Send("HEAD /stream?3 HTTP/1.1\r\nHost: a\r\n\r\n" + Get("/hello"));
    EXPECT_EQ(client.Read(false).Header("Transfer-Encoding"), "chunked");
    EXPECT_EQ(client.Read().body, "Hello");
}

TEST_F(ConnectionTest, NoContentAndNotModifiedHaveNoBody) {
    RawClient client = Connect();
    for (int status : {204, 304}) {
        RawClient::Answer answer = client.Ask(Get("/status?" + std::to_string(status)));
        EXPECT_EQ(answer.status, status);
        EXPECT_EQ(answer.Header("Content-Length"), "");
    }
    EXPECT_EQ(client.Ask(Get("/hello")).body, "Hello");
}

TEST_F(ConnectionTest, MisbehavingHandlersCostA500AndNothingElse) {
    RawClient client = Connect();
    for (std::string_view target :
         {"/throw", "/throw_int", "/drop", "/inject", "/status?700", "/status?100"}) {
        RawClient::Answer answer = client.Ask(Get(target));
        EXPECT_EQ(answer.status, 500) << target;
        EXPECT_EQ(answer.body, R"({"detail":"Internal Server Error"})");
        EXPECT_EQ(answer.Header("Set-Cookie"), "");
    }
    EXPECT_EQ(client.Ask(Get("/twice")).body, "first");
    EXPECT_EQ(client.Ask(Get("/hello")).body, "Hello");
}

TEST_F(ConnectionTest, ExpectContinueIsAnswered) {
    RawClient client = Connect();
    client.Send(
        "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(client.Read(false).head, "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_EQ(client.Ask("ab").body, "POST /echo\nab");
    EXPECT_EQ(client.Ask(Post("/echo", "cd", "Expect: 100-continue\r\n")).body, "POST /echo\ncd");
    EXPECT_EQ(client
                  .Ask("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: "
                       "9999999\r\n\r\n")
                  .status,
              413);
}

TEST_F(ConnectionTest, ASlowReaderGetsEverything) {
    RawClient client = Connect();
    client.Send(Get("/big") + Get("/big") + Get("/hello"));
    EXPECT_EQ(client.Read().body, std::string(4 << 20, 'b'));
    EXPECT_EQ(client.Read().body, std::string(4 << 20, 'b'));
    EXPECT_EQ(client.Read().body, "Hello");
}

class TimeoutTest : public testing::Test {
protected:
    static ServerOptions Options() {
        ServerOptions options = TestServer::Options();
        options.header_timeout = options.body_timeout = options.idle_timeout =
            options.write_timeout = milliseconds(80);
        return options;
    }

    RawClient Connect() { return RawClient(server_.port()); }

    TestServer server_{Options()};
};

TEST_F(TimeoutTest, SilentConnectionsAreClosedSilently) {
    RawClient fresh = Connect();
    EXPECT_EQ(fresh.ReadToEnd(), "");
    RawClient used = Connect();
    EXPECT_EQ(used.Ask(Get("/hello")).status, 200);
    bool closed = false;
    EXPECT_EQ(used.ReadToEnd(&closed), "");
    EXPECT_TRUE(closed);
    EXPECT_EQ(server_.server().stats().timeouts, 2u);
}

TEST_F(TimeoutTest, SlowHeadsAreAnswered408) {
    RawClient client = Connect();
    client.Ask(Get("/hello"));  // Also on a connection that was used before.
    std::atomic<bool> answered = false;
    std::thread drip([&] {
        std::string_view head =
            "GET /hello HTTP/1.1\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
        for (size_t i = 0; i < head.size() && !answered; ++i) {
            client.Send(head.substr(i, 1));
            std::this_thread::sleep_for(milliseconds(10));
        }
    });
    RawClient::Answer answer = client.Read();
    answered = true;
    drip.join();
    EXPECT_EQ(answer.status, 408);
    EXPECT_EQ(answer.Header("Connection"), "close");
}

TEST_F(TimeoutTest, SlowBodiesAreAnswered408) {
    RawClient client = Connect();
    client.Send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc");
    EXPECT_EQ(client.Read().status, 408);
    EXPECT_TRUE(server_.targets().empty());
}

TEST_F(TimeoutTest, AStalledReaderIsCut) {
    RawClient client = Connect();
    for (int i = 0; i < 10; ++i) client.Send(Get("/big"));  // 40 MiB: more than the kernel buffers.
    EXPECT_TRUE(Eventually([&] { return server_.server().stats().timeouts == 1; }));
    EXPECT_TRUE(Eventually([&] { return server_.server().stats().connections_open == 0; }));
    EXPECT_LT(client.ReadToEnd().size(), 40u << 20);
}

TEST_F(TimeoutTest, AHandlerMayTakeLongerThanEveryTimeout) {
    RawClient client = Connect();
    client.Send(Get("/hold"));
    ASSERT_TRUE(server_.WaitHeld(1));
    // Another connection times out meanwhile: proof that the ticks went by.
    EXPECT_EQ(Connect().ReadToEnd(), "");
    EXPECT_EQ(Connect().ReadToEnd(), "");
    server_.Release();
    EXPECT_EQ(client.Read().body, "released");
}

}  // namespace
}  // namespace yard::http
