// XML as objects: an element is its text, or an object of its children, attributes and text.
#include <blk/blk.hpp>
#include <pugixml.hpp>

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr size_t bytes_max = size_t{8} << 20;
constexpr int depth_max = 60;  // Elements of one name cost two levels, and a value has at most 100.

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Writes elements onto a tape that borrows names from the document and texts from here.
class element_writer {
public:
    explicit element_writer(blk::tape& tape) : tape_(tape) {}

    void write(const pugi::xml_node& element, int depth) {
        if (depth > depth_max) {
            blk::fail("the XML is nested deeper than " + std::to_string(depth_max) + " elements");
        }
        const content all = read(element);
        const bool only_text = all.children.empty() && !element.first_attribute();
        if (only_text) {
            tape_.string(all.text);
            return;
        }
        tape_.object();
        write_attributes(element);
        for (const auto& [name, same] : all.children) {
            tape_.key(name);
            if (same.size() > 1) tape_.array();
            for (const pugi::xml_node& child : same) write(child, depth + 1);
            if (same.size() > 1) tape_.end();
        }
        if (!all.text.empty()) tape_.key("#text").string(all.text);
        tape_.end();
    }

private:
    struct content {
        // Elements of the same name, in the order in which the names came first.
        std::vector<std::pair<std::string_view, std::vector<pugi::xml_node>>> children;
        std::string_view text;
    };

    content read(const pugi::xml_node& element) {
        content all;
        std::map<std::string_view, size_t> places;
        std::string text;
        for (const pugi::xml_node& child : element) {
            if (child.type() == pugi::node_element) {
                const auto [at, is_new] = places.emplace(child.name(), all.children.size());
                if (is_new) all.children.push_back({child.name(), {}});
                all.children[at->second].second.push_back(child);
            } else {
                text += child.value();
            }
        }
        all.text = keep(trimmed(text));
        return all;
    }

    void write_attributes(const pugi::xml_node& element) {
        std::map<std::string_view, std::string_view> attributes;
        for (const pugi::xml_attribute& attribute : element.attributes()) {
            const bool is_new = attributes.emplace(attribute.name(), attribute.value()).second;
            if (!is_new) {
                blk::fail("the element '" + std::string(element.name()) + "' has the attribute '" +
                          attribute.name() + "' twice");
            }
        }
        for (const auto& [name, text] : attributes) {
            tape_.key(keep("@" + std::string(name))).string(text);
        }
    }

    static std::string trimmed(std::string_view text) {
        while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
        while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
        return std::string(text);
    }
    std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }

    blk::tape& tape_;
    std::deque<std::string> texts_;  // Does not move what the tape borrows.
};

void load(pugi::xml_document& document, std::string_view text) {
    if (text.size() > bytes_max) {
        blk::fail("the XML is larger than " + std::to_string(bytes_max) + " bytes");
    }
    // A DTD is skipped: entities of its own stay the text they are.
    const pugi::xml_parse_result result =
        document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
    if (!result) {
        blk::fail("the XML is malformed at byte " + std::to_string(result.offset) + ": " +
                  result.description());
    }
    size_t roots = 0;
    for (const pugi::xml_node& node : document) roots += node.type() == pugi::node_element;
    if (roots != 1) {
        blk::fail("the XML must have one root element, it has " + std::to_string(roots));
    }
}

struct XmlParser {
    static constexpr const char *id = "286380af-9529-4b55-8be0-1d7c854abdb5",
                                *name = "XMLParserBlock";
    static constexpr bool pure = true;
    struct in {
        std::string_view input_xml;
        BLK_IN(input_xml)
    };
    static constexpr blk::port<std::string> error{"error", "Error in parsing"};
    static constexpr blk::port<blk::dict> parsed_xml{"parsed_xml", "output parsed xml to dict"};
    BLK_OUT(error, parsed_xml)

    static void describe(blk::declaration& d) {
        d.description("Parses XML using gravitasml to tokenize and coverts it to dict");
        d.input("input_xml").description("input xml to be parsed");
    }

    void run(blk::call& c, in i) {
        pugi::xml_document document;
        load(document, i.input_xml);
        const pugi::xml_node root = document.document_element();
        blk::tape tape;
        element_writer writer(tape);
        tape.object().key(root.name());
        writer.write(root, 1);
        c.emit(parsed_xml(tape.end()));
    }
};

}  // namespace

BLK_PLUGIN("blockyard.xml", "1.0.0", XmlParser)
