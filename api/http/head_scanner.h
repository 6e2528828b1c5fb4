// Finds the end of a request head in bytes that arrive in pieces, and refuses what no sane client
// sends.

#pragma once

#include <cstddef>
#include <string_view>

namespace yard::http {

// Every byte is looked at once. Refused: LF without CR and CR without LF (programs disagree about
// them), folded lines, control characters. Limits: the bytes of the whole head, of its first line,
// and the number of lines.
class HeadScanner {
public:
    enum class Verdict { kIncomplete, kComplete, kIllegal, kLineTooLong, kHeadTooLarge };

    // `first_line_bytes_max` has room for method and version besides the URL.
    HeadScanner(size_t first_line_bytes_max, size_t head_bytes_max, size_t fields_max)
        : first_line_bytes_max_(first_line_bytes_max),
          head_bytes_max_(head_bytes_max),
          fields_max_(fields_max) {}

    // Advances `consumed` to the end of the head, or of `bytes`.
    Verdict Scan(std::string_view bytes, size_t& consumed);
    void Reset();

private:
    Verdict ScanByte(char c);
    Verdict EndLine();

    size_t first_line_bytes_max_;
    size_t head_bytes_max_;
    size_t fields_max_;
    size_t head_bytes_ = 0;
    size_t lines_ = 0;        // Complete ones, the request line included.
    size_t blank_lines_ = 0;  // Before the request line; old clients send one after a body.
    size_t line_bytes_ = 0;   // Of the current line, without CR LF.
    bool after_cr_ = false;
};

}  // namespace yard::http
