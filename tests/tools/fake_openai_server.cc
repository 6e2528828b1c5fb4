// fake_openai_server [--port N] [--delay-ms N]
// Runs the fake model provider until SIGINT or SIGTERM; prints the base URL for openai first.

#include <charconv>
#include <csignal>
#include <iostream>
#include <optional>
#include <string_view>

#include "tests/fakes/openai_server.h"

namespace {

std::optional<int> Number(std::string_view text, int max) {
    int number = -1;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
    if (!is_whole || number < 0 || number > max) return std::nullopt;
    return number;
}

int Fail(std::string_view sentence) {
    std::cerr << "fake_openai_server: " << sentence << '\n';
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    int port = 0, delay_ms = 0;
    for (int k = 1; k < argc; k += 2) {
        const std::string_view name = argv[k];
        const bool is_port = name == "--port";
        if ((!is_port && name != "--delay-ms") || k + 1 == argc) {
            return Fail("usage: fake_openai_server [--port N] [--delay-ms N]");
        }
        const auto number = Number(argv[k + 1], is_port ? 65535 : 600'000);
        if (!number) return Fail("--port takes 0 to 65535, --delay-ms 0 to 600000");
        (is_port ? port : delay_ms) = *number;
    }
    // Blocked before the server's threads start, so that they inherit it.
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    const auto server = yard::fakes::OpenAiServer::Start(static_cast<uint16_t>(port), delay_ms);
    if (server == nullptr) return Fail("the port is taken; choose another one or 0");
    std::cout << server->Url() << '\n' << std::flush;
    int signal = 0;
    sigwait(&ends, &signal);
    return 0;
}
