// Blocks whose behaviour the SDK's tests look at: every style of running, waiting and failing.
#include <blk/blk.hpp>

namespace {

constexpr blk::port<int64_t> number{"number"};
constexpr blk::port<std::string> text{"text"};
constexpr blk::port<blk::json> value{"value"};

struct count_in {
    int64_t count;
    BLK_IN(count)
};

struct CountPure {
    static constexpr const char *id = "test.count_pure", *name = "CountPureBlock";
    static constexpr bool pure = true;
    using in = count_in;
    BLK_OUT(number)
    void run(blk::call& c, in i) {
        for (int64_t k = 0; k < i.count; ++k) c.emit(number(k));
    }
};

struct CountBlocking {
    static constexpr const char *id = "test.count_blocking", *name = "CountBlockingBlock";
    using in = count_in;
    BLK_OUT(number)
    void run(blk::call& c, in i) {
        for (int64_t k = 0; k < i.count; ++k) c.emit(number(k));
    }
};

struct CountTask {
    static constexpr const char *id = "test.count_task", *name = "CountTaskBlock";
    using in = count_in;
    BLK_OUT(number)
    blk::task run(blk::call&, in i) {
        for (int64_t k = 0; k < i.count; ++k) co_yield number(k);
    }
};

struct CountAsync {
    static constexpr const char *id = "test.count_async", *name = "CountAsyncBlock";
    using in = count_in;
    BLK_OUT(number)

    static blk::async<int64_t> half(blk::call& c, int64_t from, int64_t to) {
        for (int64_t k = from; k < to; ++k) co_await blk::send(c, number(k));
        co_return to;
    }
    blk::task run(blk::call& c, in i) {
        int64_t middle = co_await half(c, 0, i.count / 2);
        co_await half(c, middle, i.count);
    }
};

struct throw_in {
    std::string what;
    blk::defaulted<bool> late = false;
    BLK_IN(what, late)
};

void throw_it(const std::string& what) {
    if (what == "std") throw std::runtime_error("a bug");
    if (what == "other") throw 42;
    if (what == "memory") throw std::bad_alloc();
    if (what == "fail") blk::fail("a bad input");
    if (what == "denied") throw blk::error(BLK_E_DENIED, "not for you");
}

struct ThrowPure {
    static constexpr const char *id = "test.throw_pure", *name = "ThrowPureBlock";
    static constexpr bool pure = true;
    using in = throw_in;
    void run(blk::call&, in i) { throw_it(i.what); }
};

struct ThrowBlocking {
    static constexpr const char *id = "test.throw_blocking", *name = "ThrowBlockingBlock";
    using in = throw_in;
    void run(blk::call& c, in i) {
        if (i.late) c.wait(blk::sleep(c, 1));
        throw_it(i.what);
    }
};

struct ThrowTask {
    static constexpr const char *id = "test.throw_task", *name = "ThrowTaskBlock";
    using in = throw_in;
    static blk::async<void> inner(blk::call& c, bool late, std::string what) {
        if (late) co_await blk::sleep(c, 1);
        throw_it(what);
    }
    blk::task run(blk::call& c, in i) { co_await inner(c, i.late, i.what); }
};

struct url_in {
    std::string url;
    BLK_IN(url)
};

// Two requests at once, then a pause, then the bodies.
struct FetchTask {
    static constexpr const char *id = "test.fetch_task", *name = "FetchTaskBlock";
    using in = url_in;
    BLK_OUT(text, value)
    blk::task run(blk::call& c, in i) {
        blk::fetch first(c, blk::request::get(i.url + "/1"));
        blk::fetch second(c, blk::request::get(i.url + "/2"));
        blk::response b = co_await second;
        blk::response a = co_await first;
        co_await blk::sleep(c, 5);
        co_yield text(a.body + "|" + b.body);
        auto head = blk::json::object(
            {{"status", a.status}, {"url", a.url}, {"type", a.header("content-type")}});
        co_yield value(head);
    }
};

struct FetchBlocking {
    static constexpr const char *id = "test.fetch_blocking", *name = "FetchBlockingBlock";
    using in = url_in;
    BLK_OUT(text)
    void run(blk::call& c, in i) {
        blk::response r = c.wait(blk::fetch(c, blk::request::get(i.url)));
        c.wait(blk::sleep(c, 5));
        blk::stream body(c, blk::request::get(i.url));
        std::string all = r.body;
        while (auto piece = c.wait(body.next())) all += "+" + *piece;
        c.emit(text(all));
    }
};

struct Child {
    static constexpr const char *id = "test.child", *name = "ChildBlock";
    struct in {
        std::string graph_id;
        blk::dict inputs;
        BLK_IN(graph_id, inputs)
    };
    blk::task run(blk::call& c, in i) {
        blk::run_graph child(c, i.graph_id, 3, i.inputs);
        while (auto o = co_await child.next()) co_yield blk::out(o->name, o->value);
        c.add_stats(child.stats());
    }
};

class Settings {
public:
    static constexpr const char *id = "test.settings", *name = "SettingsBlock";
    static constexpr bool pure = true;
    struct in {
        std::string key;
        BLK_IN(key)
    };
    BLK_OUT(value)
    explicit Settings(const blk::json& config) : config_(config) {
        if (config["broken"].present()) blk::fail("the settings are broken");
    }
    void run(blk::call& c, in i) {
        c.log(2, "read a setting", blk::json::object({{"key", i.key}}));
        c.emit("value", config_[i.key]);
        c.emit("user", c.context("user_id"));
    }

private:
    blk::json config_;
};

// Eight inputs and eight outputs, for the cost of a call.
struct Eight {
    static constexpr const char *id = "test.eight", *name = "EightBlock";
    static constexpr bool pure = true;
    struct in {
        std::string_view a, b, c, d;
        int64_t e, f;
        double g;
        blk::json h;
        BLK_IN(a, b, c, d, e, f, g, h)
    };
    static constexpr blk::port<std::string_view> a{"a"}, b{"b"}, c{"c"}, d{"d"};
    static constexpr blk::port<int64_t> e{"e"}, f{"f"};
    static constexpr blk::port<double> g{"g"};
    static constexpr blk::port<blk::json> h{"h"};
    BLK_OUT(a, b, c, d, e, f, g, h)
    void run(blk::call& k, in i) {
        k.emit(a(i.a));
        k.emit(b(i.b));
        k.emit(c(i.c));
        k.emit(d(i.d));
        k.emit(e(i.e));
        k.emit(f(i.f));
        k.emit(g(i.g));
        k.emit(h(i.h));
    }
};

}  // namespace

BLK_PLUGIN("test.behaviours", "1.0.0", CountPure, CountBlocking, CountTask, CountAsync, ThrowPure,
           ThrowBlocking, ThrowTask, FetchTask, FetchBlocking, Child, Settings, Eight)
