#include "api/http/server.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>

#include "tests/unit/api/http/raw_client.h"
#include "tests/unit/api/http/test_server.h"

namespace yard::http {
namespace {

using std::chrono::milliseconds;

void Nothing(Request&&, Responder) {}

TEST(ServerTest, SaysWhyItCannotStart) {
    ServerOptions options;
    options.address = "nowhere";
    EXPECT_NE(Server::Start(options, Nothing).error().message.find("nowhere"), std::string::npos);
    options.address = "127.0.0.1";
    options.workers = 0;
    EXPECT_FALSE(Server::Start(options, Nothing));
    options.workers = 1;
    options.idle_timeout = milliseconds(0);
    EXPECT_FALSE(Server::Start(options, Nothing));
    options.idle_timeout = milliseconds(1);
    options.header_bytes_max = 100;
    EXPECT_FALSE(Server::Start(options, Nothing));

    TestServer first;
    ServerOptions taken;
    taken.port = first.port();
    EXPECT_FALSE(Server::Start(taken, Nothing));
}

TEST(ServerTest, TellsHandlersWhoIsCalling) {
    auto server =
        Server::Start({}, [](Request&& request, Responder responder) {
            responder.Send(MakeResponse(
                200, "a/b", request.remote_address + (request.remote_port ? " port" : "")));
        }).value();
    EXPECT_EQ(RawClient(server->port()).Ask(Get("/")).body, "127.0.0.1 port");
}

TEST(ServerTest, ServesOverIpv6) {
    ServerOptions options;
    options.address = "::1";
    EXPECT_TRUE(Server::Start(options, Nothing));
}

TEST(ServerTest, StopLetsAnswersInFlightFinish) {
    TestServer server;
    RawClient idle(server.port());
    EXPECT_EQ(idle.Ask(Get("/hello")).status, 200);
    RawClient busy(server.port());
    busy.Send(Get("/hold"));
    ASSERT_TRUE(server.WaitHeld(1));
    std::thread stopper([&] { server.server().Stop(std::chrono::seconds(5)); });
    EXPECT_TRUE(idle.IsClosedByServer());
    EXPECT_TRUE(
        Eventually([&] { return RawClient(server.port()).fd() < 0; }));  // Nobody listens any more.
    server.Release();
    RawClient::Answer answer = busy.Read();
    EXPECT_EQ(answer.body, "released");
    EXPECT_EQ(answer.Header("Connection"), "close");
    busy.Close();
    stopper.join();
    EXPECT_EQ(server.server().stats().connections_open, 0u);
}

TEST(ServerTest, StopCutsWhatOutlivesTheGrace) {
    TestServer server;
    RawClient busy(server.port());
    busy.Send(Get("/hold"));
    ASSERT_TRUE(server.WaitHeld(1));
    server.server().Stop(milliseconds(50));
    EXPECT_TRUE(busy.IsClosedByServer());
    server.Release();  // Goes nowhere.
    server.server().Stop(milliseconds(50));
}

TEST(ServerTest, RequestsThatArrivedBeforeTheStopAreServed) {
    for (int i = 0; i < 50; ++i) {
        TestServer server;
        RawClient client(server.port());
        client.Send(Get("/hello"));
        server.server().Stop(std::chrono::seconds(5));
        EXPECT_EQ(client.Read().body, "Hello");
    }
}

size_t CountOpenDescriptors() {
    std::filesystem::directory_iterator descriptors("/proc/self/fd");
    return static_cast<size_t>(std::distance(begin(descriptors), end(descriptors)));
}

TEST(ServerTest, LeavesNoDescriptorBehind) {
    { TestServer warm_up; }
    size_t before = CountOpenDescriptors();
    for (int i = 0; i < 5; ++i) {
        TestServer server;
        RawClient kept(server.port());
        EXPECT_EQ(kept.Ask(Get("/hello")).status, 200);
        kept.Send(Get("/hold"));
        EXPECT_TRUE(server.WaitHeld(1));
    }
    // Pistache never closes the eventfd that ends a reactor: one per worker.
    EXPECT_LE(CountOpenDescriptors(),
              before + static_cast<size_t>(5 * TestServer::Options().workers));
}

TEST(ServerTest, StartsAndStopsUnderLoad) {
    for (int round = 0; round < 10; ++round) {
        auto server = std::make_unique<TestServer>();
        uint16_t port = server->port();
        std::atomic<bool> done = false;
        std::thread load([&] {
            while (!done) RawClient(port).Ask(Get("/defer?n=1"));
        });
        EXPECT_TRUE(Eventually([&] { return server->server().stats().requests > 20; }));
        server.reset();
        done = true;
        load.join();
    }
}

}  // namespace
}  // namespace yard::http
