#include "tests/unit/api/http/test_server.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>
#include <utility>

namespace yard::http {
namespace {

Response Text(std::string body) { return MakeResponse(200, "text/plain", std::move(body)); }

std::string Parameter(const Request& request) {
    std::string_view query = request.query();
    return std::string(query.substr(std::min(query.find('=') + 1, query.size())));
}

}  // namespace

ServerOptions TestServer::Options() {
    ServerOptions options;
    options.body_bytes_max = 1 << 20;
    return options;
}

TestServer::TestServer(ServerOptions options)
    : big_(std::make_shared<const std::string>(4 << 20, 'b')), pool_(2, 10000) {
    auto handler = [this](Request&& request, Responder responder) {
        Handle(std::move(request), std::move(responder));
    };
    auto started = Server::Start(std::move(options), handler);
    if (!started) throw std::runtime_error(started.error().message);
    server_ = std::move(started).value();
}

void TestServer::Handle(Request&& request, Responder responder) {
    std::string_view path = request.path();
    {
        std::lock_guard lock(mutex_);
        if (targets_.size() < 1000) targets_.push_back(request.target);
    }
    if (path == "/hello") return responder.Send(Text("Hello"));
    if (path == "/id") return responder.Send(Text("ID:" + Parameter(request)));
    if (path == "/echo")
        return responder.Send(Text(request.method + " " + request.target + "\n" + request.body));
    if (path == "/defer") {
        return pool_.Run(std::move(request), std::move(responder),
                         [](Request&& deferred, Responder later) {
                             later.Send(Text("ID:" + Parameter(deferred)));
                         });
    }
    if (path == "/hold") {
        std::lock_guard lock(mutex_);
        held_.push_back(std::move(responder));
        return;
    }
    if (path == "/big") {
        Response response = Text("");
        response.shared_body = big_;
        return responder.Send(std::move(response));
    }
    if (path == "/status") {
        Response response = Text("x");
        response.status = std::stoi(std::string(request.query()));
        return responder.Send(std::move(response));
    }
    if (path == "/inject") {
        Response response = Text("x");
        response.headers.Add("X-Name", "a\r\nSet-Cookie: stolen=1");
        return responder.Send(std::move(response));
    }
    if (path == "/throw") throw std::runtime_error("secret");
    if (path == "/throw_int") throw 42;
    if (path == "/twice") {
        responder.Send(Text("first"));
        return responder.Send(Text("second"));
    }
    if (path == "/stream") return Stream(request, std::move(responder));
    if (path != "/drop") responder.Send(MakeResponse(404, "text/plain", "none"));
}

void TestServer::Stream(const Request& request, Responder responder) {
    ResponseStream stream = responder.StartStream(MakeResponse(200, "text/event-stream", ""));
    if (!request.query().empty()) {
        int count = std::stoi(std::string(request.query()));
        for (int i = 0; i < count; ++i) stream.Write("data: " + std::to_string(i) + "\n\n");
        return stream.Finish();
    }
    auto shared =
        std::make_shared<ResponseStream>(std::move(stream));  // Handlers are copyable functions.
    pool_.Run(Request(), Responder(nullptr), [this, shared](Request&&, Responder) {
        while (!shared->closed()) {
            shared->Write("data: tick\n\n");
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        ++streams_ended;
    });
}

size_t TestServer::held() const {
    std::lock_guard lock(mutex_);
    return held_.size();
}

bool TestServer::WaitHeld(size_t count) const {
    return Eventually([&] { return held() >= count; });
}

void TestServer::Release() {
    std::vector<Responder> answered;
    {
        std::lock_guard lock(mutex_);
        answered.swap(held_);
    }
    for (Responder& responder : answered) responder.Send(Text("released"));
}

std::vector<std::string> TestServer::targets() const {
    std::lock_guard lock(mutex_);
    return targets_;
}

}  // namespace yard::http
