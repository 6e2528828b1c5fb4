#include "api/http/head_scanner.h"

namespace yard::http {

HeadScanner::Verdict HeadScanner::Scan(std::string_view bytes, size_t& consumed) {
    for (char c : bytes) {
        ++consumed;
        Verdict verdict = ScanByte(c);
        if (verdict != Verdict::kIncomplete) return verdict;
    }
    return Verdict::kIncomplete;
}

void HeadScanner::Reset() {
    head_bytes_ = 0;
    lines_ = 0;
    line_bytes_ = 0;
    blank_lines_ = 0;
    after_cr_ = false;
}

HeadScanner::Verdict HeadScanner::ScanByte(char c) {
    if (++head_bytes_ > head_bytes_max_) return Verdict::kHeadTooLarge;
    if (after_cr_) return c == '\n' ? EndLine() : Verdict::kIllegal;
    if (c == '\r') {
        after_cr_ = true;
        return Verdict::kIncomplete;
    }
    bool is_control = (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    bool is_folded = line_bytes_ == 0 && (c == ' ' || c == '\t');
    if (is_control || is_folded) return Verdict::kIllegal;
    if (++line_bytes_ > first_line_bytes_max_ && lines_ == 0) return Verdict::kLineTooLong;
    return Verdict::kIncomplete;
}

HeadScanner::Verdict HeadScanner::EndLine() {
    after_cr_ = false;
    if (line_bytes_ == 0 && lines_ > 0) return Verdict::kComplete;
    if (line_bytes_ == 0) return ++blank_lines_ > 1 ? Verdict::kIllegal : Verdict::kIncomplete;
    line_bytes_ = 0;
    if (++lines_ > fields_max_ + 1) return Verdict::kHeadTooLarge;
    return Verdict::kIncomplete;
}

}  // namespace yard::http
