// Blocks that join, split, replace, decode and count.
#include "plugins/text/blocks.h"

#include <charconv>
#include <string>
#include <vector>

namespace {

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

struct CombineTexts {
    static constexpr const char *id = "e30a4d42-7b7d-4e6a-b36e-1f9b8e3b7d85",
                                *name = "CombineTextsBlock";
    static constexpr bool pure = true;
    struct in {
        std::vector<std::string_view> input;
        blk::defaulted<std::string_view> delimiter = "";
        BLK_IN(input, delimiter)
    };
    static constexpr blk::port<std::string> output{"output", "Combined text"};
    BLK_OUT(output)

    static void describe(blk::declaration& d) {
        d.category("TEXT").description(
            "This block combines multiple input texts into a single output text.");
        d.input("input").description("text input to combine");
        d.input("delimiter").description("Delimiter to combine texts");
    }

    void run(blk::call& c, in i) {
        std::string all;
        bool first = true;
        for (const std::string_view part : i.input) {
            if (!first) all += *i.delimiter;
            all += part;
            first = false;
        }
        c.emit(output(all));
    }
};

struct TextReplace {
    static constexpr const char *id = "7e7c87ab-3469-4bcc-9abe-67705091b713",
                                *name = "TextReplaceBlock";
    static constexpr bool pure = true;
    struct in {
        std::string_view text;
        std::string_view old_text;
        std::string_view new_text;

        // `new` is a keyword, so this list is written out.
        static constexpr const char* blk_title = "Input";
        template <class Self, class F>
        static void blk_visit(Self& self, F&& f) {
            f("text", self.text);
            f("old", self.old_text);
            f("new", self.new_text);
        }
    };
    static constexpr blk::port<std::string> output{"output", "The text with the replaced text."};
    BLK_OUT(output)

    static void describe(blk::declaration& d) {
        d.category("TEXT").description("This block is used to replace a text with a new text.");
        d.input("text").description("The text to replace.");
        d.input("old").description("The old text to replace.");
        d.input("new").description("The new text to replace with.");
    }

    // The empty text stands before every character and at the end.
    static std::string insert_everywhere(const in& i) {
        std::string all;
        for (const char c : i.text) {
            if (!continues_character(c)) all += i.new_text;
            all += c;
        }
        return all += i.new_text;
    }

    static std::string replace(const in& i) {
        if (i.old_text.empty()) return insert_everywhere(i);
        std::string all;
        size_t from = 0;
        for (size_t at = 0; (at = i.text.find(i.old_text, from)) != std::string_view::npos;) {
            all.append(i.text.substr(from, at - from)).append(i.new_text);
            from = at + i.old_text.size();
        }
        return all.append(i.text.substr(from));
    }

    void run(blk::call& c, in i) { c.emit(output(replace(i))); }
};

struct TextSplit {
    static constexpr const char *id = "d5ea33c8-a575-477a-b42f-2fe3be5055ec",
                                *name = "TextSplitBlock";
    static constexpr bool pure = true;
    struct in {
        std::string_view text;
        std::string_view delimiter;
        blk::defaulted<bool> strip = true;
        BLK_IN(text, delimiter, strip)
    };
    static constexpr blk::port<std::vector<std::string_view>> texts{
        "texts", "The text split into a list of strings."};
    BLK_OUT(texts)

    static void describe(blk::declaration& d) {
        d.category("TEXT").description(
            "This block is used to split a text into a list of strings.");
        d.input("text").description("The text to split.");
        d.input("delimiter").description("The delimiter to split the text by.");
        d.input("strip").description("Whether to strip the text.");
    }

    void run(blk::call& c, in i) {
        if (i.delimiter.empty()) blk::fail("the delimiter must not be empty");
        std::vector<std::string_view> parts;
        std::string_view rest = i.text;
        bool more = !rest.empty();
        while (more) {
            const size_t at = rest.find(i.delimiter);
            const std::string_view part = rest.substr(0, at);
            parts.push_back(i.strip ? trim(part) : part);
            more = at != std::string_view::npos;
            if (more) rest.remove_prefix(at + i.delimiter.size());
        }
        c.emit(texts(parts));
    }
};

struct WordCharacterCount {
    static constexpr const char *id = "ab2a782d-22cf-4587-8a70-55b59b3f9f90",
                                *name = "WordCharacterCountBlock";
    static constexpr bool pure = true;
    struct in {
        std::string_view text;
        BLK_IN(text)
    };
    static constexpr blk::port<std::string> error{"error",
                                                  "Error message if the counting operation failed"};
    static constexpr blk::port<int64_t> word_count{"word_count",
                                                   "Number of words in the input text"};
    static constexpr blk::port<int64_t> character_count{"character_count",
                                                        "Number of characters in the input text"};
    BLK_OUT(error, word_count, character_count)

