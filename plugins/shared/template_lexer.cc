#include "plugins/shared/template_lexer.h"

#include <blk/blk.hpp>

#include <algorithm>
#include <array>
#include <cctype>

namespace shared {
namespace {

[[noreturn]] void fail_at(int line, const std::string& what) {
    blk::fail("template line " + std::to_string(line) + ": " + what);
}

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool starts_name(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0;
}

// Tokens of the inside of one mark.
class lexer {
public:
    lexer(std::string_view text, int line) : text_(text), line_(line) {}

    std::vector<token> run() {
        std::vector<token> tokens;
        while (skip_space()) tokens.push_back(next());
        tokens.push_back({token_kind::end, {}, line_});
        return tokens;
    }

private:
    bool skip_space() {
        while (at_ < text_.size() && is_space(text_[at_])) line_ += text_[at_++] == '\n';
        return at_ < text_.size();
    }

    token next() {
        const char c = text_[at_];
        if (starts_name(c)) return name();
        if (is_digit(c)) return number();
        if (c == '"' || c == '\'') return quoted(c);
        return symbol();
    }

    token name() {
        const size_t from = at_;
        while (at_ < text_.size() && (starts_name(text_[at_]) || is_digit(text_[at_]))) ++at_;
        return {token_kind::name, std::string(text_.substr(from, at_ - from)), line_};
    }

    token number() {
        const size_t from = at_;
        while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
        const bool real = at_ + 1 < text_.size() && text_[at_] == '.' && is_digit(text_[at_ + 1]);
        if (real) {
            ++at_;
            while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
        }
        return {real ? token_kind::real : token_kind::integer,
                std::string(text_.substr(from, at_ - from)), line_};
    }

    token quoted(char quote) {
        std::string value;
        for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
                constexpr std::string_view letters = "nrt\\'\"", meanings = "\n\r\t\\'\"";
                const size_t known = letters.find(text_[++at_]);
                if (known == std::string_view::npos) value += '\\';
                value += known == std::string_view::npos ? text_[at_] : meanings[known];
            } else {
                line_ += text_[at_] == '\n';
                value += text_[at_];
            }
        }
        if (at_ == text_.size()) fail_at(line_, "a text is not closed");
        ++at_;
        return {token_kind::text, value, line_};
    }

    token symbol() {
        constexpr std::array<std::string_view, 6> pairs{"==", "!=", "<=", ">=", "//", "**"};
        const std::string_view two = text_.substr(at_, 2);
        if (std::find(pairs.begin(), pairs.end(), two) != pairs.end()) {
            at_ += 2;
            return {token_kind::symbol, std::string(two), line_};
        }
        const char c = text_[at_++];
        if (std::string_view("()[]{}.,:|+-*/%~<>=").find(c) == std::string_view::npos) {
            fail_at(line_, std::string("unexpected character '") + c + "'");
        }
        return {token_kind::symbol, std::string(1, c), line_};
    }

    std::string_view text_;
    size_t at_ = 0;
    int line_;
};

// The end of a mark's inside: the first `close` outside of quotes.
size_t find_close(std::string_view text, size_t from, std::string_view close) {
    char quote = 0;
    for (size_t at = from; at < text.size(); ++at) {
        if (quote != 0) {
            if (text[at] == '\\')
                ++at;
            else if (text[at] == quote)
                quote = 0;
        } else if (text.substr(at, close.size()) == close) {
            return at;
        } else if (text[at] == '"' || text[at] == '\'') {
            quote = text[at];
        }
    }
    return std::string_view::npos;
}

class cutter {
public:
    explicit cutter(std::string_view text) : text_(text) {}

    std::vector<piece> run() {
        while (at_ < text_.size()) {
            const size_t mark = next_mark();
            add_literal(text_.substr(at_, mark - at_), mark < text_.size() && is_minus(mark + 2));
            at_ = std::min(mark, text_.size());
            if (at_ < text_.size()) take_mark();
        }
        return std::move(pieces_);
    }

private:
    bool is_minus(size_t at) const { return at < text_.size() && text_[at] == '-'; }

    size_t next_mark() const {
        for (size_t at = text_.find('{', at_); at != std::string_view::npos;
             at = text_.find('{', at + 1)) {
            const char kind = at + 1 < text_.size() ? text_[at + 1] : 0;
            if (kind == '{' || kind == '%' || kind == '#') return at;
        }
        return text_.size();
    }

    void count_lines(std::string_view passed) {
        line_ += static_cast<int>(std::count(passed.begin(), passed.end(), '\n'));
    }

    // A minus beside a mark removes the blanks up to it.
    void add_literal(std::string_view literal, bool strip_end) {
        count_lines(literal);
        if (strip_start_) {
            while (!literal.empty() && is_space(literal.front())) literal.remove_prefix(1);
        }
        while (strip_end && !literal.empty() && is_space(literal.back())) literal.remove_suffix(1);
        strip_start_ = false;
        if (!literal.empty())
            pieces_.push_back({piece_kind::literal, std::string(literal), {}, line_});
    }

    void take_mark() {
        const char kind = text_[at_ + 1];
        const std::string_view close = kind == '{' ? "}}" : kind == '%' ? "%}" : "#}";
        const size_t from = at_ + 2 + (is_minus(at_ + 2) ? 1 : 0);
        const size_t end = kind == '#' ? text_.find(close, from) : find_close(text_, from, close);
        if (end == std::string_view::npos) {
            fail_at(line_, std::string("'{") + kind + "' without '" + std::string(close) + "'");
        }
        strip_start_ = end > from && text_[end - 1] == '-';
        const std::string_view inside = text_.substr(from, end - from - (strip_start_ ? 1 : 0));
        const int line = line_;
        count_lines(text_.substr(at_, end + 2 - at_));
        at_ = end + 2;
        if (kind == '#') return;
        std::vector<token> tokens = lexer(inside, line).run();
        if (kind == '%' && tokens.front().text == "raw") return take_raw(line);
        pieces_.push_back({kind == '{' ? piece_kind::expression : piece_kind::statement,
                           {},
                           std::move(tokens),
                           line});
    }

    void take_raw(int line) {
        for (size_t at = text_.find("{%", at_); at != std::string_view::npos;
             at = text_.find("{%", at + 2)) {
            const size_t end = text_.find("%}", at);
            if (end == std::string_view::npos) break;
            std::string_view inside = text_.substr(at + 2, end - at - 2);
            while (!inside.empty() && (is_space(inside.front()) || inside.front() == '-'))
                inside.remove_prefix(1);
            while (!inside.empty() && (is_space(inside.back()) || inside.back() == '-'))
                inside.remove_suffix(1);
            if (inside != "endraw") continue;
            add_literal(text_.substr(at_, at - at_), false);
            at_ = end + 2;
            return;
        }
        fail_at(line, "raw without endraw");
    }

    std::string_view text_;
    std::vector<piece> pieces_;
    size_t at_ = 0;
    int line_ = 1;
    bool strip_start_ = false;
};

}  // namespace

std::vector<piece> cut_template(std::string_view text) { return cutter(text).run(); }

}  // namespace shared
