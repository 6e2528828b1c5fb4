#include "plugins/llm/compress.h"

#include <string>
#include <string_view>
#include <vector>

namespace llm {
namespace {

constexpr int64_t kBytesPerToken = 4;
constexpr int64_t kTokensPerMessage = 3;  // Role and separators.
constexpr int64_t kReserve = 2048;        // Tokens left for what the estimate gets wrong.
constexpr int64_t kCapFirst = 8192, kCapLast = 128;
constexpr std::string_view kMark = " \u2026 ";
constexpr std::string_view kObjective = "[Main Objective Prompt]: ";

int64_t bytes_of(blk::view v) {
    if (v.is_string()) return static_cast<int64_t>(v.as_string().size());
    int64_t bytes = 1;
    for (blk::view item : v.items()) bytes += bytes_of(item);
    for (auto [key, value] : v.members()) {
        bytes += static_cast<int64_t>(key.size()) + bytes_of(value);
    }
    return bytes;
}

int64_t tokens_of(blk::view message) {
    const int64_t bytes = bytes_of(message["content"]) + bytes_of(message["tool_calls"]);
    return kTokensPerMessage + bytes / kBytesPerToken;
}

bool is_text(blk::view message, std::string_view key, std::string_view text) {
    return message[key].is_string() && message[key].as_string() == text;
}

bool belongs_to_tool(blk::view message) {
    if (is_text(message, "role", "tool") || message["tool_calls"].present()) return true;
    for (blk::view part : message["content"].items()) {
        if (is_text(part, "type", "tool_use") || is_text(part, "type", "tool_result")) return true;
    }
    return false;
}

bool is_objective(blk::view message) {
    const blk::view content = message["content"];
    return content.is_string() && content.as_string().starts_with(kObjective);
}

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Head and tail of the text, `cap` tokens together.
std::string shorten(std::string_view text, int64_t cap) {
    const size_t half = static_cast<size_t>(cap * kBytesPerToken / 2);
    if (text.size() <= 2 * half + kMark.size()) return std::string(text);
    size_t head = half, tail = text.size() - half;
    while (head > 0 && continues_character(text[head])) --head;
    while (tail < text.size() && continues_character(text[tail])) ++tail;
    return std::string(text.substr(0, head)) + std::string(kMark) + std::string(text.substr(tail));
}

class compressor {
public:
    compressor(const blk::call& c, const blk::json& messages, int64_t target)
        : c_(c), target_(target) {
        for (blk::view message : messages.items()) {
            messages_.push_back(blk::json::borrow(message));
            tokens_ += tokens_of(message);
        }
    }

    bool fits() const { return tokens_ + kReserve <= target_; }

    void run() {
        for (int64_t cap = kCapFirst; cap >= kCapLast && !fits(); cap /= 2) {
            for (size_t k = 1; k + 1 < messages_.size(); ++k) {
                if (!is_objective(messages_[k])) cut(k, cap);
            }
        }
        while (!fits() && drop_one()) {
        }
        for (int64_t cap = kCapFirst; cap >= kCapLast && !fits(); cap /= 2) {
            cut(0, cap);
            cut(messages_.size() - 1, cap);
        }
    }

    blk::json result() const {
        blk::tape t;
        t.array();
        for (const blk::json& message : messages_) t.copy(message);
        return blk::json(t.end());
    }

private:
    void cut(size_t index, int64_t cap) {
        blk::json& message = messages_[index];
        if (belongs_to_tool(message)) return;
        const blk::view content = message["content"];
        const std::string_view text =
            content.is_string() ? content.as_string() : c_.write_json(content);
        if (static_cast<int64_t>(text.size()) <= cap * kBytesPerToken) return;
        tokens_ -= tokens_of(message);
        message = message.with("content", blk::json(shorten(text, cap)));
        tokens_ += tokens_of(message);
    }

    // Deletes the message nearest to the middle that may go.
    bool drop_one() {
        const size_t middle = messages_.size() / 2;
        for (size_t distance = 0; distance < messages_.size(); ++distance) {
            for (const size_t k : {middle + distance, middle - distance}) {
                if (k == 0 || k + 1 >= messages_.size()) continue;
                if (belongs_to_tool(messages_[k]) || is_objective(messages_[k])) continue;
                tokens_ -= tokens_of(messages_[k]);
                messages_.erase(messages_.begin() + static_cast<std::ptrdiff_t>(k));
                return true;
            }
        }
        return false;
    }

    const blk::call& c_;
    const int64_t target_;
    int64_t tokens_ = 0;
    std::vector<blk::json> messages_;
};

}  // namespace

int64_t estimate_tokens(blk::view messages) {
    int64_t tokens = 0;
    for (blk::view message : messages.items()) tokens += tokens_of(message);
    return tokens;
}

blk::json compress_messages(const blk::call& c, const blk::json& messages, int64_t target) {
    compressor work(c, messages, target);
    if (messages->empty() || work.fits()) return messages;
    work.run();
    return work.result();
}

}  // namespace llm
