#include "api/http/worker.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/unit/api/http/raw_client.h"
#include "tests/unit/api/http/test_server.h"

namespace yard::http {
namespace {

double CpuSeconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

TEST(WorkerTest, ConnectionsOverTheLimitAreTurnedAway) {
    ServerOptions options = TestServer::Options();
    options.connections_max = 3;
    TestServer server(options);
    std::vector<RawClient> clients;
    for (int i = 0; i < 3; ++i) {
        clients.emplace_back(server.port());
        EXPECT_EQ(clients.back().Ask(Get("/hello")).status, 200);
    }
    RawClient fourth(server.port());
    RawClient::Answer answer = fourth.Read();
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.Header("Connection"), "close");
    EXPECT_EQ(server.server().stats().connections_refused, 1u);
    clients.pop_back();
    EXPECT_TRUE(Eventually([&] { return server.server().stats().connections_open == 2; }));
    EXPECT_EQ(RawClient(server.port()).Ask(Get("/hello")).status, 200);
}

TEST(WorkerTest, ConnectionsSpreadOverTheWorkers) {
    TestServer server;
    std::vector<RawClient> clients;
    for (int i = 0; i < 64; ++i) clients.emplace_back(server.port());
    for (RawClient& client : clients) client.Send(Get("/hello"));
    for (RawClient& client : clients) EXPECT_EQ(client.Read().status, 200);
    EXPECT_EQ(server.server().stats().requests, 64u);
}

// Exits with the number of the step that failed, or 0.
[[noreturn]] void RunOutOfDescriptors() {
    TestServer server;
    RawClient kept(server.port());
    if (kept.Ask(Get("/hello")).status != 200) _exit(1);
    int lowest_free = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::close(lowest_free);
    rlim_t most = static_cast<rlim_t>(lowest_free) + 20;
    rlimit limit{most, most};
    setrlimit(RLIMIT_NOFILE, &limit);
    {
        std::vector<std::unique_ptr<RawClient>> clients;
        for (int i = 0; i < 19; ++i) clients.push_back(std::make_unique<RawClient>(server.port()));
        double cpu_before = CpuSeconds();
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        if (CpuSeconds() - cpu_before > 0.1) _exit(2);  // Spinning.
        if (kept.Ask(Get("/hello")).status != 200) _exit(3);
    }
    auto is_served = [&] { return RawClient(server.port()).Ask(Get("/hello")).status == 200; };
    _exit(Eventually(is_served) ? 0 : 4);
}

// In a child process, because running out of descriptors hurts everybody in it.
TEST(WorkerDeathTest, SurvivesRunningOutOfDescriptors) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "the sanitizers themselves need descriptors to look at memory";
#endif
    testing::GTEST_FLAG(death_test_style) = "threadsafe";
    EXPECT_EXIT(RunOutOfDescriptors(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace yard::http
