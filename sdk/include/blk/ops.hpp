// What a block can wait for: HTTP, server-sent events, time, other graphs. Every one starts when it is
// constructed, so several may be under way, and is cancelled by its destructor.
#pragma once
#include "blk/task.hpp"

namespace blk {

struct request {
    std::string method = "GET", url, body;
    std::vector<std::pair<std::string, std::string>> headers;
    uint64_t timeout_ms = 0, max_response = 0;  // 0 = the host's limit; bytes
    bool follow_redirects = true;

    static request get(std::string url) { return make("GET", std::move(url)); }
    static request post(std::string url) { return make("POST", std::move(url)); }
    static request make(std::string method, std::string url) {
        request r;
        r.method = std::move(method);
        r.url = std::move(url);
        return r;
    }
    // how: "bearer", "basic", "header:x-api-key", "query:key". The host adds the secret.
    template <lit P>
    request& auth(const cred<P>& key, std::string how = "bearer") {
        return credential_ = key.handle, scheme_ = std::move(how), *this;
    }
    request& header(std::string name, std::string value) {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }
    template <class T>
    request& json(const call& c, const T& v) {
        body = c.write_json(v);
        return header("content-type", "application/json");
    }
    request& text(std::string content_type, std::string content) {
        body = std::move(content);
        return header("content-type", std::move(content_type));
    }
    request& timeout(uint64_t ms) { return timeout_ms = ms, *this; }

    blk_op start(call& c, uint32_t flags) const {
        auto* api = c.need<blk_http_api>(BLK_SVC_HTTP);
        std::vector<blk_header> lines;
        for (const auto& [name, value] : headers) lines.push_back({str(name), str(value)});
        blk_http_request r{};
        r.struct_size = sizeof r;
        r.flags = flags | (follow_redirects ? 0 : BLK_HTTP_NO_REDIRECT);
        r.method = str(method);
        r.url = str(url);
        r.headers = lines.data();
        r.header_count = lines.size();
        r.body = str(body);
        r.timeout_ms = timeout_ms;
        r.max_response = max_response;
        r.credential = credential_;
        r.auth_scheme = str(scheme_);
        blk_op op = 0;
        blk_status s = api->start(c.raw(), &r, &op);
        if (s < 0) throw error(s, "the request to " + url + " was refused by the host");
        return op;
    }

private:
    uint64_t credential_ = 0;
    std::string scheme_;
};

struct response {
    int status = 0;
    std::string url;  // after redirects
    json headers;     // lower-case name -> text
    std::string body;

    bool ok() const { return status >= 200 && status < 300; }
    std::string_view header(std::string_view lower_case_name) const {
        view v = headers[lower_case_name];
        return v.is_string() ? v.as_string() : std::string_view();
    }
    // Lives until the call ends.
    view parse(const call& c) const { return c.parse_json(body); }
    void take_head(const blk_event& e) {
        status = e.status;
        view data(e.data);
        if (data["url"].is_string()) url = data["url"].as_string();
        headers = json::copy(data["headers"]);
    }
};

// blk::response r = co_await blk::fetch(c, request);  A status of 4xx or 5xx is a response; no
// connection, a timeout or a refusal throws.
class fetch final : public op_sink {
public:
    fetch(call& c, const request& r) : op_sink(c) { op = r.start(c, 0); }
    ~fetch() { cancel<blk_http_api>(BLK_SVC_HTTP); }

    bool ready() const override { return ended_; }
    bool await_ready() const { return ready(); }
    void await_suspend(std::coroutine_handle<> h) { c_.suspend(this, h); }
    response await_resume() {
        check("the request");
        return std::move(response_);
    }

private:
    void take(const blk_event& e) override {
        if (e.kind == BLK_EV_HTTP_HEAD) response_.take_head(e);
        else if (e.kind == BLK_EV_HTTP_DATA) response_.body += sv(e.bytes);
    }

