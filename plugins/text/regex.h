// Regular expressions of users, over PCRE2: the dialect with look-around and back-references that
// existing agents use. Matching is bounded, so a pattern that explodes fails with a sentence.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace text {

class regex {
public:
    struct options {
        bool case_sensitive = true;
        bool dot_all = true;  // A dot matches line ends too.
    };

    // Throws blk::error with the reason if the pattern is malformed.
    regex(std::string_view pattern, options o);
    ~regex();
    regex(const regex&) = delete;
    regex& operator=(const regex&) = delete;

    // The groups of one match; [0] is the whole, nullopt a group that took no part.
    using groups = std::vector<std::optional<std::string_view>>;

    // Calls `found` for each match from left to right, until it returns false.
    void each_match(std::string_view subject,
                    const std::function<bool(const groups&)>& found) const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace text
