// Blocks that take their time or break their promises, for tests of the whole server.
#include <blk/blk.hpp>

#include <stdexcept>
#include <string>

namespace {

constexpr blk::port<std::string> text{"text"};
constexpr blk::port<int64_t> number{"number"};

struct text_in {
    std::string text;
    BLK_IN(text)
};

// Gives the text back after a while, without holding a thread.
struct Delay {
    static constexpr const char *id = "test.e2e.delay", *name = "DelayBlock";
    struct in {
        std::string text;
        int64_t delay_ms;
        BLK_IN(text, delay_ms)
    };
    BLK_OUT(text)
    blk::task run(blk::call& c, in i) {
        co_await blk::sleep(c, i.delay_ms);
        co_yield text(i.text);
    }
};

struct Throw {
    static constexpr const char *id = "test.e2e.throw", *name = "ThrowBlock";
    using in = text_in;
    BLK_OUT(text)
    void run(blk::call&, in i) { throw std::runtime_error("thrown: " + i.text); }
};

// Holds its thread until it is cancelled, and never looks at anything else.
struct Busy {
    static constexpr const char *id = "test.e2e.busy", *name = "BusyBlock";
    using in = text_in;
    BLK_OUT(text)
    void run(blk::call& c, in i) {
        while (!c.cancelled()) continue;
        c.emit(text(i.text));
    }
};

// Does not even notice a cancellation.
struct Endless {
    static constexpr const char *id = "test.e2e.endless", *name = "EndlessBlock";
    using in = text_in;
    BLK_OUT(text)
    void run(blk::call&, in i) {
        volatile size_t sum = i.text.size();
        while (true) sum = sum + 1;
    }
};

struct Undeclared {
    static constexpr const char *id = "test.e2e.undeclared", *name = "UndeclaredBlock";
    using in = text_in;
    BLK_OUT(text)
    void run(blk::call& c, in i) { c.emit("surprise", i.text); }
};

// Declares a number and emits a text.
struct WrongType {
    static constexpr const char *id = "test.e2e.wrong_type", *name = "WrongTypeBlock";
    using in = text_in;
    BLK_OUT(number)
    void run(blk::call& c, in i) { c.emit("number", i.text); }
};

// Emits good outputs before it fails.
struct HalfWay {
    static constexpr const char *id = "test.e2e.half_way", *name = "HalfWayBlock";
    using in = text_in;
    BLK_OUT(text)
    void run(blk::call& c, in i) {
        c.emit(text(i.text));
        blk::fail("gave up half way");
    }
};

}  // namespace

BLK_PLUGIN("test.e2e_blocks", "1.0.0", Delay, Throw, Busy, Endless, Undeclared, WrongType, HalfWay)
