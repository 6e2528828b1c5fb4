#include "api/http/handler_pool.h"

#include <exception>
#include <utility>

#include "base/log.h"

namespace yard::http {
namespace {

Response Overloaded() {
    Response response =
        MakeResponse(503, "application/json",
                     R"({"detail":"The server is overloaded; try again in a second."})");
    response.headers.Add("Retry-After", "1");
    return response;
}

}  // namespace

void CallHandler(const Handler& handler, Request&& request, Responder responder) {
    try {
        handler(std::move(request), std::move(responder));
    } catch (const std::exception& exception) {
        LogError("http", "A handler threw an exception.", {{"what", exception.what()}});
    } catch (...) {
        LogError("http", "A handler threw something that is not a std::exception.");
    }
}

HandlerPool::HandlerPool(int threads, size_t queue_max) : queue_max_(queue_max) {
    threads_.reserve(static_cast<size_t>(threads));
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

HandlerPool::~HandlerPool() {
    std::deque<Call> dropped;
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
        dropped.swap(queue_);
    }
    work_or_stop_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

void HandlerPool::Run(Request&& request, Responder responder, Handler handler) {
    {
        std::lock_guard lock(mutex_);
        if (queue_.size() < queue_max_ && !stopping_) {
            queue_.push_back({std::move(request), std::move(responder), std::move(handler)});
            work_or_stop_.notify_one();
            return;
        }
    }
    responder.Send(Overloaded());
}

size_t HandlerPool::queued() const {
    std::lock_guard lock(mutex_);
    return queue_.size();
}

void HandlerPool::Work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        work_or_stop_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (stopping_) return;
        {
            Call call = std::move(queue_.front());
            queue_.pop_front();
            lock.unlock();
            CallHandler(call.handler, std::move(call.request), std::move(call.responder));
        }  // What the handler captured is destroyed without the lock.
        lock.lock();
    }
}

}  // namespace yard::http