    static void describe(blk::declaration& d) {
        d.category("TEXT").description(
            "Counts the number of words and characters in a given text.");
        d.input("text")
            .description("Input text to count words and characters")
            .placeholder("Enter your text here");
    }

    void run(blk::call& c, in i) {
        int64_t words = 0, characters = 0;
        bool in_word = false;
        for (const char ch : i.text) {
            words += !in_word && !is_blank(ch);
            in_word = !is_blank(ch);
            characters += !continues_character(ch);
        }
        c.emit(word_count(words));
        c.emit(character_count(characters));
    }
};

struct TextDecoder {
    static constexpr const char *id = "2570e8fe-8447-43ed-84c7-70d657923231",
                                *name = "TextDecoderBlock";
    static constexpr bool pure = true;
    struct in {
        std::string_view text;
        BLK_IN(text)
    };
    static constexpr blk::port<std::string> decoded_text{
        "decoded_text", "The decoded text with escape sequences processed"};
    BLK_OUT(decoded_text)

    static void describe(blk::declaration& d) {
        d.category("TEXT").description(
            "Decodes a string containing escape sequences into actual text");
        d.input("text")
            .description("A string containing escaped characters to be decoded")
            .placeholder("Your entire text block with \\n and \\\" escaped characters");
    }

    // Reads exactly `digits` hexadecimal digits at the front of `text`.
    static bool take_hex(std::string_view& text, size_t digits, uint32_t& code) {
        if (text.size() < digits) return false;
        const auto [end, error] = std::from_chars(text.data(), text.data() + digits, code, 16);
        if (error != std::errc() || end != text.data() + digits) return false;
        text.remove_prefix(digits);
        return true;
    }

    static void append_utf8(std::string& out, uint32_t code) {
        auto put = [&](uint32_t byte) { out += static_cast<char>(byte); };
        if (code < 0x80)
            put(code);
        else if (code < 0x800)
            put(0xc0 | code >> 6), put(0x80 | (code & 0x3f));
        else if (code < 0x10000)
            put(0xe0 | code >> 12), put(0x80 | (code >> 6 & 0x3f)), put(0x80 | (code & 0x3f));
        else
            put(0xf0 | code >> 18), put(0x80 | (code >> 12 & 0x3f)), put(0x80 | (code >> 6 & 0x3f)),
                put(0x80 | (code & 0x3f));
    }

    // \xHH, \uHHHH (with a low surrogate behind a high one) or \UHHHHHHHH; false if it is not well
    // formed.
    static bool take_code(char kind, std::string_view& text, uint32_t& code) {
        if (!take_hex(text, kind == 'x' ? 2 : kind == 'u' ? 4 : 8, code)) return false;
        if (kind == 'u' && code >= 0xd800 && code < 0xdc00) {
            std::string_view rest = text;
            uint32_t low = 0;
            if (!rest.starts_with("\\u")) return false;
            rest.remove_prefix(2);
            if (!take_hex(rest, 4, low) || low < 0xdc00 || low > 0xdfff) return false;
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            text = rest;
        }
        return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    }

    // An escape that means nothing stays as it is.
    static std::string decode(std::string_view text) {
        constexpr std::string_view letters = "abfnrtv\\\"'", meanings = "\a\b\f\n\r\t\v\\\"'";
        std::string out;
        while (!text.empty()) {
            const char c = text.front();
            text.remove_prefix(1);
            if (c != '\\' || text.empty()) {
                out += c;
                continue;
            }
            const char kind = text.front();
            std::string_view rest = text.substr(1);
            uint32_t code = 0;
            if (const size_t at = letters.find(kind); at != std::string_view::npos) {
                out += meanings[at];
                text = rest;
            } else if ((kind == 'x' || kind == 'u' || kind == 'U') && take_code(kind, rest, code)) {
                append_utf8(out, code);
                text = rest;
            } else {
                out += c;
            }
        }
        return out;
    }

    void run(blk::call& c, in i) { c.emit(decoded_text(decode(i.text))); }
};

}  // namespace

blk::block_list text_editors() {
    return blk::blocks<CombineTexts, TextReplace, TextSplit, WordCharacterCount, TextDecoder>();
}