    response response_;
};

// A response that arrives in pieces.
//   blk::stream body(c, request);     // pieces of the body as they come
//   blk::sse events(c, request);      // server-sent events: one piece per "data:"
//   while (auto piece = co_await events.next()) ...
template <uint32_t Flags>
class basic_stream final : public op_sink {
public:
    basic_stream(call& c, const request& r) : op_sink(c) { op = r.start(c, Flags); }
    ~basic_stream() { cancel<blk_http_api>(BLK_SVC_HTTP); }

    bool ready() const override { return !pieces_.empty() || ended_; }
    // HTTP status; known once next() has returned. Of a failed answer the pieces are its body.
    int status() const { return head_.status; }
    const response& head() const { return head_; }

    auto next() {
        struct awaiter {
            basic_stream& s;
            bool await_ready() const { return s.ready(); }
            void await_suspend(std::coroutine_handle<> h) { s.c_.suspend(&s, h); }
            std::optional<std::string> await_resume() { return s.pop(); }
        };
        return awaiter{*this};
    }

private:
    void take(const blk_event& e) override {
        if (e.kind == BLK_EV_HTTP_HEAD) head_.take_head(e);
        else if (e.kind == BLK_EV_HTTP_DATA) pieces_.emplace_back(sv(e.bytes));
    }
    std::optional<std::string> pop() {
        if (pieces_.empty()) return check("the stream"), std::nullopt;
        std::string piece = std::move(pieces_.front());
        pieces_.pop_front();
        return piece;
    }

    response head_;
    std::deque<std::string> pieces_;
};

using stream = basic_stream<0>;
using sse = basic_stream<BLK_HTTP_SSE>;

// co_await blk::sleep(c, 1500);
class sleep final : public op_sink {
public:
    sleep(call& c, uint64_t ms) : op_sink(c) {
        blk_status s = c.need<blk_timer_api>(BLK_SVC_TIMER)->after_ms(c.raw(), ms, &op);
        if (s < 0) throw error(s, "the host refused a timer");
    }

    bool ready() const override { return fired_ || ended_; }
    bool await_ready() const { return ready(); }
    void await_suspend(std::coroutine_handle<> h) { c_.suspend(this, h); }
    void await_resume() const { check("the timer"); }

private:
    void take(const blk_event& e) override { fired_ = fired_ || e.kind == BLK_EV_TIMER; }

    bool fired_ = false;
};

// Another graph as a child of this run.
//   blk::run_graph child(c, graph_id, version, inputs);
//   while (auto o = co_await child.next()) co_yield blk::out(o->name, o->value);
class run_graph final : public op_sink {
public:
    struct output {
        std::string name;
        json value;
    };

    run_graph(call& c, std::string_view graph_id, int64_t version, view inputs, view masks = {})
        : op_sink(c) {
        blk_run_request r{};
        r.struct_size = sizeof r;
        r.graph_id = str(graph_id);
        r.graph_version = version;
        r.inputs = inputs.raw();
        r.nodes_input_masks = masks.raw();
        blk_status s = c.need<blk_run_api>(BLK_SVC_RUN)->start(c.raw(), &r, &op);
        if (s < 0) throw error(s, "the graph " + std::string(graph_id) + " could not be started");
    }
    ~run_graph() { cancel<blk_run_api>(BLK_SVC_RUN); }

    bool ready() const override { return !outputs_.empty() || ended_; }
    const json& stats() const { return stats_; }  // known once next() has returned nothing

    auto next() {
        struct awaiter {
            run_graph& r;
            bool await_ready() const { return r.ready(); }
            void await_suspend(std::coroutine_handle<> h) { r.c_.suspend(&r, h); }
            std::optional<output> await_resume() { return r.pop(); }
        };
        return awaiter{*this};
    }

private:
    void take(const blk_event& e) override {
        if (e.kind == BLK_EV_RUN_OUTPUT) {
            outputs_.push_back({std::string(sv(e.bytes)), json::copy(view(e.data))});
        } else if (e.kind == BLK_EV_END) {
            stats_ = json::copy(view(e.data));
        }
    }
    std::optional<output> pop() {
        if (outputs_.empty()) return check("the graph"), std::nullopt;
        output o = std::move(outputs_.front());
        outputs_.pop_front();
        return o;
    }

    std::deque<output> outputs_;
    json stats_;
};

}  // namespace blk
