// From a class to a blk_block: the declaration, the trampolines and the entry point.
#pragma once
#include "blk/ops.hpp"

namespace blk {

// What a block says about itself besides its types; see sdk/README.md. Filled by an optional
//   static void describe(blk::declaration& d);
class declaration {
public:
    declaration(std::string id, std::string name, model in, model out)
        : id_(std::move(id)), name_(std::move(name)), in_(std::move(in)), out_(std::move(out)) {}

    declaration& description(std::string_view v) { return description_ = v, *this; }
    declaration& category(std::string_view v) { return categories_.emplace_back(v), *this; }
    declaration& contributor(std::string_view v) { return contributors_.emplace_back(v), *this; }
    // "Standard" unless stated; "Input", "Output", "Agent", "AI", "Note", ...
    declaration& ui_type(std::string_view v) { return ui_type_ = v, *this; }
    declaration& static_output() { return static_output_ = true, *this; }
    declaration& sensitive_action() { return sensitive_ = true, *this; }
    // The first entry whose filter matches the input decides. Type: run, second or byte.
    declaration& cost(int64_t amount, std::string_view filter_json = "{}",
                      std::string_view type = "run") {
        schema s;
        s.set("cost_amount", std::to_string(amount)).set("cost_filter", std::string(filter_json));
        return costs_.push_back(s.set("cost_type", quote(type)).text()), *this;
    }
    field& input(std::string_view name) { return in_.at(name); }
    field& output(std::string_view name) { return out_.at(name); }
    model& inputs() { return in_; }
    model& outputs() { return out_; }
    // Graph interface blocks have no output "error"; every other block gets one.
    declaration& no_error_output() { return error_output_ = false, *this; }

    std::string text(uint32_t flags);

private:
    static std::string join(const std::vector<std::string>& texts) {
        std::string all;
        for (const std::string& text : texts) all += (all.empty() ? "" : ",") + text;
        return "[" + all + "]";
    }

    std::string id_, name_, description_, ui_type_ = "Standard";
    std::vector<std::string> categories_, contributors_, costs_;
    model in_, out_;
    bool static_output_ = false, sensitive_ = false, error_output_ = true;
};

inline std::string declaration::text(uint32_t flags) {
    if (error_output_ && !out_.has("error")) {
        field e("error", codec<std::string>::type(), false, "\"\"");
        out_.add(e.description("Error message if the operation failed"), true);
    }
    std::vector<std::string> credentials, contributors, flag_names;
    for (const field& f : in_.fields()) {
        f.check();
        if (f.is_credential()) credentials.push_back(f.credential_text());
    }
    for (const std::string& c : contributors_) {
        contributors.push_back(schema().set("name", quote(c)).text());
    }
    if (flags & BLK_F_BLOCKING) flag_names.push_back("blocking");
    if (flags & BLK_F_SERIAL) flag_names.push_back("serial");
    auto boolean = [](bool v) { return v ? "true" : "false"; };
    schema s;
    s.set("id", quote(id_)).set("name", quote(name_)).set("description", quote(description_));
    s.set("categories", text_list(categories_)).set("contributors", join(contributors));
    s.set("uiType", quote(ui_type_)).set("staticOutput", boolean(static_output_));
    s.set("is_sensitive_action", boolean(sensitive_)).set("flags", text_list(flag_names));
    s.set("inputSchema", in_.schema_of().text()).set("outputSchema", out_.schema_of().text());
    return s.set("costs", join(costs_)).set("credentials", join(credentials)).text();
}

template <class B>
concept asynchronous = requires(B& b, call& c, typename B::in i) {
    { b.run(c, std::move(i)) } -> std::same_as<task>;
};
// Runs inside step on a shared worker: no waiting, no HTTP, soon done.
template <class B>
concept pure = requires { requires B::pure; };

template <class B>
class adapter {
    static_assert(!(asynchronous<B> && pure<B>), "a pure block returns void, it never waits");

    struct state {
        B& block;
        call c;
        std::coroutine_handle<task::promise_type> handle{};
        state(B& b, blk_call* raw) : block(b), c(raw) {}
        state(const state&) = delete;
        ~state() {
            if (handle) handle.destroy();  // cancelling is destruction: locals unwind by RAII
        }
    };

    static constexpr uint32_t flags() {
        uint32_t bits = asynchronous<B> || pure<B> ? 0 : BLK_F_BLOCKING;
        if constexpr (requires { requires B::serial; }) bits |= BLK_F_SERIAL;
        return bits;
    }

    static declaration declare() {
        model out("Output");
        if constexpr (requires { B::blk_ports([](const auto&) {}); }) {
            B::blk_ports([&]<class T>(const port<T>& p) {
                field& f = out.add(typed_field<T>(p.name, true, std::nullopt));
                if (*p.description) f.description(p.description);
            });
        }
        typename B::in in{};
        B::in::blk_visit(in, [](const char* name, auto& member) {
            if constexpr (std::is_same_v<std::remove_cvref_t<decltype(member)>, bool>) {
                fail("\"" + std::string(name) + "\" needs a default: blk::defaulted<bool>");
            }
        });
        declaration d(B::id, B::name, make_model<typename B::in>(false), std::move(out));
        if constexpr (requires { B::describe(d); }) B::describe(d);
        return d;
    }

    // A wrong declaration is told by `blkc manifest`, which refuses an entry with "error".
    static std::string spec() {
        try {
            return declare().text(flags());
        } catch (const std::exception& e) {
            schema s;
            return s.set("id", quote(B::id)).set("name", quote(B::name)).set("error", quote(e.what())).text();
        }
    }

