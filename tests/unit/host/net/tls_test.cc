// Certificates: whom the client believes. The server is the openssl command.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "host/net/connection.h"

extern char** environ;

namespace yard::net {
namespace {

using ::testing::HasSubstr;

class TlsTest : public ::testing::Test {
protected:
    void SetUp() override {
        if (std::system("openssl version >/dev/null 2>&1") != 0) {
            GTEST_SKIP() << "there is no openssl command";
        }
        std::string pattern = (std::filesystem::temp_directory_path() / "tls-test-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
        const std::string make =
            "cd " + folder_ +
            " && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
            " -keyout key.pem -out cert.pem -days 2 -subj /CN=service.test"
            " -addext subjectAltName=DNS:service.test >/dev/null 2>&1";
        ASSERT_EQ(std::system(make.c_str()), 0);
        StartServer();
    }
    void TearDown() override {
        if (output_ >= 0) ::close(output_);
        if (server_ > 0) {
            ::kill(server_, SIGKILL);
            ::waitpid(server_, nullptr, 0);
        }
        if (!folder_.empty()) std::filesystem::remove_all(folder_);
    }

    // The server's first line tells the port: "ACCEPT 127.0.0.1:43210".
    void StartServer() {
        int output[2];
        ASSERT_EQ(::pipe(output), 0);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addclose(&actions, output[0]);
        const std::string cert = folder_ + "/cert.pem";
        const std::string key = folder_ + "/key.pem";
        const char* arguments[] = {"openssl",    "s_server", "-accept",   "127.0.0.1:0", "-cert",
                                   cert.c_str(), "-key",     key.c_str(), "-www",        nullptr};
        ASSERT_EQ(::posix_spawnp(&server_, "openssl", &actions, nullptr,
                                 const_cast<char**>(arguments), environ),
                  0);
        posix_spawn_file_actions_destroy(&actions);
        ::close(output[1]);
        std::string line;
        char byte = 0;
        while (::read(output[0], &byte, 1) == 1 && line.find("ACCEPT ") == std::string::npos) {
            line += byte;
        }
        line = std::string(1, byte);
        while (::read(output[0], &byte, 1) == 1 && byte != '\n') line += byte;
        output_ = output[0];
        port_ = line.substr(line.rfind(':') + 1);
    }

    // "ok", or why there is no connection.
    std::string Connect(const std::string& host, const std::string& ca_file) {
        const auto connector = MakeConnector(ca_file);
        EXPECT_TRUE(connector.ok());
        Interruption interruption;
        const auto url = ParseUrl("https://" + host + ":" + port_ + "/");
        const auto connection = connector.value()->Connect(
            url.value(), {*config::ParseAddress("127.0.0.1")}, interruption);
        if (!connection) return connection.error().message;
        char buffer[12];
        EXPECT_TRUE(connection.value()->Send("GET / HTTP/1.0\r\n\r\n").ok());
        const auto received = connection.value()->Receive(buffer, sizeof buffer);
        return received && received.value() > 0 ? "ok" : "no answer";
    }
    std::string cert() const { return folder_ + "/cert.pem"; }

    std::string folder_;
    std::string port_;
    pid_t server_ = 0;
    int output_ = -1;
};

TEST_F(TlsTest, TrustedCertificateOfTheRightNameIsBelieved) {
    EXPECT_EQ(Connect("service.test", cert()), "ok");
}

TEST_F(TlsTest, CertificateOfAnotherNameIsRefused) {
    EXPECT_THAT(Connect("other.test", cert()), HasSubstr("cannot connect to other.test"));
    EXPECT_THAT(Connect("localhost", cert()), HasSubstr("cannot connect to localhost"));
    EXPECT_THAT(Connect("127.0.0.1", cert()), HasSubstr("cannot connect to 127.0.0.1"));
}

TEST_F(TlsTest, SelfSignedCertificateIsRefused) {
    EXPECT_THAT(Connect("service.test", ""), HasSubstr("certificate verify failed"));
}

}  // namespace
}  // namespace yard::net
