#include "tests/e2e/child_process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <thread>

namespace yard::e2e {
namespace {

std::vector<char*> Pointers(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

int OpenForWriting(const std::filesystem::path& path) {
    return ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

std::string EnvironmentOr(const char* name, const char* fallback) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : fallback;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command,
                           const std::vector<std::string>& environment) {
    std::vector<std::string> arguments = command;
    std::vector<std::string> variables = environment;
    variables.push_back("PATH=" + EnvironmentOr("PATH", "/usr/bin:/bin"));
    variables.push_back("HOME=" + folder_.path().string());
    const std::vector<char*> argv = Pointers(arguments);
    const std::vector<char*> envp = Pointers(variables);
    const int out = OpenForWriting(folder_.path() / "stdout");
    const int err = OpenForWriting(folder_.path() / "stderr");
    pid_ = ::fork();
    if (pid_ == 0) {  // Only async-signal-safe calls from here on.
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::dup2(out, STDOUT_FILENO);
        ::dup2(err, STDERR_FILENO);
        ::execvpe(argv[0], argv.data(), envp.data());
        ::_exit(127);
    }
    ::close(out);
    ::close(err);
}

ChildProcess::~ChildProcess() {
    if (!IsRunning()) return;
    Signal(SIGKILL);
    WaitForExit();
}

bool ChildProcess::IsRunning() {
    if (pid_ < 0 || exit_code_) return false;
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) return true;
    exit_code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return false;
}

void ChildProcess::Signal(int signal) const {
    if (pid_ > 0 && !exit_code_) ::kill(pid_, signal);
}

std::optional<int> ChildProcess::WaitForExit(std::chrono::milliseconds limit) {
    Eventually([this] { return !IsRunning(); }, limit);
    return exit_code_;
}

Finished RunToEnd(const std::vector<std::string>& command,
                  const std::vector<std::string>& environment) {
    ChildProcess child(command, environment);
    Finished finished;
    finished.exit_code = child.WaitForExit();
    finished.out = child.Output();
    finished.err = child.Errors();
    return finished;
}

std::string BlockyardProgram() { return EnvironmentOr("BLOCKYARD_E2E_PROGRAM", E2E_PROGRAM); }

std::string PluginFolders() { return EnvironmentOr("BLOCKYARD_E2E_PLUGINS", E2E_PLUGINS); }

void PauseBetweenPolls() { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }

}  // namespace yard::e2e
