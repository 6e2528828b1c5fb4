#include "host/model/sanitize.h"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include "host/model/python_text.h"

namespace yard::model {
namespace {

constexpr std::string_view kHiddenPrefix = "_sa";

bool IsRemoved(char c) {
    auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
}

bool IsSafe(std::string_view text) { return std::none_of(text.begin(), text.end(), IsRemoved); }

bool IsSafe(View value) {
    if (value.IsString()) return IsSafe(value.AsString());
    for (View item : value.items()) {
        if (!IsSafe(item)) return false;
    }
    for (auto [key, member] : value.members()) {
        if (key.starts_with(kHiddenPrefix) || !IsSafe(key) || !IsSafe(member)) return false;
    }
    return true;
}

void AppendSafe(View value, ValueBuilder& out);

void AppendSafeObject(View object, ValueBuilder& out) {
    // Keys that become equal are one member; its last value counts.
    std::vector<std::pair<std::string, View>> kept;
    std::unordered_map<std::string, size_t> places;
    for (auto [key, member] : object.members()) {
        if (key.starts_with(kHiddenPrefix)) continue;
        auto [place, is_new] = places.try_emplace(SafeText(key), kept.size());
        if (is_new) {
            kept.emplace_back(place->first, member);
        } else {
            kept[place->second].second = member;
        }
    }
    out.BeginObject();
    for (const auto& [key, member] : kept) {
        out.Key(key);
        AppendSafe(member, out);
    }
    out.EndObject();
}

void AppendSafe(View value, ValueBuilder& out) {
    if (value.IsString()) {
        out.String(SafeText(value.AsString()));
    } else if (value.IsArray()) {
        out.BeginArray();
        for (View item : value.items()) AppendSafe(item, out);
        out.EndArray();
    } else if (value.IsObject()) {
        AppendSafeObject(value, out);
    } else {
        out.Copy(value);
    }
}

constexpr TruncateLimits kLimitsMax{65'536, 4'096};
constexpr TruncateLimits kLimitsMin{8, 1};

// Byte offset of the code point with this index.
size_t OffsetOf(std::string_view text, size_t index) {
    size_t at = 0;
    while (at < text.size()) {
        if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80 && index-- == 0) break;
        ++at;
    }
    return at;
}

std::string Omitted(size_t count, const char* what) {
    return "… (omitted " + std::to_string(count) + ' ' + what + ")…";
}

std::string TruncateText(std::string_view text, size_t length_max) {
    size_t length = text.size() <= length_max ? 0 : CodePointCount(text);
    if (length <= length_max) return std::string(text);
    size_t head = std::max<size_t>(1, length_max / 2);
    size_t tail = length_max - head;
    std::string out(text.substr(0, OffsetOf(text, head)));
    out += Omitted(length - length_max, "chars");
    out += text.substr(OffsetOf(text, length - tail));
    return out;
}

// Which items of a list of `size` stay: the first `head` and the last `tail`.
struct ListCut {
    size_t head, tail;
    bool cut;
};

ListCut CutList(size_t size, size_t list_max) {
    if (size <= list_max) return {size, 0, false};
    if (list_max < 3) return {list_max, 0, true};
    return {list_max / 2, list_max - list_max / 2, true};
}

void AppendTruncated(View value, TruncateLimits limits, ValueBuilder& out);

void AppendTruncatedList(View list, TruncateLimits limits, ValueBuilder& out) {
    ListCut cut = CutList(list.size(), limits.list_max);
    out.BeginArray();
    size_t index = 0;
    for (View item : list.items()) {
        if (cut.cut && index == cut.head) {
            out.String(Omitted(list.size() - limits.list_max, "items"));
        }
        if (index < cut.head || index >= list.size() - cut.tail) AppendTruncated(item, limits, out);
        ++index;
    }
    out.EndArray();
}

void AppendTruncated(View value, TruncateLimits limits, ValueBuilder& out) {
    if (value.IsString()) {
        out.String(TruncateText(value.AsString(), limits.string_max));
    } else if (value.IsArray()) {
        AppendTruncatedList(value, limits, out);
    } else if (value.IsObject()) {
        out.BeginObject();
        for (auto [key, member] : value.members()) {
            out.Key(key);
            AppendTruncated(member, limits, out);
        }
        out.EndObject();
    } else {
        out.Copy(value);
    }
}

bool FitsLimits(View value, TruncateLimits limits) {
    if (value.IsString()) {
        return value.AsString().size() <= limits.string_max ||
               CodePointCount(value.AsString()) <= limits.string_max;
    }
    if (value.IsArray() && value.size() > limits.list_max) return false;
    for (View item : value.items()) {
        if (!FitsLimits(item, limits)) return false;
    }
    for (auto [key, member] : value.members()) {
        if (!FitsLimits(member, limits)) return false;
    }
    return true;
}

// Measures the Python text of truncated values without building them; stops at a budget.
class TextMeter {
public:
    TextMeter(TruncateLimits limits, size_t budget) : limits_(limits), left_(budget) {}

