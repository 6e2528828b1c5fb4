#include "plugins/shared/template.h"
#include "plugins/text/blocks.h"

namespace {

struct FillTextTemplate {
    static constexpr const char *id = "db7d8f02-2f44-4c55-ab7a-eae0941f0c30",
                                *name = "FillTextTemplateBlock";
    static constexpr bool pure = true;
    struct in {
        blk::dict values;
        std::string_view format;
        blk::defaulted<bool> escape_html = false;
        BLK_IN(values, format, escape_html)
    };
    static constexpr blk::port<std::string> output{"output", "Formatted text"};
    BLK_OUT(output)

    static void describe(blk::declaration& d) {
        d.category("TEXT").description(
            "This block formats the given texts using the format template.");
        d.input("values").description(
            "Values (dict) to be used in format. These values can be used by putting them in "
            "double curly braces in "
            "the format template. e.g. {{value_name}}.");
        d.input("format").description(
            "Template to format the text using `values`. Use Jinja2 syntax.");
        d.input("escape_html")
            .description(
                "Whether to escape special characters in the inserted values to be HTML-safe. "
                "Enable for "
                "HTML output, disable for plain text.");
    }

    void run(blk::call& c, in i) {
        c.emit(output(shared::render_template(
            i.format, i.values, i.escape_html ? shared::escape::html : shared::escape::none)));
    }
};

}  // namespace

blk::block_list text_templates() { return blk::blocks<FillTextTemplate>(); }