    static void* create(const blk_host*, blk_tape config) noexcept {
        B* block = nullptr;
        guard(nullptr, [&] {
            if constexpr (std::is_constructible_v<B, const json&>) {
                block = new B(json::copy(view(config)));
            } else {
                block = new B();
            }
            return BLK_OK;
        });
        return block;
    }
    static void destroy(void* p) noexcept { delete static_cast<B*>(p); }

    static void* open(void* p, blk_call* c) noexcept {
        return new (std::nothrow) state(*static_cast<B*>(p), c);
    }
    static void close(void* p) noexcept { delete static_cast<state*>(p); }

    static blk_status start(state& s) {
        auto in = as<typename B::in>(s.c.input());
        if constexpr (asynchronous<B>) {
            s.handle = s.block.run(s.c, std::move(in)).handle;
            return resume(s, s.handle);
        } else {
            if constexpr (pure<B>) s.c.keep_outputs();
            s.block.run(s.c, std::move(in));
            return s.c.keeps_outputs() ? BLK_WAIT : BLK_DONE;
        }
    }
    static blk_status resume(state& s, std::coroutine_handle<> h) {
        h.resume();
        return s.handle.done() ? s.handle.promise().code : BLK_WAIT;
    }
    static blk_status flush(state& s) {
        blk_status status = s.c.send_kept();
        if (status < 0) throw error(status, "the output was not taken");
        return status == BLK_OK ? BLK_DONE : status;
    }

    static blk_status step(void* p, blk_call* c, const blk_event* e) noexcept {
        state& s = *static_cast<state*>(p);
        s.c.rebind(c);
        return guard(c, [&]() -> blk_status {
            if (e->kind == BLK_EV_START) return start(s);
            if constexpr (!asynchronous<B>) return flush(s);
            s.c.dispatch(*e);
            auto next = s.c.runnable();
            return next ? resume(s, next) : BLK_WAIT;
        });
    }

public:
    static const blk_block* block() {
        static const std::string text = spec();
        static const blk_block b{sizeof(blk_block), flags(), str(B::id), str(text), create,
                                 destroy,           open,    step,       close};
        return &b;
    }
};

using block_list = std::vector<const blk_block*>;

// The blocks of one source file: blk::block_list text_blocks() { return blk::blocks<A, B>(); }
template <class... B>
block_list blocks() {
    return {adapter<B>::block()...};
}

inline block_list join(std::initializer_list<block_list> lists) {
    block_list all;
    for (const block_list& list : lists) {
        for (const blk_block* block : list) all.push_back(block);
    }
    return all;
}

}  // namespace blk

#define BLK_EXPAND(...) BLK_E4(BLK_E4(BLK_E4(BLK_E4(__VA_ARGS__))))
#define BLK_E4(...) BLK_E3(BLK_E3(BLK_E3(BLK_E3(__VA_ARGS__))))
#define BLK_E3(...) BLK_E2(BLK_E2(BLK_E2(BLK_E2(__VA_ARGS__))))
#define BLK_E2(...) __VA_ARGS__
#define BLK_PARENS ()
#define BLK_AGAIN() BLK_EACH_
#define BLK_EACH_(m, a, ...) m(a) __VA_OPT__(BLK_AGAIN BLK_PARENS(m, __VA_ARGS__))
#define BLK_EACH(m, ...) __VA_OPT__(BLK_EXPAND(BLK_EACH_(m, __VA_ARGS__)))
#define BLK_FIELD_(x) blk_f(#x, blk_self.x);
#define BLK_PORT_(x) blk_f(x);

// The fields of a struct, in schema order, and its title. BLK_IN is for a block's input and for
// structs that are only written.
#define BLK_MODEL(title_text, ...)                               \
    static constexpr const char* blk_title = title_text;         \
    template <class Self, class F>                               \
    static void blk_visit([[maybe_unused]] Self& blk_self, [[maybe_unused]] F&& blk_f) { \
        BLK_EACH(BLK_FIELD_, __VA_ARGS__)                        \
    }
#define BLK_IN(...) BLK_MODEL("Input" __VA_OPT__(,) __VA_ARGS__)

// The outputs of a block, in schema order.
#define BLK_OUT(...)                    \
    template <class F>                  \
    static void blk_ports(F&& blk_f) {  \
        BLK_EACH(BLK_PORT_, __VA_ARGS__) \
    }

#ifndef BLK_NEED_MINOR
#define BLK_NEED_MINOR 0u  // raise it when the plugin does not work on older hosts
#endif

// Once per plugin: id, version and the block classes, or for several source files their block lists.
#define BLK_PLUGIN(plugin_id, plugin_version, ...) \
    BLK_PLUGIN_OF(plugin_id, plugin_version, ::blk::blocks<__VA_ARGS__>())
#define BLK_PLUGIN_OF(plugin_id, plugin_version, ...)                                             \
    extern "C" BLK_EXPORT const blk_plugin* blk_plugin_entry_v1(void) noexcept {                  \
        static const ::blk::block_list blocks = ::blk::join({__VA_ARGS__});                       \
        static const blk_plugin plugin{                                                           \
            sizeof(blk_plugin), BLK_ABI_MAJOR, BLK_ABI_MINOR, BLK_NEED_MINOR,                     \
            static_cast<uint32_t>(blocks.size()), ::blk::str(plugin_id), ::blk::str(plugin_version), \
            ::blk::str("blk.hpp 1.0"), blocks.data(), nullptr, nullptr};                          \
        return &plugin;                                                                           \
    }                                                                                             \
    BLK_NOTE(BLK_NEED_MINOR)
