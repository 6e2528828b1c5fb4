#include "tests/e2e/api_client.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace yard::e2e {
namespace {

HttpAnswer PostJson(uint16_t port, const std::string& target, View body) {
    return Send(port, {"POST", target, {{"Content-Type", "application/json"}}, WriteJson(body)});
}

Value Credentials(const std::string& email, const std::string& password) {
    return Value::Object({{"email", Value::String(email)}, {"password", Value::String(password)}});
}

ApiClient WithUser(uint16_t port, const HttpAnswer& session) {
    EXPECT_EQ(session.status, 200) << session.body;
    ApiClient client(port, std::string(session.Json()["access_token"].StringOr("")));
    const HttpAnswer user = client.Post("/api/auth/user", "{}");
    EXPECT_EQ(user.status, 200) << user.body;
    return client;
}

std::string ExecutionPath(const GraphVersion& graph, const std::string& execution) {
    return "/api/graphs/" + graph.id + "/executions/" + execution;
}

}  // namespace

HttpAnswer SignUpAnswer(uint16_t port, const std::string& email, const std::string& password) {
    return PostJson(port, "/auth/v1/signup", Credentials(email, password));
}

HttpAnswer SignInAnswer(uint16_t port, const std::string& email, const std::string& password) {
    return PostJson(port, "/auth/v1/token?grant_type=password", Credentials(email, password));
}

ApiClient ApiClient::SignUp(const ServerProcess& server, const std::string& email) {
    return WithUser(server.port(), SignUpAnswer(server.port(), email, kPassword));
}

ApiClient ApiClient::SignIn(const ServerProcess& server, const std::string& email) {
    return WithUser(server.port(), SignInAnswer(server.port(), email, kPassword));
}

HttpAnswer ApiClient::Call(const std::string& method, const std::string& path,
                           const std::string& json) const {
    HttpRequest request{method, path, {}, json};
    if (!json.empty()) request.headers.emplace_back("Content-Type", "application/json");
    if (!token_.empty()) request.headers.emplace_back("Authorization", "Bearer " + token_);
    return Send(port_, request);
}

HttpAnswer ApiClient::TryImport(View graph) const {
    ValueBuilder body;
    body.BeginObject().Member("graph", graph).Member("source", "upload").EndObject();
    return Post("/api/graphs", WriteJson(body.Take()));
}

GraphVersion ApiClient::Import(View graph) const {
    const HttpAnswer answer = TryImport(graph);
    EXPECT_EQ(answer.status, 200) << answer.body;
    const Value saved = answer.Json();
    return {std::string(saved["id"].StringOr("")), saved["version"].IntOr(0)};
}

HttpAnswer ApiClient::TryExecute(const GraphVersion& graph, const std::string& inputs) const {
    return Post("/api/graphs/" + graph.id + "/execute/" + std::to_string(graph.version),
                R"({"inputs":)" + inputs + "}");
}

std::string ApiClient::Execute(const GraphVersion& graph, const std::string& inputs) const {
    const HttpAnswer answer = TryExecute(graph, inputs);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return std::string(answer.Json()["id"].StringOr(""));
}

HttpAnswer ApiClient::GetExecution(const GraphVersion& graph, const std::string& execution) const {
    return Get(ExecutionPath(graph, execution));
}

Value ApiClient::WaitForEnd(const GraphVersion& graph, const std::string& execution) const {
    Value details;
    if (execution.empty()) return details;  // It was refused, and the test has failed already.
    const bool ended = Eventually([&] {
        details = GetExecution(graph, execution).Json();
        const std::string_view status = details["status"].StringOr("QUEUED");
        return status != "QUEUED" && status != "RUNNING" && status != "INCOMPLETE";
    });
    EXPECT_TRUE(ended) << WriteJson(details);
    return details;
}

bool ApiClient::WaitForStatus(const GraphVersion& graph, const std::string& execution,
                              std::string_view status) const {
    return Eventually(
        [&] { return GetExecution(graph, execution).Json()["status"].StringOr("") == status; });
}

}  // namespace yard::e2e
