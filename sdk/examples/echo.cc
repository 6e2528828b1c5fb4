// The smallest block: pure, so it runs inside one step and needs no thread of its own.
#include <blk/blk.hpp>

struct Echo {
    static constexpr const char *id = "com.acme.echo", *name = "EchoBlock";
    static constexpr bool pure = true;
    struct in {
        std::string_view text;
        BLK_IN(text)
    };
    static constexpr blk::port<std::string_view> text{"text", "The same text"};
    BLK_OUT(text)

    void run(blk::call& c, in i) { c.emit(text(i.text)); }
};

BLK_PLUGIN("com.acme.echo", "1.0.0", Echo)
