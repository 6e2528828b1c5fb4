// A running block's view of the host: outputs, services, cancellation, and what events are for.
#pragma once
#include "blk/codec.hpp"

#include <coroutine>

namespace blk {

// The barrier: no exception leaves a plugin.
template <class F>
blk_status guard(blk_call* c, F&& f) noexcept {
    auto say = [&](blk_status status, std::string_view message) {
        if (c) c->set_error(c, status, str(message));
        return status;
    };
    try {
        return f();
    } catch (const error& e) {
        return say(e.code, e.what());
    } catch (const std::bad_alloc&) {
        return say(BLK_E_NOMEM, "out of memory");
    } catch (const std::exception& e) {
        return say(BLK_E_INTERNAL, e.what());
    } catch (...) {
        return say(BLK_E_INTERNAL, "unknown exception");
    }
}

// One output. It borrows from the value it was made of: pass it on in the expression that makes it.
class [[nodiscard]] out {
public:
    template <class T>
    out(std::string_view port, const T& v) : port_(port) {
        if constexpr (scalar<T>) token_ = codec<T>::token(v);
        else if constexpr (std::is_same_v<T, tape>) value_.copy(v.as_view());
        else put(value_, v);
    }
    out(const out&) = delete;

    std::string_view port() const { return port_; }
    blk_tape value() const { return value_.complete() ? value_.raw() : blk_tape{&token_, 1}; }

private:
    std::string_view port_;
    blk_tok token_{};
    tape value_;
};

// A declared output: static constexpr blk::port<std::string> text{"text", "The filled text"};
template <class T>
struct port {
    const char* name;
    const char* description = "";
    // Anything a T can be made of, without making one where the T would only be copied.
    out operator()(const T& v) const { return {name, v}; }
    out operator()(view v) const
        requires std::derived_from<T, json>
    {
        return {name, v};
    }
    out operator()(const tape& v) const
        requires std::derived_from<T, json>
    {
        return {name, v};
    }
    out operator()(std::string_view v) const
        requires std::is_same_v<T, std::string>
    {
        return {name, v};
    }
    out operator()(const char* v) const
        requires std::is_same_v<T, std::string>
    {
        return {name, std::string_view(v)};
    }
};

// Something that events are for; lives in the frame of the block that waits for it. Its address is
// known to the call, so it does not move.
class sink {
public:
    blk_op op = 0;
    sink() = default;
    sink(const sink&) = delete;
    virtual void on(const blk_event&) = 0;
    virtual bool ready() const = 0;

protected:
    ~sink() = default;
};

class call {
public:
    explicit call(blk_call* c) : c_(c) {}
    call(const call&) = delete;

    blk_call* raw() const { return c_; }
    view input() const { return view(c_->input); }
    std::string_view run_id() const { return sv(c_->run_id); }
    std::string_view node_id() const { return sv(c_->node_id); }
    // Facts about the execution, absent if unknown; abi.h has the keys.
    view context(std::string_view key) const {
        return BLK_HAS(c_, context) ? view(c_->context)[key] : view();
    }
    bool cancelled() const { return c_->poll_cancel(c_) < 0; }

    // Blocking and pure blocks. Blocks the thread while the output is full; a pure block's outputs
    // are kept instead and sent when there is room.
    void emit(const out& o);
    template <class T>
    void emit(std::string_view port, const T& v) {
        emit(out(port, v));
    }

    // Blocking blocks: waits for what a coroutine would co_await.
    //   blk::response r = c.wait(blk::fetch(c, request));
    template <class Awaitable>
    auto wait(Awaitable&& a) {
        while (!a.await_ready()) pump();
        return a.await_resume();
    }

    // Level: 0 trace, 1 debug, 2 info, 3 warning, 4 error.
    void log(int level, std::string_view message, const json& facts = {}) const {
        auto* api = service<blk_log_api>(BLK_SVC_LOG);
        if (api && api->enabled(c_, level)) api->log(c_, level, str(message), facts.raw());
    }
    // Numbers that are added to the node's statistics; dropped if the host keeps none.
    void add_stats(const json& numbers) const {
        auto* api = service<blk_stats_api>(BLK_SVC_STATS);
        if (!api) return;
        if (blk_status s = api->add(c_, numbers.raw()); s < 0) throw error(s, "add_stats");
    }
    // Lives until the call ends. Malformed text throws BLK_E_INVALID.
    view parse_json(std::string_view text) const {
        blk_tape value{};
        blk_status s = need<blk_json_api>(BLK_SVC_JSON)->parse(c_, str(text), &value);
        if (s < 0) throw error(s, "the text is not valid JSON");
        return view(value);
    }
    // Lives until the call ends.
    template <class T>
    std::string_view write_json(const T& v) const {
        tape t;
        put(t, v);
        blk_str text{};
        blk_status s = need<blk_json_api>(BLK_SVC_JSON)->write(c_, t.raw(), &text);
        if (s < 0) throw error(s, "the value cannot be written as JSON");
        return sv(text);
    }

