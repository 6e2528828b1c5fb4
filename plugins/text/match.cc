// Blocks that look for patterns in a text.
#include "plugins/shared/spaced_json.h"
#include "plugins/text/blocks.h"
#include "plugins/text/regex.h"

namespace {

// Anything that is no text is searched as its JSON.
std::string searched_text(blk::call& c, const blk::json& value) {
    return value->is_string() ? std::string(value->as_string()) : shared::spaced_json(c, value);
}

struct MatchTextPattern {
    static constexpr const char *id = "3060088f-6ed9-4928-9ba7-9c92823a7ccd",
                                *name = "MatchTextPatternBlock";
    static constexpr bool pure = true;
    struct in {
        blk::json text;
        std::string_view match;
        blk::json data;
        blk::defaulted<bool> case_sensitive = true;
        blk::defaulted<bool> dot_all = true;
        BLK_IN(text, match, data, case_sensitive, dot_all)
    };
    static constexpr blk::port<blk::json> positive{"positive", "Output data if match is found"};
    static constexpr blk::port<blk::json> negative{"negative", "Output data if match is not found"};
    BLK_OUT(positive, negative)

    static void describe(blk::declaration& d) {
        d.category("TEXT").description(
            "Matches text against a regex pattern and forwards data to positive or negative output "
            "based on the "
            "match.");
        d.input("text").description("Text to match");
        d.input("match").description("Pattern (Regex) to match");
        d.input("data").description("Data to be forwarded to output");
        d.input("case_sensitive").description("Case sensitive match");
        d.input("dot_all").description("Dot matches all");
    }

    void run(blk::call& c, in i) {
        const text::regex pattern(i.match, {i.case_sensitive, i.dot_all});
        bool matches = false;
        pattern.each_match(searched_text(c, i.text),
                           [&](const auto&) { return matches = true, false; });
        c.emit(matches ? positive(i.data) : negative(i.data));
    }
};

struct ExtractTextInformation {
    static constexpr const char *id = "3146e4fe-2cdd-4f29-bd12-0c9d5bb4deb0",
                                *name = "ExtractTextInformationBlock";
    static constexpr bool pure = true;
    struct in {
        blk::json text;
        std::string_view pattern;
        blk::defaulted<int64_t> group = 0;
        blk::defaulted<bool> case_sensitive = true;
        blk::defaulted<bool> dot_all = true;
        blk::defaulted<bool> find_all = false;
        BLK_IN(text, pattern, group, case_sensitive, dot_all, find_all)
    };
    static constexpr blk::port<std::string> positive{"positive", "Extracted text"};
    static constexpr blk::port<std::string> negative{"negative", "Original text"};
    static constexpr blk::port<std::vector<std::string>> matched_results{"matched_results",
                                                                         "List of matched results"};
    static constexpr blk::port<int64_t> matched_count{"matched_count", "Number of matched results"};
    BLK_OUT(positive, negative, matched_results, matched_count)

    static void describe(blk::declaration& d) {
        d.category("TEXT").description(
            "This block extracts the text from the given text using the pattern (regex).");
        d.input("text").description("Text to parse");
        d.input("pattern").description("Pattern (Regex) to parse");
        d.input("group").description("Group number to extract");
        d.input("case_sensitive").description("Case sensitive match");
        d.input("dot_all").description("Dot matches all");
        d.input("find_all").description("Find all matches");
    }

    void run(blk::call& c, in i) {
        if (*i.group < 0) blk::fail("group must not be negative");
        const auto group = static_cast<size_t>(*i.group);
        const text::regex pattern(i.pattern, {i.case_sensitive, i.dot_all});
        const std::string subject = searched_text(c, i.text);
        std::vector<std::string> results;
        pattern.each_match(subject, [&](const text::regex::groups& groups) {
            if (group < groups.size()) results.emplace_back(groups[group].value_or(""));
            return *i.find_all || results.empty();
        });
        for (const std::string& result : results) c.emit(positive(result));
        if (results.empty()) c.emit(negative(subject));
        c.emit(matched_results(results));
        c.emit(matched_count(static_cast<int64_t>(results.size())));
    }
};

}  // namespace

blk::block_list text_matchers() { return blk::blocks<MatchTextPattern, ExtractTextInformation>(); }
