// Blocks that throw; the SDK's barrier turns that into a status.

#include <blk/blk.hpp>

#include <stdexcept>

struct throws_standard {
    static constexpr const char* id = "00000000-0000-4000-8000-000000000051";
    static constexpr const char* name = "ThrowsStandardBlock";
    struct in {
        std::string text;
        BLK_IN(text)
    };
    static constexpr blk::port<std::string> out{"out"};
    BLK_OUT(out)

    void run(blk::call&, in) { throw std::runtime_error("it went wrong"); }
};

struct throws_anything {
    static constexpr const char* id = "00000000-0000-4000-8000-000000000052";
    static constexpr const char* name = "ThrowsAnythingBlock";
    struct in {
        std::string text;
        BLK_IN(text)
    };
    static constexpr blk::port<std::string> out{"out"};
    BLK_OUT(out)

    void run(blk::call&, in) { throw 42; }
};

struct throws_expected {
    static constexpr const char* id = "00000000-0000-4000-8000-000000000053";
    static constexpr const char* name = "ThrowsExpectedBlock";
    struct in {
        std::string text;
        BLK_IN(text)
    };
    static constexpr blk::port<std::string> out{"out"};
    BLK_OUT(out)

    blk::task run(blk::call& c, in i) {
        co_await blk::sleep(c, 1);
        throw blk::error(BLK_E_INVALID, i.text);
    }
};

BLK_PLUGIN("test.throwing", "1.0.0", throws_standard, throws_anything, throws_expected)