    // A host service by its id, or nullptr / an exception when the host has none or says no.
    template <class Api>
    const Api* service(std::string_view id) const {
        return static_cast<const Api*>(c_->host->get_service(c_->host, str(id)));
    }
    template <class Api>
    const Api* need(std::string_view id) const {
        if (auto* api = service<Api>(id)) return api;
        throw error(BLK_E_DENIED, "the host service " + std::string(id) + " is absent or not permitted");
    }

    // ---- for sinks and the adapter
    void add(sink* s) { sinks_.push_back(s); }
    void remove(sink* s) {
        std::erase(sinks_, s);
        if (waiting_ == s) waiting_ = nullptr;
    }
    void suspend(sink* s, std::coroutine_handle<> h) {
        waiting_ = s;
        resume_ = h;
    }
    void dispatch(const blk_event& e) {
        if (e.kind == BLK_EV_DRAIN) {
            if (waiting_ && waiting_->op == 0) waiting_->on(e);
            return;
        }
        for (sink* s : sinks_) {
            if (e.op && s->op == e.op) return s->on(e);
        }
    }
    // The coroutine to go on with, or none while what it waits for is not there.
    std::coroutine_handle<> runnable() {
        if (!waiting_ || !waiting_->ready()) return {};
        waiting_ = nullptr;
        return std::exchange(resume_, {});
    }
    void rebind(blk_call* c) { c_ = c; }
    void keep_outputs() { keep_outputs_ = true; }
    bool keeps_outputs() const { return !kept_.empty(); }  // until the DRAIN event
    // Sends what was kept; BLK_WAIT if the output is still full.
    blk_status send_kept() {
        while (!kept_.empty()) {
            auto& [port, value] = kept_.front();
            if (blk_status s = c_->emit(c_, str(port), value.raw()); s != BLK_OK) return s;
            kept_.pop_front();
        }
        return BLK_OK;
    }

private:
    void pump() {
        blk_event e{};
        e.struct_size = sizeof e;
        if (blk_status s = c_->wait(c_, &e); s < 0) throw error(s, "the wait was ended by the host");
        dispatch(e);
    }

    blk_call* c_;
    std::vector<sink*> sinks_;  // with an op under way
    sink* waiting_ = nullptr;
    std::coroutine_handle<> resume_;
    bool keep_outputs_ = false;
    std::deque<std::pair<std::string, json>> kept_;
};

inline void call::emit(const out& o) {
    if (keep_outputs_ && !kept_.empty()) {
        kept_.emplace_back(o.port(), json::copy(view(o.value())));
        return;
    }
    for (;;) {
        blk_status s = c_->emit(c_, str(o.port()), o.value());
        if (s == BLK_OK) return;
        if (s < 0) throw error(s, "the output was not taken");
        if (keep_outputs_) {
            kept_.emplace_back(o.port(), json::copy(view(o.value())));
            return;
        }
        pump();
    }
}

// Base of sinks that belong to one op. Subclasses start the op in their constructor and then join();
// the host forgets an op after its END event, so only unfinished ones are cancelled.
class op_sink : public sink {
public:
    void on(const blk_event& e) final {
        if (e.kind == BLK_EV_END) {
            ended_ = true;
            status_ = e.status;
            reason_ = sv(e.bytes);
        }
        take(e);
    }

protected:
    explicit op_sink(call& c) : c_(c) { c_.add(this); }
    ~op_sink() { c_.remove(this); }
    // Must be called from the destructor of the class that started the op.
    template <class Api>
    void cancel(std::string_view service) {
        if (ended_ || op == 0) return;
        if (auto* api = c_.service<Api>(service)) api->cancel(c_.raw(), op);
    }
    virtual void take(const blk_event&) = 0;
    void check(std::string_view what) const {
        if (status_ >= 0) return;
        throw error(status_, reason_.empty() ? std::string(what) + " failed" : reason_);
    }

    call& c_;
    bool ended_ = false;

private:
    blk_status status_ = BLK_OK;
    std::string reason_;
};

}  // namespace blk
