#define PCRE2_CODE_UNIT_WIDTH 8
#include "plugins/text/regex.h"

#include <pcre2.h>
#include <blk/blk.hpp>

#include <string>

namespace text {
namespace {

// About a tenth of a second of backtracking.
constexpr uint32_t match_steps_max = 2'000'000;

struct free_code {
    void operator()(pcre2_code* p) const { pcre2_code_free(p); }
};
struct free_data {
    void operator()(pcre2_match_data* p) const { pcre2_match_data_free(p); }
};
struct free_context {
    void operator()(pcre2_match_context* p) const { pcre2_match_context_free(p); }
};

std::string message_of(int code) {
    PCRE2_UCHAR text[256];
    pcre2_get_error_message(code, text, sizeof text);
    return reinterpret_cast<const char*>(text);
}

}  // namespace

struct regex::state {
    std::unique_ptr<pcre2_code, free_code> code;
    std::unique_ptr<pcre2_match_data, free_data> data;
    std::unique_ptr<pcre2_match_context, free_context> context;
};

regex::regex(std::string_view pattern, options o) : state_(std::make_unique<state>()) {
    const uint32_t flags = PCRE2_UTF | PCRE2_UCP | (o.case_sensitive ? 0 : PCRE2_CASELESS) |
                           (o.dot_all ? PCRE2_DOTALL : 0);
    int error = 0;
    PCRE2_SIZE at = 0;
    state_->code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                                     flags, &error, &at, nullptr));
    if (!state_->code) {
        blk::fail("the pattern is no regular expression: " + message_of(error) + " at position " +
                  std::to_string(at));
    }
    state_->data.reset(pcre2_match_data_create_from_pattern(state_->code.get(), nullptr));
    state_->context.reset(pcre2_match_context_create(nullptr));
    if (!state_->data || !state_->context) throw std::bad_alloc();
    pcre2_set_match_limit(state_->context.get(), match_steps_max);
}

regex::~regex() = default;

void regex::each_match(std::string_view subject,
                       const std::function<bool(const groups&)>& found) const {
    size_t from = 0;
    uint32_t flags = PCRE2_NO_UTF_CHECK;  // The host hands out well-formed UTF-8 only.
    while (from <= subject.size()) {
        const int count =
            pcre2_match(state_->code.get(), reinterpret_cast<PCRE2_SPTR>(subject.data()),
                        subject.size(), from, flags, state_->data.get(), state_->context.get());
        if (count == PCRE2_ERROR_NOMATCH) {
            if ((flags & PCRE2_NOTEMPTY_ATSTART) == 0) return;
            // Nothing but an empty match stood here: go on behind the next character.
            do ++from;
            while (from < subject.size() &&
                   (static_cast<unsigned char>(subject[from]) & 0xc0) == 0x80);
            flags = PCRE2_NO_UTF_CHECK;
            continue;
        }
        if (count < 0) blk::fail("the pattern takes too long on this text: " + message_of(count));
        const PCRE2_SIZE* place = pcre2_get_ovector_pointer(state_->data.get());
        groups all(pcre2_get_ovector_count(state_->data.get()));
        for (size_t k = 0; k < all.size(); ++k) {
            if (place[2 * k] != PCRE2_UNSET)
                all[k] = subject.substr(place[2 * k], place[2 * k + 1] - place[2 * k]);
        }
        if (!found(all)) return;
        // After an empty match only a longer one may start at the same place.
        const bool empty = place[0] == place[1];
        from = place[1];
        flags = PCRE2_NO_UTF_CHECK | (empty ? PCRE2_NOTEMPTY_ATSTART | PCRE2_ANCHORED : 0);
    }
}

}  // namespace text
