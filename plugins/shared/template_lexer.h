#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace shared {

enum class token_kind { name, text, integer, real, symbol, end };

struct token {
    token_kind kind = token_kind::end;
    std::string text;  // Of a text literal: its value.
    int line = 0;
};

enum class piece_kind { literal, expression, statement };

// A template cut at its marks.
struct piece {
    piece_kind kind = piece_kind::literal;
    std::string literal;
    std::vector<token> tokens;  // Of the other two; ends with token_kind::end.
    int line = 0;
};

// Throws blk::error for a mark that is not closed or a character that means nothing.
std::vector<piece> cut_template(std::string_view text);

}  // namespace shared
