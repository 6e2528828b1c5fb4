// The program's commands: what they print and how they end.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>

#include "tests/e2e/server_process.h"

namespace yard::e2e {
namespace {

using testing::AssertionFailure;
using testing::AssertionResult;
using testing::AssertionSuccess;

Finished Blockyard(std::vector<std::string> arguments,
                   const std::vector<std::string>& environment = {}) {
    arguments.insert(arguments.begin(), BlockyardProgram());
    return RunToEnd(arguments, environment);
}

AssertionResult Says(const std::string& text, const std::string& wanted) {
    if (text.find(wanted) != std::string::npos) return AssertionSuccess();
    return AssertionFailure() << "'" << wanted << "' is not in: " << text;
}

TEST(CommandLineTest, VersionIsPrinted) {
    const Finished run = Blockyard({"--version"});
    EXPECT_EQ(run.exit_code, 0);
    EXPECT_TRUE(run.out.starts_with("blockyard ")) << run.out;
    EXPECT_TRUE(run.err.empty()) << run.err;
}

TEST(CommandLineTest, AnUnknownKeyIsNamedWithItsFileLineAndNearestKey) {
    const TemporaryFolder folder;
    const std::string file = folder.Write("site.yaml", "server:\n  prot: 8080\n");
    const Finished run = Blockyard({"config", "check", "--config", file});
    EXPECT_EQ(run.exit_code, 1);
    EXPECT_TRUE(Says(run.err, file + ":2: unknown setting 'server.prot'"));
    EXPECT_TRUE(Says(run.err, "did you mean 'server.port'?"));
}

TEST(CommandLineTest, BadSettingsAreRefusedByEveryCommandThatReadsThem) {
    for (const char* setting :
         {"server.port=abc", "server.port=70000", "server.port", "no.such=1", "log.level=loud",
          "auth.first_account.password=12345678", "plugins.settings={"}) {
        for (const std::vector<std::string>& command : {std::vector<std::string>{"config", "check"},
                                                        {"config", "show"},
                                                        {"plugin", "list"},
                                                        {"serve"}}) {
            std::vector<std::string> arguments = command;
            arguments.insert(arguments.end(), {"--set", setting});
            const Finished run = Blockyard(arguments);
            EXPECT_EQ(run.exit_code, 1) << setting;
            EXPECT_TRUE(run.err.starts_with("blockyard: ")) << run.err;
        }
    }
}

TEST(CommandLineTest, ABrokenFileIsRefusedWithItsLine) {
    const TemporaryFolder folder;
    const std::string file = folder.Write("site.yaml", "server:\n  port: 1\n  workers: [\n");
    const Finished run = Blockyard({"config", "check", "--config", file});
    EXPECT_EQ(run.exit_code, 1);
    EXPECT_TRUE(Says(run.err, file + ":"));
}

TEST(CommandLineTest, ConfigCheckAcceptsTheExampleOfTheSourceTree) {
    const std::string file = std::string(YARD_SOURCE_DIR) + "/config/blockyard.yaml";
    const Finished run = Blockyard({"config", "check", "--config", file});
    EXPECT_EQ(run.exit_code, 0) << run.err;
}

TEST(CommandLineTest, ConfigShowMasksSecretsAndNamesEverySource) {
    const TemporaryFolder folder;
    const std::string file = folder.Write("site.yaml", "server:\n  port: 4711\n");
    const Finished run =
        Blockyard({"config", "show", "--config", file, "--set",
                   "auth.jwt_verify_key=a-very-secret-key-of-32-characters"},
                  {"BLOCKYARD_PROVIDERS__OPENAI__API_KEY=sk-hidden", "BLOCKYARD_LOG__LEVEL=debug"});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_TRUE(Says(run.out, "server.port: 4711  # " + file + ":2"));
    EXPECT_TRUE(Says(run.out, "BLOCKYARD_LOG__LEVEL"));
    EXPECT_TRUE(Says(run.out, "auth.jwt_verify_key: ********"));
    EXPECT_EQ(run.out.find("a-very-secret-key"), std::string::npos);
    EXPECT_EQ(run.out.find("sk-hidden"), std::string::npos);
}

TEST(CommandLineTest, ConfigCheckLeavesNothingBehind) {
    const TemporaryFolder folder;
    const std::string data = (folder.path() / "data").string();
    EXPECT_EQ(Blockyard({"config", "check", "--set", "data_dir=" + data}).exit_code, 0);
    EXPECT_FALSE(std::filesystem::exists(data));
}

TEST(CommandLineTest, WrongUsageEndsWithAnErrorAndAHint) {
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{},
                                                      {"nonsense"},
                                                      {"serve", "--bogus"},
                                                      {"config"},
                                                      {"serve", "--config", "/nonexistent.yaml"},
                                                      {"serve", "--set"}}) {
        const Finished run = Blockyard(arguments);
        EXPECT_NE(run.exit_code, 0);
        EXPECT_FALSE((run.err + run.out).empty());
    }
}

TEST(CommandLineTest, APortInUseIsNamed) {
    const int taken = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where;
    ASSERT_EQ(::bind(taken, reinterpret_cast<sockaddr*>(&where), size), 0);
    ASSERT_EQ(::listen(taken, 1), 0);
    ASSERT_EQ(::getsockname(taken, reinterpret_cast<sockaddr*>(&where), &size), 0);
    const std::string port = std::to_string(ntohs(where.sin_port));

    const TemporaryFolder folder;
    ServerOptions options;
    options.settings = {"server.port=" + port};
    const Finished run = RunToEnd(ServeCommand(options, (folder.path() / "data").string()));
    ::close(taken);
    EXPECT_EQ(run.exit_code, 1);
    EXPECT_TRUE(Says(run.err, "Cannot listen on 127.0.0.1 port " + port));
    EXPECT_TRUE(run.out.empty()) << run.out;
}

TEST(CommandLineTest, ADataFolderThatCannotBeMadeIsNamed) {
    const TemporaryFolder folder;
    const std::string file = folder.Write("in_the_way", "");
    const Finished run = RunToEnd(ServeCommand({}, file + "/data"));
    EXPECT_EQ(run.exit_code, 1);
    EXPECT_TRUE(Says(run.err, file));
}

TEST(CommandLineTest, ServingEndsWellAtEitherSignal) {
    for (const int signal : {SIGTERM, SIGINT}) {
        const TemporaryFolder folder;
        ChildProcess server(ServeCommand({}, (folder.path() / "data").string()));
        ASSERT_TRUE(
            Eventually([&] { return server.Output().find("listening on ") != std::string::npos; }));
        server.Signal(signal);
        EXPECT_EQ(server.WaitForExit(std::chrono::seconds(20)), 0);
    }
}

}  // namespace
}  // namespace yard::e2e
