#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "config/load.h"
#include "config/secrets.h"
#include "config/settings.h"
#include "host/app/host.h"

namespace yard::app {
namespace {

constexpr char kSystemConfigFile[] = "/etc/blockyard/blockyard.yaml";

std::string ExecutablePath() {
    char path[PATH_MAX];
    const ssize_t size = ::readlink("/proc/self/exe", path, sizeof path);
    return size > 0 ? std::string(path, static_cast<size_t>(size)) : std::string();
}

struct Arguments {
    std::string config_file;
    std::vector<std::string> overrides;
};

Result<config::Settings> LoadSettings(const Arguments& arguments) {
    config::Sources sources;
    sources.file = arguments.config_file;
    if (sources.file.empty() && std::filesystem::exists(kSystemConfigFile)) {
        sources.file = kSystemConfigFile;
    }
    sources.environment = config::ProcessEnvironment();
    sources.overrides = arguments.overrides;
    sources.executable = ExecutablePath();
    return config::Load(sources);
}

int Complain(const Error& error) {
    std::fprintf(stderr, "blockyard: %s\n", error.message.c_str());
    return 1;
}

LogLevel LevelOf(const std::string& name) {
    if (name == "debug") return LogLevel::kDebug;
    if (name == "warning") return LogLevel::kWarning;
    return name == "error" ? LogLevel::kError : LogLevel::kInfo;
}

// Connections, plugins and the database all need descriptors; the usual soft limit of 1024 is for
// programs that use select().
void RaiseDescriptorLimit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

// Blocked before the first thread starts, so that only WaitForStop receives them.
sigset_t BlockStopSignals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    return signals;
}

// Native code of a block that never returns cannot be ended, and must not keep the server from
// ending. What is acknowledged is on disk; the run resumes at the next start.
void EndEvenIfStuck(const config::Settings& settings) {
    constexpr std::chrono::seconds kForTheDatabase{15};
    const auto limit = std::chrono::milliseconds(2 * settings.server.shutdown_grace_ms +
                                                 settings.engine.cancel_grace_ms) +
                       kForTheDatabase;
    std::thread([limit] {
        std::this_thread::sleep_for(limit);
        LogError("app", "ended although a block did not return");
        std::_Exit(1);
    }).detach();
}

int Serve(const Arguments& arguments) {
    auto settings = LoadSettings(arguments);
    if (!settings) return Complain(settings.error());
    if (const auto secrets = config::EnsureSecrets(settings.value()); !secrets) {
        return Complain(secrets.error());
    }
    SetLogLevel(LevelOf(settings.value().log.level));
    RaiseDescriptorLimit();
    const sigset_t signals = BlockStopSignals();
    auto host = Host::Start(settings.value(), ExecutablePath());
    if (!host) return Complain(host.error());
    const std::string& address = settings.value().server.host;
    const bool is_ipv6 = address.find(':') != std::string::npos;
    std::printf("listening on http://%s%s%s:%u\n", is_ipv6 ? "[" : "", address.c_str(),
                is_ipv6 ? "]" : "", host.value()->port());
    std::fflush(stdout);
    int signal = 0;
    sigwait(&signals, &signal);
    LogInfo("app", "stopping", {{"signal", signal == SIGTERM ? "SIGTERM" : "SIGINT"}});
    EndEvenIfStuck(settings.value());
    host.value()->Stop();
    return 0;
}

int CheckConfig(const Arguments& arguments) {
    const auto settings = LoadSettings(arguments);
    if (!settings) return Complain(settings.error());
    std::puts("the configuration is valid");
    return 0;
}

int ShowConfig(const Arguments& arguments) {
    const auto settings = LoadSettings(arguments);
    if (!settings) return Complain(settings.error());
    std::fputs(config::ShowSettings(settings.value()).c_str(), stdout);
    return 0;
}

int PluginList(const Arguments& arguments) {
    const auto settings = LoadSettings(arguments);
    if (!settings) return Complain(settings.error());
    std::fputs(ListPlugins(settings.value()).c_str(), stdout);
    return 0;
}

int Main(int argc, char** argv) {
    CLI::App cli("Blockyard: a plugin host for agents", "blockyard");
    cli.set_version_flag("--version", "blockyard " BLOCKYARD_VERSION);
    cli.require_subcommand(1);
    Arguments arguments;
    int status = 0;
    auto command = [&](CLI::App* parent, const char* name, const char* help,
                       int (*run)(const Arguments&)) {
        CLI::App* sub = parent->add_subcommand(name, help);
        sub->add_option("--config", arguments.config_file, "YAML file of settings")
            ->check(CLI::ExistingFile);
        sub->add_option("--set", arguments.overrides, "One setting, key=value; may be repeated")
            ->take_all()
            ->allow_extra_args(false);
        sub->callback([&arguments, &status, run] { status = run(arguments); });
    };
    command(&cli, "serve", "Start the server", Serve);
    CLI::App* config = cli.add_subcommand("config", "Check or show the configuration");
    config->require_subcommand(1);
    command(config, "check", "Check the configuration and say what is wrong", CheckConfig);
    command(config, "show", "Print every setting and where it comes from", ShowConfig);
    CLI::App* plugin = cli.add_subcommand("plugin", "Look at the plugins");
    plugin->require_subcommand(1);
    command(plugin, "list", "Print the plugins, their blocks and their states", PluginList);
    CLI11_PARSE(cli, argc, argv);
    return status;
}

}  // namespace
}  // namespace yard::app

int main(int argc, char** argv) { return yard::app::Main(argc, argv); }
