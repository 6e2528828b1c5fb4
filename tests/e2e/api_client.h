// One user's view of a server: the calls of the REST API that most tests need.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "tests/e2e/http_client.h"
#include "tests/e2e/server_process.h"

namespace yard::e2e {

constexpr char kPassword[] = "correct horse battery";

struct GraphVersion {
    std::string id;
    int64_t version = 0;
};

// Calls that are expected to work (those without an HttpAnswer) fail the test if they do not.
class ApiClient {
public:
    ApiClient(uint16_t port, std::string token = {}) : port_(port), token_(std::move(token)) {}
    // Creates the account and its user.
    static ApiClient SignUp(const ServerProcess& server,
                            const std::string& email = "ada@example.com");
    static ApiClient SignIn(const ServerProcess& server,
                            const std::string& email = "ada@example.com");

    HttpAnswer Get(const std::string& path) const { return Call("GET", path); }
    HttpAnswer Delete(const std::string& path) const { return Call("DELETE", path); }
    HttpAnswer Post(const std::string& path, const std::string& json = {}) const {
        return Call("POST", path, json);
    }
    HttpAnswer Call(const std::string& method, const std::string& path,
                    const std::string& json = {}) const;

    HttpAnswer TryImport(View graph) const;
    HttpAnswer TryExecute(const GraphVersion& graph, const std::string& inputs) const;

    GraphVersion Import(View graph) const;
    // The id of the new execution.
    std::string Execute(const GraphVersion& graph, const std::string& inputs = "{}") const;
    HttpAnswer GetExecution(const GraphVersion& graph, const std::string& execution) const;
    // Waits until it is neither QUEUED, RUNNING nor INCOMPLETE; its details.
    Value WaitForEnd(const GraphVersion& graph, const std::string& execution) const;
    Value Run(const GraphVersion& graph, const std::string& inputs = "{}") const {
        return WaitForEnd(graph, Execute(graph, inputs));
    }
    bool WaitForStatus(const GraphVersion& graph, const std::string& execution,
                       std::string_view status) const;

    const std::string& token() const { return token_; }
    uint16_t port() const { return port_; }

private:
    uint16_t port_;
    std::string token_;
};

HttpAnswer SignUpAnswer(uint16_t port, const std::string& email, const std::string& password);
HttpAnswer SignInAnswer(uint16_t port, const std::string& email, const std::string& password);

}  // namespace yard::e2e
