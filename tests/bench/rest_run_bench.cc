// How many runs of a graph per second a server completes for clients that speak REST.
//
// Usage: rest_run_bench <port> [clients] [runs per client] [poll interval in us]
// Against a server on 127.0.0.1 that lets anybody sign up. Each client has an account and a
// connection of its own, imports a chain of 10 nodes once, then in a loop: submits a run, asks for
// it until it is COMPLETED. Prints one JSON object: runs per second, percentiles of the time until
// a run is accepted and until the client sees its end, in milliseconds.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/json.h"
#include "base/uuid.h"
#include "base/value.h"

namespace yard {
namespace {

using Time = std::chrono::steady_clock;

constexpr int kNodes = 10;
constexpr char kAgentInput[] = "c0a8e994-ebf1-4a9c-a4d8-89d09c86741b";
constexpr char kStoreValue[] = "1ff065e9-88e8-4358-9d82-8dc91f622ba9";
constexpr char kAgentOutput[] = "363ae599-353e-4804-937e-b2ee3cef3da4";
constexpr std::chrono::seconds kRunMax{30};

struct Options {
    uint16_t port = 0;
    int clients = 8;
    int runs = 200;
    std::chrono::microseconds poll{1000};
};

[[noreturn]] void Die(std::string_view what) {
    std::fprintf(stderr, "rest_run_bench: %.*s\n", static_cast<int>(what.size()), what.data());
    std::exit(1);
}

double MsSince(Time::time_point start) {
    return std::chrono::duration<double, std::milli>(Time::now() - start).count();
}

// One connection that is kept open. Any fault ends the process: figures of half a measurement
// would mislead.
class Client {
public:
    explicit Client(uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
            Die("no server listens on the port");
        }
        const int on = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client() { ::close(socket_); }

    void SetToken(std::string_view token) {
        authorization_ = "Authorization: Bearer " + std::string(token) + "\r\n";
    }

    // The body of the answer, which must be a 200.
    Value Ask(std::string_view method, const std::string& path, const std::string& body = {}) {
        std::string request = std::string(method) + " " + path + " HTTP/1.1\r\nHost: bench\r\n";
        request += authorization_;
        if (!body.empty()) request += "Content-Type: application/json\r\n";
        request += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
        Send(request);
        const std::string answer = Receive();
        if (status_ != 200) Die(std::string(method) + " " + path + ": " + answer);
        Result<Value> parsed = ParseJson(answer);
        return parsed ? std::move(parsed).value() : (Die("an answer is not JSON"), Value());
    }

private:
    void Send(std::string_view data) {
        while (!data.empty()) {
            const ssize_t sent = ::send(socket_, data.data(), data.size(), MSG_NOSIGNAL);
            if (sent <= 0) Die("the server closed the connection");
            data.remove_prefix(static_cast<size_t>(sent));
        }
    }

    void ReceiveMore() {
        char chunk[16384];
        const ssize_t size = ::recv(socket_, chunk, sizeof chunk, 0);
        if (size <= 0) Die("the server closed the connection");
        received_.append(chunk, static_cast<size_t>(size));
    }

    std::string Receive() {
        received_.clear();
        size_t head_size = std::string::npos;
        while ((head_size = received_.find("\r\n\r\n")) == std::string::npos) ReceiveMore();
        head_size += 4;
        std::from_chars(received_.data() + strlen("HTTP/1.1 "), received_.data() + 12, status_);
        const std::string head = Lower(received_.substr(0, head_size));
        const size_t field = head.find("\r\ncontent-length: ");
        if (field == std::string::npos) Die("an answer has no length");
        const size_t body_size = std::strtoul(head.c_str() + field + 18, nullptr, 10);
        while (received_.size() < head_size + body_size) ReceiveMore();
        return received_.substr(head_size);
    }

    static std::string Lower(std::string text) {
        for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        return text;
    }

