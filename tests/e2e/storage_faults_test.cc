// A disk that is full, a database somebody else holds, and one that is damaged.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <future>

#include "base/json.h"
#include "tests/e2e/api_client.h"
#include "tests/e2e/graphs.h"

namespace yard::e2e {
namespace {

// A small file system in memory; `mounted()` says whether the test may have one.
class SmallDisk {
public:
    SmallDisk() {
        is_mounted_ = ::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, "size=8m") == 0;
        reason_ = std::strerror(errno);
    }
    ~SmallDisk() {
        if (is_mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    bool mounted() const { return is_mounted_; }
    const std::string& reason() const { return reason_; }
    std::string path() const { return folder_.path().string(); }

    // Takes what is left, to the last byte.
    void Fill() const {
        const int fd = ::open(Filler().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        const std::string block(4096, 'x');
        while (::write(fd, block.data(), block.size()) > 0) continue;
        ::close(fd);
    }
    void Free() const { ::unlink(Filler().c_str()); }

private:
    std::string Filler() const { return path() + "/filler"; }

    TemporaryFolder folder_;
    bool is_mounted_ = false;
    std::string reason_;
};

Value GraphNamed(const std::string& name) {
    // Large enough that it fits into no free page of the database.
    return Json(R"({"name":")" + name + R"(","description":")" + std::string(50'000, 'd') +
                R"(","nodes":[],"links":[]})");
}

TEST(FullDiskTest, WritesAreRefusedReadsWorkAndNothingAcknowledgedIsLost) {
    const SmallDisk disk;
    if (!disk.mounted()) GTEST_SKIP() << "no tmpfs may be mounted here: " << disk.reason();
    ServerOptions options;
    options.data_dir = disk.path() + "/data";
    ServerProcess server(options);
    const ApiClient client = ApiClient::SignUp(server);
    const GraphVersion greeting = client.Import(Example("greeting"));
    const std::string early(client.Run(greeting, R"({"name":"early"})")["id"].StringOr(""));

    disk.Fill();
    std::vector<GraphVersion> acknowledged;
    HttpAnswer refused;
    for (int attempt = 0; attempt < 200 && refused.status == 0; ++attempt) {
        const HttpAnswer answer = client.TryImport(GraphNamed("graph " + std::to_string(attempt)));
        if (answer.status == 200) {
            acknowledged.push_back({std::string(answer.Json()["id"].StringOr("")), 1});
        } else {
            refused = answer;
        }
    }
    EXPECT_EQ(refused.status, 503) << refused.body;
    EXPECT_GT(refused.Detail().size(), 20u) << refused.body;
    // The first run that meets the full disk is answered once it is recorded; others are refused.
    std::future<HttpAnswer> first = std::async(
        std::launch::async, [&] { return client.TryExecute(greeting, R"({"name":"now"})"); });
    EXPECT_TRUE(Eventually(
        [&] { return server.Log().find("Cannot commit executions") != std::string::npos; }));
    EXPECT_EQ(client.TryExecute(greeting, R"({"name":"now"})").status, 503);
    EXPECT_EQ(client.Get("/api/graphs").status, 200);
    EXPECT_EQ(client.GetExecution(greeting, early).Json()["status"].StringOr(""), "COMPLETED");
    EXPECT_TRUE(server.IsRunning());

    disk.Free();
    const HttpAnswer answered = first.get();
    if (answered.status == 200) {
        const std::string id(answered.Json()["id"].StringOr(""));
        EXPECT_EQ(client.WaitForEnd(greeting, id)["status"].StringOr(""), "COMPLETED");
    } else {
        EXPECT_EQ(answered.status, 503) << answered.body << server.Log();
    }
    EXPECT_TRUE(
        Eventually([&] { return client.TryImport(GraphNamed("afterwards")).status == 200; }));
    HttpAnswer late;
    EXPECT_TRUE(Eventually([&] {
        late = client.TryExecute(greeting, R"({"name":"late"})");
        return late.status == 200;
    }));
    const Value done = client.WaitForEnd(greeting, std::string(late.Json()["id"].StringOr("")));
    EXPECT_EQ(WriteJson(done["outputs"]), R"({"greeting":["Hello, late!"]})");
    ASSERT_EQ(server.Terminate(), 0);
    server.StartAgain();
    const ApiClient after(server.port(), client.token());
    for (const GraphVersion& graph : acknowledged) {
        EXPECT_EQ(after.Get("/api/graphs/" + graph.id).status, 200);
    }
    EXPECT_EQ(after.GetExecution(greeting, early).status, 200);
}

TEST(FullDiskTest, SigtermEndsAServerWhoseDiskIsFull) {
    const SmallDisk disk;
    if (!disk.mounted()) GTEST_SKIP() << "no tmpfs may be mounted here: " << disk.reason();
    ServerOptions options;
    options.data_dir = disk.path() + "/data";
    options.settings = {"server.shutdown_grace_ms=500"};
    ServerProcess server(options);
    const ApiClient client = ApiClient::SignUp(server);
    const GraphVersion graph =
        client.Import(OneBlockGraph("test.e2e.delay", R"({"delay_ms":300})", "text", "text"));
    const std::string execution = client.Execute(graph, R"({"in":"kept"})");
    disk.Fill();
    while (client.TryImport(GraphNamed("more")).status == 200) continue;
    EXPECT_EQ(server.Terminate(std::chrono::seconds(45)), 0);

    disk.Free();
    server.StartAgain();
    const ApiClient after(server.port(), client.token());
    const Value done = after.WaitForEnd(graph, execution);
    EXPECT_EQ(WriteJson(done["outputs"]), R"({"out":["kept"]})");
}

TEST(FullDiskTest, AServerThatCannotWriteItsDataDoesNotStart) {
    const SmallDisk disk;
    if (!disk.mounted()) GTEST_SKIP() << "no tmpfs may be mounted here: " << disk.reason();
    disk.Fill();
    const Finished run = RunToEnd(ServeCommand({}, disk.path() + "/data"));
    EXPECT_EQ(run.exit_code, 1);
    EXPECT_NE(run.err.find("blockyard: "), std::string::npos) << run.err;
}

// Holds SQLite's exclusive lock: the pending and reserved bytes of a rollback journal or, in WAL
// mode, the writer's byte of the shared-memory file.
class WriteLock {
public:
    explicit WriteLock(const std::string& database)
        : fd_(::open((database + "-shm").c_str(), O_RDWR | O_CLOEXEC)) {}
    ~WriteLock() { ::close(fd_); }
    WriteLock(const WriteLock&) = delete;
    WriteLock& operator=(const WriteLock&) = delete;

