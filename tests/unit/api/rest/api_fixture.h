// The whole API over the services of HostTest, without a socket.

#pragma once

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "api/rest/api.h"
#include "base/json.h"
#include "host/auth/account_service.h"
#include "host/auth/authenticator.h"
#include "host/auth/jwt.h"
#include "tests/unit/host/service/host_fixture.h"

namespace yard::rest {

inline constexpr char kSecret[] = "a-secret-of-more-than-32-characters!";

// Keeps the one answer of a request.
class RecordingSink final : public http::ResponseSink {
public:
    std::future<http::Response> answer() { return answer_.get_future(); }

    void Send(http::Response response) override { answer_.set_value(std::move(response)); }
    void StartStream(http::Response head) override { answer_.set_value(std::move(head)); }
    bool Write(std::string) override { return false; }
    void Finish() override {}
    void Abort() override {}
    bool closed() const override { return false; }
    size_t buffered_bytes() const override { return 0; }

private:
    std::promise<http::Response> answer_;
};

struct Answer {
    int status = 0;
    http::Headers headers;
    std::string text;
    Value json;  // Null unless the body is JSON.

    View operator[](std::string_view key) const { return json[key]; }
};

class ApiTest : public service::HostTest {
protected:
    ApiTest() {
        AddUser("alice", "a@example.com");
        AddUser("bob", "b@example.com");
        options_.cors_allow_origins = {"http://localhost:3000",
                                       "regex:https://[a-z]+\\.example\\.com"};
    }

    // A token as an auth server of the reference platform issues it.
    std::string Token(const std::string& user, const std::string& role = "authenticated") {
        ValueBuilder claims;
        claims.BeginObject().Member("sub", user).Member("aud", "authenticated");
        claims.Member("email", user.substr(0, 1) + "@example.com");
        if (!role.empty()) claims.Member("role", role);
        claims.Member("exp", clock_.Now().ms / 1000 + 3600);
        return auth::SignJwtHs256(claims.EndObject().Take(), kSecret);
    }

    http::Request MakeRequest(const std::string& method, const std::string& target,
                              const std::string& user = "alice", std::string body = "") {
        http::Request request;
        request.method = method;
        request.target = target;
        request.body = std::move(body);
        request.remote_address = "127.0.0.1";
        request.headers.Add("Host", "localhost:8006");
        if (!user.empty()) request.headers.Add("Authorization", "Bearer " + Token(user));
        if (!request.body.empty()) request.headers.Add("Content-Type", "application/json");
        return request;
    }

    Answer Send(http::Request request) {
        auto sink = std::make_shared<RecordingSink>();
        std::future<http::Response> future = sink->answer();
        api().Handle(std::move(request), http::Responder(sink));
        if (future.wait_for(std::chrono::seconds(20)) != std::future_status::ready) {
            ADD_FAILURE() << "no answer";
            return {};
        }
        http::Response response = future.get();
        Answer answer{response.status, response.headers, std::string(response.body_view()), {}};
        Result<Value> json = ParseJson(answer.text);
        if (json) answer.json = std::move(json).value();
        return answer;
    }
    Answer Call(const std::string& method, const std::string& target, std::string body = "",
                const std::string& user = "alice") {
        return Send(MakeRequest(method, target, user, std::move(body)));
    }

    // Made on first use, so that a test can set options and fill the catalog before.
    Api& api() {
        if (!api_) {
            Result<std::unique_ptr<Api>> api = Api::Create(MakeServices(), options_);
            EXPECT_TRUE(api.ok()) << (api ? "" : api.error().message);
            api_ = std::move(api).value();
        }
        return *api_;
    }

    std::string CreateGraph(const std::string& user = "alice") {
        Answer answer = Call("POST", "/api/graphs", kAddingGraph, user);
        EXPECT_EQ(answer.status, 200) << answer.text;
        return std::string(answer["id"].StringOr(""));
    }
    std::string Execute(const std::string& graph, const std::string& user = "alice") {
        Answer answer =
            Call("POST", "/api/graphs/" + graph + "/execute/1", R"({"inputs":{"n":1}})", user);
        EXPECT_EQ(answer.status, 200) << answer.text;
        return std::string(answer["id"].StringOr(""));
    }

    static constexpr char kAddingGraph[] = R"({"graph":{"name":"Add one","description":"",
        "nodes":[{"id":"in","block_id":"c0a8e994-ebf1-4a9c-a4d8-89d09c86741b",
                  "input_default":{"name":"n"}},
                 {"id":"add","block_id":"b1ab9b19-67a6-406d-abf5-2dba76d00c79",
                  "input_default":{"operation":"Add","b":1}},
                 {"id":"out","block_id":"363ae599-353e-4804-937e-b2ee3cef3da4",
                  "input_default":{"name":"sum"}}],
        "links":[{"source_id":"in","sink_id":"add","source_name":"result","sink_name":"a"},
                 {"source_id":"add","sink_id":"out","source_name":"result",
                  "sink_name":"value"}]}})";

    ApiOptions options_;
    bool healthy_ = true;
    bool embedded_accounts_ = true;

private:
    Services MakeServices() {
        auto verifier = auth::JwtVerifier::Create("HS256", kSecret, "authenticated");
        EXPECT_TRUE(verifier.ok());
        authenticator_ = std::make_unique<auth::Authenticator>(std::move(verifier).value(), clock_);
        auth::AccountOptions account_options;
        account_options.jwt_secret = kSecret;
        accounts_ = std::make_unique<auth::AccountService>(*database_, clock_, account_options);
        return {*authenticator_,
                embedded_accounts_ ? accounts_.get() : nullptr,
                graphs_,
                *executions_,
                users_,
                blocks_,
                catalog_,
                ledger_,
                clock_,
                [this]() -> Result<Ok> {
                    if (healthy_) return Ok{};
                    return Unavailable("The database is gone.");
                }};
    }

    std::unique_ptr<auth::Authenticator> authenticator_;
    std::unique_ptr<auth::AccountService> accounts_;
    std::unique_ptr<Api> api_;
};

}  // namespace yard::rest
