// The block through which values leave a graph.
#include "plugins/graph_io/blocks.h"
#include "plugins/shared/template.h"

namespace {

struct AgentOutput {
    static constexpr const char *id = "363ae599-353e-4804-937e-b2ee3cef3da4",
                                *name = "AgentOutputBlock";
    static constexpr bool pure = true;
    struct in {
        blk::defaulted<blk::json> value = blk::json(nullptr);
        std::string_view name;
        std::optional<std::string_view> title;
        std::optional<std::string_view> description;
        blk::defaulted<std::string_view> format = "";
        blk::defaulted<bool> escape_html = false;
        blk::defaulted<bool> advanced = false;
        blk::defaulted<bool> secret = false;
        BLK_IN(value, name, title, description, format, escape_html, advanced, secret)
    };
    static constexpr blk::port<blk::json> output{"output", "The value recorded as output."};
    static constexpr blk::port<blk::json> output_name{"name",
                                                      "The name of the value recorded as output."};
    BLK_OUT(output, output_name)

    static void describe(blk::declaration& d) {
        d.category("BASIC").category("OUTPUT").ui_type("Output").static_output().no_error_output();
        d.description(
            "A block that records and formats workflow results for display to users, with optional "
            "Jinja2 template "
            "formatting support.");
        d.input("value").description("The value to be recorded as output.").advanced(false);
        d.input("name").description("The name of the output.");
        d.input("title").description("The title of the output.");
        d.input("description").description("The description of the output.");
        d.input("format").description(
            "The format string to be used to format the recorded_value. Use Jinja2 syntax.");
        d.input("escape_html")
            .description(
                "Whether to escape special characters in the inserted values to be HTML-safe. "
                "Enable for "
                "HTML output, disable for plain text.");
        d.input("advanced").description("Whether to treat the output as advanced.");
        d.input("secret").description("Whether the output should be treated as a secret.");
    }

    // A value that does not fit its format is shown with the reason: an output is never lost.
    static std::string formatted(const in& i) {
        try {
            return shared::render_template(
                *i.format, blk::json::object({{i.name, *i.value}}),
                i.escape_html ? shared::escape::html : shared::escape::none);
        } catch (const blk::error& e) {
            return std::string("Error: ") + e.what() + ", " + blk::text_of(*i.value);
        }
    }

    void run(blk::call& c, in i) {
        if (!(*i.format).empty()) return c.emit(output(blk::json(formatted(i))));
        c.emit(output(*i.value));
        c.emit(output_name(blk::json(i.name)));
    }
};

}  // namespace

blk::block_list graph_outputs() { return blk::blocks<AgentOutput>(); }
