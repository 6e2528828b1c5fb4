// Blocks that keep, show or annotate a value.
#include "plugins/basic/blocks.h"

namespace {

using blk::view;

// False, zero, nothing and everything empty.
bool falsy(view v) {
    if (v.is_bool()) return !v.as_bool();
    if (v.is_number()) return v.as_double() == 0;
    if (v.is_string()) return v.as_string().empty();
    return v.empty();
}

struct StoreValue {
    static constexpr const char *id = "1ff065e9-88e8-4358-9d82-8dc91f622ba9",
                                *name = "StoreValueBlock";
    static constexpr bool pure = true;
    struct in {
        blk::json input;
        blk::defaulted<blk::json> data = blk::json(nullptr);
        BLK_IN(input, data)
    };
    static constexpr blk::port<blk::json> output{"output",
                                                 "The stored data retained in the block."};
    BLK_OUT(output)

    static void describe(blk::declaration& d) {
        d.category("BASIC").static_output().description(
            "A basic block that stores and forwards a value throughout workflows, allowing it to "
            "be reused "
            "without changes across multiple blocks.");
        d.input("input").description(
            "Trigger the block to produce the output. The value is only used when `data` is None.");
        d.input("data").description(
            "The constant data to be retained in the block. This value is passed as `output`.");
    }

    void run(blk::call& c, in i) { c.emit(output(falsy(*i.data) ? i.input : *i.data)); }
};

struct Note {
    static constexpr const char *id = "cc10ff7b-7753-4ff2-9af6-9399b1a7eddc", *name = "NoteBlock";
    static constexpr bool pure = true;
    struct in {
        std::string_view text;
        BLK_IN(text)
    };
    static constexpr blk::port<std::string_view> output{"output",
                                                        "The text to display in the sticky note."};
    BLK_OUT(output)

    static void describe(blk::declaration& d) {
        d.category("BASIC").ui_type("Note").description(
            "A visual annotation block that displays a sticky note in the workflow editor for "
            "documentation and "
            "organization purposes.");
        d.input("text").description("The text to display in the sticky note.");
    }

    void run(blk::call& c, in i) { c.emit(output(i.text)); }
};

struct PrintToConsole {
    static constexpr const char *id = "f3b1c1b2-4c4f-4f0d-8d2f-4c4f0d8d2f4c",
                                *name = "PrintToConsoleBlock";
    static constexpr bool pure = true;
    struct in {
        blk::json text;
        BLK_IN(text)
    };
    static constexpr blk::port<blk::json> output{"output", "The data printed to the console."};
    static constexpr blk::port<std::string_view> status{"status",
                                                        "The status of the print operation."};
    BLK_OUT(output, status)

    static void describe(blk::declaration& d) {
        d.category("BASIC").sensitive_action().description(
            "A debugging block that outputs text to the console for monitoring and troubleshooting "
            "workflow "
            "execution.");
        d.input("text").description("The data to print to the console.");
    }

    // The host's log is the console of a server: its lines carry the node they came from.
    void run(blk::call& c, in i) {
        const view text = i.text;
        c.log(2,
              text.is_string() ? std::string(text.as_string()) : std::string(c.write_json(text)));
        c.emit(output(i.text));
        c.emit(status("printed"));
    }
};

}  // namespace

blk::block_list store_blocks() { return blk::blocks<StoreValue, Note, PrintToConsole>(); }
