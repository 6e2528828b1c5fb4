#include "api/http/handler_pool.h"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>

namespace yard::http {
namespace {

// Fulfils a promise with the response.
class PromiseSink final : public ResponseSink {
public:
    void Send(Response response) override { promise.set_value(std::move(response)); }
    void StartStream(Response) override {}
    bool Write(std::string) override { return false; }
    void Finish() override {}
    void Abort() override {}
    bool closed() const override { return false; }
    size_t buffered_bytes() const override { return 0; }

    std::promise<Response> promise;
};

struct Call {
    std::shared_ptr<PromiseSink> sink = std::make_shared<PromiseSink>();
    std::future<Response> answer = sink->promise.get_future();
};

void Ok(Request&&, Responder responder) { responder.Send(MakeResponse(200, "a/b", "")); }

TEST(HandlerPoolTest, RunsHandlersOnItsOwnThreads) {
    HandlerPool pool(2, 10);
    Call call;
    std::thread::id ran_on;
    pool.Run({}, Responder(call.sink), [&](Request&& request, Responder responder) {
        ran_on = std::this_thread::get_id();
        Ok(std::move(request), std::move(responder));
    });
    EXPECT_EQ(call.answer.get().status, 200);
    EXPECT_NE(ran_on, std::this_thread::get_id());
}

TEST(HandlerPoolTest, AFullQueueIsAnswered503WithRetryAfter) {
    HandlerPool pool(1, 1);
    std::promise<void> started;
    std::promise<void> release;
    Call running, waiting, refused;
    pool.Run({}, Responder(running.sink), [&](Request&& request, Responder responder) {
        started.set_value();
        release.get_future().wait();
        Ok(std::move(request), std::move(responder));
    });
    started.get_future().wait();
    pool.Run({}, Responder(waiting.sink), Ok);
    EXPECT_EQ(pool.queued(), 1u);
    pool.Run({}, Responder(refused.sink), Ok);
    Response response = refused.answer.get();
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(response.headers.Get("Retry-After"), "1");
    release.set_value();
    EXPECT_EQ(running.answer.get().status, 200);
    EXPECT_EQ(waiting.answer.get().status, 200);
}

TEST(HandlerPoolTest, WhateverAHandlerThrowsBecomesA500) {
    HandlerPool pool(1, 10);
    Call exception, number, after;
    pool.Run({}, Responder(exception.sink),
             [](Request&&, Responder) { throw std::runtime_error("secret"); });
    pool.Run({}, Responder(number.sink), [](Request&&, Responder) { throw 42; });
    pool.Run({}, Responder(after.sink), Ok);
    Response response = exception.answer.get();
    EXPECT_EQ(response.status, 500);
    EXPECT_EQ(response.body.find("secret"), std::string::npos);
    EXPECT_EQ(number.answer.get().status, 500);
    EXPECT_EQ(after.answer.get().status, 200);
}

TEST(HandlerPoolTest, TheDestructorAnswersWhatIsQueued) {
    Call running, queued;
    std::promise<void> started;
    std::promise<void> release;
    auto pool = std::make_unique<HandlerPool>(1, 10);
    pool->Run({}, Responder(running.sink), [&](Request&& request, Responder responder) {
        started.set_value();
        release.get_future().wait();
        Ok(std::move(request), std::move(responder));
    });
    started.get_future().wait();
    pool->Run({}, Responder(queued.sink), Ok);
    std::thread destroyer([&] { pool.reset(); });
    release.set_value();
    destroyer.join();
    EXPECT_EQ(running.answer.get().status, 200);
    int status = queued.answer.get().status;
    EXPECT_TRUE(status == 500 || status == 200)
        << status;  // 200 if it was taken before the destructor began.
}

}  // namespace
}  // namespace yard::http