    int socket_;
    int status_ = 0;
    std::string authorization_;
    std::string received_;
};

std::string ChainGraph() {
    ValueBuilder graph;
    graph.BeginObject().Member("name", "Chain of 10").Member("description", "");
    graph.Member("version", 1).Member("is_active", true).Key("nodes").BeginArray();
    for (int i = 0; i < kNodes; ++i) {
        const bool first = i == 0, last = i == kNodes - 1;
        graph.BeginObject().Member("id", "node" + std::to_string(i));
        graph.Member("block_id", first ? kAgentInput : last ? kAgentOutput : kStoreValue);
        graph.Key("input_default").BeginObject();
        if (first || last) graph.Member("name", first ? "text" : "result");
        graph.EndObject().Member("metadata", Value::EmptyObject()).EndObject();
    }
    graph.EndArray().Key("links").BeginArray();
    for (int i = 1; i < kNodes; ++i) {
        graph.BeginObject().Member("source_id", "node" + std::to_string(i - 1));
        graph.Member("sink_id", "node" + std::to_string(i));
        graph.Member("source_name", i == 1 ? "result" : "output");
        graph.Member("sink_name", i == kNodes - 1 ? "value" : "input");
        graph.Member("is_static", false).EndObject();
    }
    graph.EndArray().EndObject();
    return WriteJson(Value::Object({{"graph", graph.Take()}}));
}

struct Times {
    std::vector<double> submit_ms;
    std::vector<double> completion_ms;
    size_t polls = 0;
};

void RunOne(Client& client, const std::string& graph_path, std::chrono::microseconds poll,
            Times& times) {
    const auto start = Time::now();
    const Value run =
        client.Ask("POST", graph_path + "/execute/1", R"({"inputs":{"text":"some text"}})");
    times.submit_ms.push_back(MsSince(start));
    const std::string path = graph_path + "/executions/" + std::string(run["id"].StringOr(""));
    for (;;) {
        std::this_thread::sleep_for(poll);
        const Value seen = client.Ask("GET", path);
        ++times.polls;
        const std::string_view status = seen["status"].StringOr("");
        if (status == "COMPLETED") {
            if (seen["outputs"]["result"].size() != 1) Die("a run has no result");
            break;
        }
        if (status != "QUEUED" && status != "RUNNING") Die("a run ended as " + std::string(status));
        if (Time::now() - start > kRunMax) Die("a run did not end in time");
    }
    times.completion_ms.push_back(MsSince(start));
}

std::string SignUp(Client& client) {
    const Value session = client.Ask(
        "POST", "/auth/v1/signup",
        R"({"email":")" + NewUuid() + R"(@bench.example","password":"a long password"})");
    client.SetToken(session["access_token"].StringOr(""));
    const Value graph = client.Ask("POST", "/api/graphs", ChainGraph());
    return "/api/graphs/" + std::string(graph["id"].StringOr(""));
}

void PrintPercentiles(const char* name, std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const auto at = [&](double part) {
        return values[std::min(values.size() - 1, static_cast<size_t>(part * values.size()))];
    };
    std::printf(R"(, "%s_ms": {"p50": %.2f, "p95": %.2f, "p99": %.2f})", name, at(0.50), at(0.95),
                at(0.99));
}

void Measure(const Options& options) {
    std::vector<std::unique_ptr<Client>> clients;
    std::vector<std::string> paths;
    for (int i = 0; i < options.clients; ++i) {
        clients.push_back(std::make_unique<Client>(options.port));
        paths.push_back(SignUp(*clients.back()));
        Times warm_up;
        RunOne(*clients.back(), paths.back(), options.poll, warm_up);
    }
    std::vector<Times> times(clients.size());
    std::vector<std::thread> threads;
    const auto start = Time::now();
    for (size_t i = 0; i < clients.size(); ++i) {
        threads.emplace_back([&, i] {
            for (int run = 0; run < options.runs; ++run) {
                RunOne(*clients[i], paths[i], options.poll, times[i]);
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    const double seconds = MsSince(start) / 1000;
    Times all;
    for (const Times& part : times) {
        all.submit_ms.insert(all.submit_ms.end(), part.submit_ms.begin(), part.submit_ms.end());
        all.completion_ms.insert(all.completion_ms.end(), part.completion_ms.begin(),
                                 part.completion_ms.end());
        all.polls += part.polls;
    }
    const auto runs = static_cast<double>(all.completion_ms.size());
    std::printf(R"({"clients": %d, "runs": %.0f, "nodes_per_run": %d, "runs_per_s": %.0f, )"
                R"("polls_per_run": %.2f)",
                options.clients, runs, kNodes, runs / seconds,
                static_cast<double>(all.polls) / runs);
    PrintPercentiles("submit", std::move(all.submit_ms));
    PrintPercentiles("completion", std::move(all.completion_ms));
    std::puts("}");
}

// Of argument `index`; the fallback if it is absent.
int Number(int count, char** arguments, int index, int fallback) {
    if (index >= count) return fallback;
    const int number = std::atoi(arguments[index]);
    if (number < 1 || number > 1'000'000) Die("arguments must be numbers from 1 to 1000000");
    return number;
}

}  // namespace
}  // namespace yard

int main(int count, char** arguments) {
    using yard::Number;
    if (count < 2) yard::Die("usage: rest_run_bench <port> [clients] [runs] [poll us]");
    yard::Options options;
    options.port = static_cast<uint16_t>(Number(count, arguments, 1, 0));
    options.clients = Number(count, arguments, 2, options.clients);
    options.runs = Number(count, arguments, 3, options.runs);
    options.poll = std::chrono::microseconds(Number(count, arguments, 4, 1000));
    yard::Measure(options);
}
