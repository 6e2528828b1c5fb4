// Coroutines: blk::task is what an asynchronous block's run() returns, blk::async<T> what the
// coroutines it is made of return.
//   no thread_local and no lock across co_await: the next step may run on another thread.
#pragma once
#include "blk/call.hpp"

namespace blk {

// Sends one output; suspends while it is full. co_yield port(value) in run(), co_await
// blk::send(c, port(value)) in a blk::async.
class send final : public sink {
public:
    send(call& c, const out& o) : c_(c), out_(o) {}
    ~send() { c_.remove(this); }

    bool await_ready() { return attempt(); }
    void await_suspend(std::coroutine_handle<> h) { c_.suspend(this, h); }
    void await_resume() const {
        if (status_ < 0) throw error(status_, "the output was not taken");
    }
    void on(const blk_event&) override { attempt(); }
    bool ready() const override { return status_ != BLK_WAIT; }

private:
    bool attempt() {
        status_ = c_.raw()->emit(c_.raw(), str(out_.port()), out_.value());
        return ready();
    }

    call& c_;
    const out& out_;
    blk_status status_ = BLK_WAIT;
};

struct task {
    struct promise_type {
        call* c;
        blk_status code = BLK_DONE;
        template <class Block, class... A>
        promise_type(Block&, call& cc, A&&...) : c(&cc) {}
        task get_return_object() {
            return {std::coroutine_handle<promise_type>::from_promise(*this)};
        }
        std::suspend_always initial_suspend() noexcept { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        void return_void() noexcept {}
        void unhandled_exception() noexcept {
            code = guard(c->raw(), []() -> blk_status { throw; });
        }
        send yield_value(const out& o) { return send(*c, o); }
    };
    std::coroutine_handle<promise_type> handle;
};

// A part of a coroutine: blk::async<std::string> ask(blk::call& c, ...); text = co_await ask(c, ...);
// Starts when awaited. Parameters that it uses after its first co_await must be by value or outlive it.
template <class T>
class [[nodiscard]] async {
public:
    struct promise_type;
    using handle = std::coroutine_handle<promise_type>;

    explicit async(handle h) : h_(h) {}
    async(async&& other) noexcept : h_(std::exchange(other.h_, {})) {}
    ~async() {
        if (h_) h_.destroy();
    }

    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) noexcept {
        h_.promise().caller = caller;
        return h_;
    }
    T await_resume() {
        auto& p = h_.promise();
        if (p.failure) std::rethrow_exception(p.failure);
        if constexpr (!std::is_void_v<T>) return std::move(*p.result);
    }

private:
    handle h_;
};

namespace detail {
template <class T>
struct async_result {
    std::optional<T> result;
    template <class U>
    void return_value(U&& v) {
        result.emplace(std::forward<U>(v));
    }
};
template <>
struct async_result<void> {
    void return_void() noexcept {}
};
}  // namespace detail

template <class T>
struct async<T>::promise_type : detail::async_result<T> {
    std::coroutine_handle<> caller;
    std::exception_ptr failure;

    async get_return_object() { return async(handle::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept {
        struct back {
            bool await_ready() noexcept { return false; }
            std::coroutine_handle<> await_suspend(handle h) noexcept { return h.promise().caller; }
            void await_resume() noexcept {}
        };
        return back{};
    }
    void unhandled_exception() noexcept { failure = std::current_exception(); }
};

}  // namespace blk
