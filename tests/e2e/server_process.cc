#include "tests/e2e/server_process.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <utility>

namespace yard::e2e {
namespace {

// The port of "listening on http://ADDRESS:PORT\n", 0 while it is not there.
uint16_t PortIn(const std::string& output) {
    const size_t line = output.find("listening on http://");
    if (line == std::string::npos) return 0;
    const size_t end = output.find('\n', line);
    if (end == std::string::npos) return 0;
    const size_t colon = output.rfind(':', end);
    return static_cast<uint16_t>(std::atoi(output.c_str() + colon + 1));
}

}  // namespace

std::vector<std::string> ServeCommand(const ServerOptions& options, const std::string& data_dir) {
    std::vector<std::string> command = {BlockyardProgram(), "serve"};
    auto set = [&](const std::string& setting) {
        command.push_back("--set");
        command.push_back(setting);
    };
    set("server.port=0");
    set("data_dir=" + data_dir);
    set("plugins.dirs=" + options.plugin_dirs);
    // Tests make many accounts from one address.
    set("auth.sign_up_per_minute=100000");
    set("auth.sign_in_per_minute=100000");
    for (const std::string& setting : options.settings) set(setting);
    return command;
}

ServerProcess::ServerProcess(ServerOptions options)
    : options_(std::move(options)),
      data_dir_(options_.data_dir.empty() ? (folder_.path() / "data").string()
                                          : options_.data_dir) {
    Start();
}

void ServerProcess::Start() {
    child_ = std::make_unique<ChildProcess>(ServeCommand(options_, data_dir_));
    port_ = 0;
    Eventually([this] {
        port_ = PortIn(child_->Output());
        return port_ != 0 || !child_->IsRunning();
    });
    EXPECT_NE(port_, 0) << "the server does not listen: " << Log();
}

std::optional<int> ServerProcess::Terminate(std::chrono::milliseconds limit) {
    child_->Signal(SIGTERM);
    return child_->WaitForExit(limit);
}

void ServerProcess::Kill() {
    child_->Signal(SIGKILL);
    child_->WaitForExit();
}

void ServerProcess::StartAgain() { Start(); }

}  // namespace yard::e2e
