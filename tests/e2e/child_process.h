// A program started by a test: output in files, bounded waits, never left behind.

#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "tests/e2e/temporary_folder.h"

namespace yard::e2e {

// Asks every 5 ms until `is_true()` or the time is over; what it said last.
template <typename Question>
bool Eventually(Question is_true, std::chrono::milliseconds limit = std::chrono::seconds(60));

class ChildProcess {
public:
    // `environment` as NAME=value; nothing of the test's own is passed on but PATH.
    explicit ChildProcess(const std::vector<std::string>& command,
                          const std::vector<std::string>& environment = {});
    ~ChildProcess();  // Kills it if it still runs.
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    bool IsRunning();
    void Signal(int signal) const;
    // 128 + signal if a signal ended it; nullopt if it still runs after `limit`.
    std::optional<int> WaitForExit(std::chrono::milliseconds limit = std::chrono::seconds(60));

    pid_t pid() const { return pid_; }
    std::string Output() const { return ReadText(folder_.path() / "stdout"); }
    std::string Errors() const { return ReadText(folder_.path() / "stderr"); }

private:
    TemporaryFolder folder_;
    pid_t pid_ = -1;
    std::optional<int> exit_code_;
};

struct Finished {
    std::optional<int> exit_code;
    std::string out;
    std::string err;
};
// Runs a program to its end.
Finished RunToEnd(const std::vector<std::string>& command,
                  const std::vector<std::string>& environment = {});

// The program under test, and the folders its plugins are searched in.
std::string BlockyardProgram();
std::string PluginFolders();

void PauseBetweenPolls();

template <typename Question>
bool Eventually(Question is_true, std::chrono::milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!is_true()) {
        if (std::chrono::steady_clock::now() >= end) return is_true();
        PauseBetweenPolls();
    }
    return true;
}

}  // namespace yard::e2e
