// Takes fenced code out of a text, by language.
#include "plugins/text/blocks.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace {

constexpr std::string_view fence = "```";
constexpr size_t name_bytes_max = 10;  // "javascript", "typescript"

// The outputs in their order.
constexpr std::array<std::string_view, 16> languages{
    "html",      "css",  "javascript", "python", "sql",  "java",     "cpp",        "csharp",
    "json_code", "bash", "php",        "ruby",   "yaml", "markdown", "typescript", "xml"};

// What follows a fence -> the output, where the two differ.
constexpr std::array<std::pair<std::string_view, std::string_view>, 13> aliases{
    {{"htm", "html"},
     {"js", "javascript"},
     {"py", "python"},
     {"c++", "cpp"},
     {"c#", "csharp"},
     {"cs", "csharp"},
     {"json", "json_code"},
     {"shell", "bash"},
     {"sh", "bash"},
     {"rb", "ruby"},
     {"yml", "yaml"},
     {"md", "markdown"},
     {"ts", "typescript"}}};

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

// The index of the output, languages.size() for a language that has none.
size_t language_of(std::string_view name) {
    for (const auto& [alias, language] : aliases) {
        if (name == alias) name = language;
    }
    return static_cast<size_t>(std::find(languages.begin(), languages.end(), name) -
                               languages.begin());
}

struct extraction {
    std::array<std::string, languages.size()> code;
    std::string rest;
};

// Splits the text in one pass. A fence without a known language or without an end is text.
extraction extract(std::string_view text) {
    extraction all;
    while (true) {
        const size_t open = text.find(fence);
        all.rest += text.substr(0, open);
        if (open == text.npos) return all;
        text.remove_prefix(open + fence.size());
        const std::string_view front = text.substr(0, name_bytes_max + 1);
        const auto blank = std::find_if(front.begin(), front.end(), is_blank);
        const std::string_view name = front.substr(0, static_cast<size_t>(blank - front.begin()));
        const size_t language = blank == front.end() ? languages.size() : language_of(name);
        const size_t close = text.find(fence, name.size());
        if (language == languages.size() || close == text.npos) {
            all.rest += fence;
            continue;
        }
        std::string& code = all.code[language];
        if (!code.empty()) code += "\n\n";
        code += trim(text.substr(name.size(), close - name.size()));
        text.remove_prefix(close + fence.size());
    }
}

// Lines without anything on them dropped.
std::string without_blank_lines(std::string_view text) {
    std::string out;
    for (size_t at = 0; at <= text.size();) {
        const size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view line = text.substr(at, end - at);
        if (!trim(line).empty()) {
            if (!out.empty()) out += '\n';
            out += line;
        }
        at = end + 1;
    }
    return std::string(trim(out));
}

struct CodeExtraction {
    static constexpr const char *id = "d3a7d896-3b78-4f44-8b4b-48fbf4f0bcd8",
                                *name = "CodeExtractionBlock";
    static constexpr bool pure = true;
    struct in {
        std::string_view text;
        BLK_IN(text)
    };
    static constexpr blk::port<std::string> html{"html", "Extracted HTML code"};
    static constexpr blk::port<std::string> css{"css", "Extracted CSS code"};
    static constexpr blk::port<std::string> javascript{"javascript", "Extracted JavaScript code"};
    static constexpr blk::port<std::string> python{"python", "Extracted Python code"};
    static constexpr blk::port<std::string> sql{"sql", "Extracted SQL code"};
    static constexpr blk::port<std::string> java{"java", "Extracted Java code"};
    static constexpr blk::port<std::string> cpp{"cpp", "Extracted C++ code"};
    static constexpr blk::port<std::string> csharp{"csharp", "Extracted C# code"};
    static constexpr blk::port<std::string> json_code{"json_code", "Extracted JSON code"};
    static constexpr blk::port<std::string> bash{"bash", "Extracted Bash code"};
    static constexpr blk::port<std::string> php{"php", "Extracted PHP code"};
    static constexpr blk::port<std::string> ruby{"ruby", "Extracted Ruby code"};
    static constexpr blk::port<std::string> yaml{"yaml", "Extracted YAML code"};
    static constexpr blk::port<std::string> markdown{"markdown", "Extracted Markdown code"};
    static constexpr blk::port<std::string> typescript{"typescript", "Extracted TypeScript code"};
    static constexpr blk::port<std::string> xml{"xml", "Extracted XML code"};
    static constexpr blk::port<std::string> remaining_text{"remaining_text",
                                                           "Remaining text after code extraction"};
    BLK_OUT(html, css, javascript, python, sql, java, cpp, csharp, json_code, bash, php, ruby, yaml,
            markdown, typescript, xml, remaining_text)

    static void describe(blk::declaration& d) {
        d.category("TEXT").description(
            "Extracts code blocks from text and identifies their programming languages");
        d.input("text")
            .description("Text containing code blocks to extract (e.g., AI response)")
            .placeholder("Enter text containing code blocks");
    }

    void run(blk::call& c, in i) {
        const extraction all = extract(i.text);
        for (size_t at = 0; at < languages.size(); ++at) {
            if (!all.code[at].empty()) c.emit(languages[at], all.code[at]);
        }
        const std::string rest = without_blank_lines(all.rest);
        if (!rest.empty()) c.emit(remaining_text(rest));
    }
};

}  // namespace

blk::block_list code_extractors() { return blk::blocks<CodeExtraction>(); }
