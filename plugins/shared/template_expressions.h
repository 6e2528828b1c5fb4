#pragma once

#include "plugins/shared/template_lexer.h"
#include "plugins/shared/template_tree.h"

namespace shared {

// Reads the tokens of one mark from left to right.
class token_reader {
public:
    explicit token_reader(const std::vector<token>& tokens) : tokens_(tokens) {}

    const token& peek() const { return tokens_[at_]; }
    bool at_end() const { return peek().kind == token_kind::end; }
    bool is(token_kind kind, std::string_view text) const {
        return peek().kind == kind && peek().text == text;
    }
    bool is_symbol(std::string_view text) const { return is(token_kind::symbol, text); }
    bool is_name(std::string_view text) const { return is(token_kind::name, text); }
    bool take_symbol(std::string_view text) { return is_symbol(text) && ++at_; }
    bool take_name(std::string_view text) { return is_name(text) && ++at_; }
    token take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
    std::string need_name();
    void need_symbol(std::string_view text);
    void need_end() const;
    [[noreturn]] void fail(const std::string& what) const;

private:
    const std::vector<token>& tokens_;
    size_t at_ = 0;
};

expression_ptr parse_expression(token_reader& t);

}  // namespace shared