    bool Take() const { return fd_ >= 0 && Set(F_WRLCK); }
    bool Release() const { return Set(F_UNLCK); }

private:
    bool Set(short kind) const {
        constexpr off_t kWriterByte = 120;  // WAL_WRITE_LOCK of the WAL index format.
        struct flock lock {};
        lock.l_type = kind;
        lock.l_whence = SEEK_SET;
        lock.l_start = kWriterByte;
        lock.l_len = 1;
        return ::fcntl(fd_, F_SETLK, &lock) == 0;
    }

    int fd_;
};

TEST(LockedDatabaseTest, WritesAreRefusedWhileSomebodyElseWritesAndWorkAfterwards) {
    ServerOptions options;
    options.settings = {"database.busy_timeout_ms=200"};
    ServerProcess server(options);
    const ApiClient client = ApiClient::SignUp(server);
    const GraphVersion greeting = client.Import(Example("greeting"));
    const WriteLock lock(server.data_dir() + "/blockyard.db");
    ASSERT_TRUE(Eventually([&] { return lock.Take(); })) << std::strerror(errno);
    const HttpAnswer refused = client.TryImport(Example("greeting"));
    EXPECT_EQ(refused.status, 503) << refused.body;
    EXPECT_FALSE(refused.Detail().empty());
    EXPECT_EQ(client.Get("/api/graphs/" + greeting.id).status, 200);
    ASSERT_TRUE(lock.Release());
    const Value done = client.Run(client.Import(Example("greeting")), R"({"name":"x"})");
    EXPECT_EQ(done["status"].StringOr(""), "COMPLETED");
    EXPECT_EQ(server.Terminate(), 0);
}

TEST(DamagedDatabaseTest, ARefusedStartNamesTheFileAndLeavesItAsItIs) {
    const TemporaryFolder folder;
    const std::string text = "This is no database. " + std::string(20'000, 'z');
    const std::string file = folder.Write("blockyard.db", text);
    const Finished run = RunToEnd(ServeCommand({}, folder.path().string()));
    EXPECT_EQ(run.exit_code, 1);
    EXPECT_NE(run.err.find(file + " cannot be used"), std::string::npos) << run.err;
    EXPECT_TRUE(run.out.empty());
    EXPECT_EQ(ReadText(file), text);
}

TEST(DamagedDatabaseTest, DamageInsideOfTheFileIsReportedNotServed) {
    ServerProcess server;
    const ApiClient client = ApiClient::SignUp(server);
    for (int graph = 0; graph < 20; ++graph) client.Import(Example("greeting"));
    ASSERT_EQ(server.Terminate(), 0);
    const std::string file = server.data_dir() + "/blockyard.db";
    {
        std::fstream database(file, std::ios::in | std::ios::out | std::ios::binary);
        const auto size = static_cast<std::streamoff>(std::filesystem::file_size(file));
        for (std::streamoff at = 4096; at + 4096 <= size; at += 4096) {
            database.seekp(at);
            database << std::string(2048, '\xaa');
        }
    }
    const Finished run = RunToEnd(ServeCommand({}, server.data_dir()));
    EXPECT_EQ(run.exit_code, 1);
    EXPECT_NE(run.err.find(file), std::string::npos) << run.err;
}

}  // namespace
}  // namespace yard::e2e
