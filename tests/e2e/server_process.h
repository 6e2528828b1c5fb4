// The built server as a child process with a data_dir and a port of its own.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/child_process.h"

namespace yard::e2e {

struct ServerOptions {
    std::string data_dir = {};               // Empty: a new one, gone with the server.
    std::vector<std::string> settings = {};  // key=value; they override the test's defaults.
    std::string plugin_dirs = PluginFolders();
};

// The command line that starts a server with these options.
std::vector<std::string> ServeCommand(const ServerOptions& options, const std::string& data_dir);

class ServerProcess {
public:
    // Waits until the server listens. A server that does not is a failure of the test; port() is 0
    // then.
    explicit ServerProcess(ServerOptions options = {});

    uint16_t port() const { return port_; }
    std::string data_dir() const { return data_dir_; }
    std::string Log() const { return child_->Errors(); }
    bool IsRunning() { return child_->IsRunning(); }

    // SIGTERM; the exit code, nullopt if it did not end in time.
    std::optional<int> Terminate(std::chrono::milliseconds limit = std::chrono::seconds(60));
    void Kill();  // kill -9, and waits until it is gone.
    // Starts it again on the same data_dir. Precondition: not running.
    void StartAgain();

private:
    void Start();

    ServerOptions options_;
    TemporaryFolder folder_;
    std::string data_dir_;
    std::unique_ptr<ChildProcess> child_;
    uint16_t port_ = 0;
};

}  // namespace yard::e2e