    bool Fits(View value) {
        if (value.IsString()) {
            std::string text = TruncateText(value.AsString(), limits_.string_max);
            return Spend(CodePointCount(text));
        }
        return SpendOn(value);
    }

private:
    bool Spend(size_t characters) {
        if (characters > left_) return false;
        left_ -= characters;
        return true;
    }

    bool SpendOnText(std::string_view text) {
        scratch_.clear();
        AppendPythonRepr(text, scratch_);
        return Spend(CodePointCount(scratch_));
    }

    bool SpendOn(View value) {
        if (value.IsString()) {
            return SpendOnText(TruncateText(value.AsString(), limits_.string_max));
        }
        if (value.IsArray()) return SpendOnList(value);
        if (value.IsObject()) return SpendOnObject(value);
        return Spend(PythonRepr(value).size());
    }

    bool SpendOnList(View list) {
        ListCut cut = CutList(list.size(), limits_.list_max);
        size_t shown = cut.head + cut.tail + (cut.cut ? 1 : 0);
        if (!Spend(2 + (shown > 0 ? 2 * (shown - 1) : 0))) return false;
        if (cut.cut && !SpendOnText(Omitted(list.size() - limits_.list_max, "items"))) return false;
        size_t index = 0;
        for (View item : list.items()) {
            bool kept = index < cut.head || index >= list.size() - cut.tail;
            if (kept && !SpendOn(item)) return false;
            ++index;
        }
        return true;
    }

    bool SpendOnObject(View object) {
        if (!Spend(2 + (object.empty() ? 0 : 4 * object.size() - 2))) return false;
        for (auto [key, member] : object.members()) {
            if (!SpendOnText(key) || !SpendOn(member)) return false;
        }
        return true;
    }

    TruncateLimits limits_;
    size_t left_;
    std::string scratch_;
};

// The largest string limit that fits with this list limit, or 0.
size_t LargestStringMax(View value, size_t list_max, size_t budget) {
    size_t low = kLimitsMin.string_max, high = kLimitsMax.string_max, best = 0;
    while (low <= high) {
        size_t middle = (low + high) / 2;
        if (TextMeter({middle, list_max}, budget).Fits(value)) {
            best = middle;
            low = middle + 1;
        } else {
            high = middle - 1;
        }
    }
    return best;
}

TruncateLimits LargestLimits(View value, size_t budget) {
    TruncateLimits best = kLimitsMin;
    size_t low = kLimitsMin.list_max, high = kLimitsMax.list_max;
    while (low <= high) {
        size_t middle = (low + high) / 2;
        size_t string_max = LargestStringMax(value, middle, budget);
        if (string_max > 0) {
            best = {string_max, middle};
            low = middle + 1;
        } else {
            high = middle - 1;
        }
    }
    return best;
}

}  // namespace

std::string SafeText(std::string_view text) {
    std::string safe(text);
    std::erase_if(safe, IsRemoved);
    return safe;
}

Value SafeJson(const Value& value) {
    if (IsSafe(value.view())) return value;
    ValueBuilder out;
    AppendSafe(value, out);
    return out.Take();
}

Value TruncateTo(const Value& value, TruncateLimits limits) {
    if (FitsLimits(value, limits)) return value;
    ValueBuilder out;
    AppendTruncated(value, limits, out);
    return out.Take();
}

Value TruncateForEvent(const Value& value, size_t limit) {
    if (TextMeter(kLimitsMax, limit).Fits(value)) return TruncateTo(value, kLimitsMax);
    return TruncateTo(value, LargestLimits(value, limit));
}

}  // namespace yard::model
