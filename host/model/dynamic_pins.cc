#include "host/model/dynamic_pins.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace yard::model {
namespace {

constexpr size_t kDelimiterSize = 3;
constexpr std::string_view kToolPin = "tools";
constexpr std::string_view kToolPrefix = "tools_^_";
constexpr std::string_view kToolSeparator = "_~_";

enum class Step { kIndex, kKey, kAttribute };

struct PathToken {
    Step step;
    std::string_view text;
};

std::optional<Step> DelimiterAt(std::string_view name, size_t at) {
    if (at + kDelimiterSize > name.size() || name[at] != '_' || name[at + 2] != '_') {
        return std::nullopt;
    }
    switch (name[at + 1]) {
        case '$': return Step::kIndex;
        case '#': return Step::kKey;
        case '@': return Step::kAttribute;
        default: return std::nullopt;
    }
}

size_t FindDelimiter(std::string_view name, size_t from = 0) {
    for (size_t at = name.find('_', from); at != std::string_view::npos;
         at = name.find('_', at + 1)) {
        if (DelimiterAt(name, at)) return at;
    }
    return std::string_view::npos;
}

using Path = std::vector<PathToken>;

// Nothing if the path is malformed.
std::optional<Path> ParsePath(std::string_view path) {
    Path tokens;
    while (!path.empty()) {
        std::optional<Step> step = DelimiterAt(path, 0);
        if (!step) return std::nullopt;
        path.remove_prefix(kDelimiterSize);
        size_t end = std::min(FindDelimiter(path), path.size());
        if (end == 0) return std::nullopt;
        tokens.push_back({*step, path.substr(0, end)});
        path.remove_prefix(end);
    }
    return tokens;
}

// As Python's int(): spaces around, a sign, underscores between digits. Saturates.
std::optional<int64_t> ParseIndex(std::string_view text) {
    constexpr std::string_view kSpace = " \t\n\r\f\v";
    size_t first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos) return std::nullopt;
    text = text.substr(first, text.find_last_not_of(kSpace) - first + 1);
    bool negative = text[0] == '-';
    if (negative || text[0] == '+') text.remove_prefix(1);
    constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
    int64_t index = 0;
    bool after_digit = false;
    for (char c : text) {
        bool digit = c >= '0' && c <= '9';
        if (!digit && !(c == '_' && after_digit)) return std::nullopt;
        if (digit) index = index > (kMax - 9) / 10 ? kMax : index * 10 + (c - '0');
        after_digit = digit;
    }
    if (!after_digit) return std::nullopt;
    return negative ? -index : index;
}

Error IndexError() { return Invalid("list index out of range"); }

// One step of a selection: the part, nothing, or an index error.
Result<std::optional<View>> SelectPart(View current, const PathToken& token) {
    if (token.step == Step::kKey) {
        if (!current.Has(token.text)) return std::optional<View>();
        return std::optional<View>(current[token.text]);
    }
    if (token.step == Step::kAttribute || !current.IsArray()) return std::optional<View>();
    std::optional<int64_t> index = ParseIndex(token.text);
    auto size = static_cast<int64_t>(current.size());
    if (!index || *index >= size) return std::optional<View>();
    if (*index < -size) return IndexError();
    return std::optional<View>(
        current.At(static_cast<size_t>(*index < 0 ? *index + size : *index)));
}

// Whether an output `tools_^_<node>_~_<pin>` is meant for the target.
bool IsRoutedTo(std::string_view output_name, const PinTarget& target) {
    output_name.remove_prefix(kToolPrefix.size());
    size_t split = output_name.find(kToolSeparator);
    return output_name.substr(0, split) == target.sink_id.text() &&
           output_name.substr(split + kToolSeparator.size()) == target.sink_pin;
}

// A value under construction: borrowed from the input until a path leads into it.
struct Slot {
    enum class Kind { kView, kText, kList, kObject, kAttributes };

    Kind kind = Kind::kView;
    View view;
    std::string_view text;
    std::vector<Slot> items;
    std::vector<std::pair<std::string_view, Slot>> members;

    bool IsNull() const { return kind == Kind::kView && view.IsNull(); }
    Slot& Member(std::string_view name);
    void Append(ValueBuilder& out) const;
};

Slot TextSlot(std::string_view text) {
    Slot slot;
    slot.kind = Slot::Kind::kText;
    slot.text = text;
    return slot;
}

Slot ViewSlot(View view) {
    Slot slot;
    slot.view = view;
    return slot;
}

Slot& Slot::Member(std::string_view name) {
    auto found = std::find_if(members.begin(), members.end(),
                              [&](const auto& member) { return member.first == name; });
    if (found != members.end()) return found->second;
    return members.emplace_back(name, Slot{}).second;
}

void Slot::Append(ValueBuilder& out) const {
    switch (kind) {
        case Kind::kView: out.Copy(view); break;
        case Kind::kText: out.String(text); break;
        case Kind::kList:
            out.BeginArray();
            for (const Slot& item : items) item.Append(out);
            out.EndArray();
            break;
        case Kind::kObject:
        case Kind::kAttributes:
            out.BeginObject();
            for (const auto& [name, member] : members) {
                out.Key(name);
                member.Append(out);
            }
            out.EndObject();
            break;
    }
}

std::vector<Slot> CharacterSlots(std::string_view text) {
    std::vector<Slot> slots;
    for (size_t first = 0; first < text.size();) {
        size_t last = first + 1;
        while (last < text.size() && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80) {
            ++last;
        }
        slots.push_back(TextSlot(text.substr(first, last - first)));
        first = last;
    }
    return slots;
}

// Whatever can be iterated becomes the list of its elements; the rest is discarded.
void BecomeList(Slot& slot) {
    if (slot.kind == Slot::Kind::kList) return;
    std::vector<Slot> items;
    if (slot.kind == Slot::Kind::kText) items = CharacterSlots(slot.text);
    if (slot.kind == Slot::Kind::kObject) {
        for (const auto& [name, member] : slot.members) items.push_back(TextSlot(name));
    }
    if (slot.kind == Slot::Kind::kView) {
        for (View item : slot.view.items()) items.push_back(ViewSlot(item));
        for (auto [name, member] : slot.view.members()) items.push_back(TextSlot(name));
        if (slot.view.IsString()) items = CharacterSlots(slot.view.AsString());
    }
    slot = Slot{};
    slot.kind = Slot::Kind::kList;
    slot.items = std::move(items);
}

void BecomeObject(Slot& slot) {
    if (slot.kind == Slot::Kind::kObject) return;
    Slot object;
    object.kind = Slot::Kind::kObject;
    if (slot.kind == Slot::Kind::kView) {
        for (auto [name, member] : slot.view.members()) {
            object.members.emplace_back(name, ViewSlot(member));
        }
    }
    slot = std::move(object);
}

void BecomeAttributes(Slot& slot) {
    if (slot.kind == Slot::Kind::kAttributes) return;
    slot = Slot{};
    slot.kind = Slot::Kind::kAttributes;
}

class Merge {
public:
    Result<Ok> Add(std::string_view name, View value) {
        size_t split = FindDelimiter(name);
        std::optional<Path> path;
        if (split != std::string_view::npos) path = ParsePath(name.substr(split));
        if (!path) {
            root_.Member(name) = ViewSlot(value);
            return Ok{};
        }
        if (path->size() > kPinDepthMax) {
            return Invalid("the pin " + std::string(name.substr(0, 80)) +
                           "... addresses more than " + std::to_string(kPinDepthMax) + " levels");
        }
        Slot* slot = &root_.Member(name.substr(0, split));
        for (const PathToken& token : *path) slot = TRY(Enter(*slot, token));
        *slot = ViewSlot(value);
        return Ok{};
    }

    // `data` with the merged members replacing or following its own.
    Value Over(View data) const {
        ValueBuilder out;
        out.BeginObject();
        for (auto [name, value] : data.members()) {
            const Slot* merged = Find(name);
            out.Key(name);
            if (merged != nullptr) {
                merged->Append(out);
            } else {
                out.Copy(value);
            }
        }
        for (const auto& [name, slot] : root_.members) {
            if (data.Has(name)) continue;
            out.Key(name);
            slot.Append(out);
        }
        out.EndObject();
        return out.Take();
    }

private:
    const Slot* Find(std::string_view name) const {
        for (const auto& [member, slot] : root_.members) {
            if (member == name) return &slot;
        }
        return nullptr;
    }

    Result<Slot*> Enter(Slot& slot, const PathToken& token) {
        switch (token.step) {
            case Step::kIndex: return EnterItem(slot, token.text);
            case Step::kKey: BecomeObject(slot); break;
            case Step::kAttribute: BecomeAttributes(slot); break;
        }
        return &slot.Member(token.text);
    }

    Result<Slot*> EnterItem(Slot& slot, std::string_view text) {
        std::optional<int64_t> index = ParseIndex(text);
        if (!index) return Invalid("index must be an integer");
        BecomeList(slot);
        auto size = static_cast<int64_t>(slot.items.size());
        if (*index < -size) return IndexError();
        if (*index >= size) {
            int64_t growth = *index - size;
            if (growth >= static_cast<int64_t>(kListGrowthMax - growth_)) {
                return Invalid("the list index " + std::string(text.substr(0, 40)) +
                               " is too far beyond the end of the list: lists grow by at most " +
                               std::to_string(kListGrowthMax) + " items");
            }
            growth_ += static_cast<size_t>(growth) + 1;
            slot.items.resize(static_cast<size_t>(*index) + 1);
        }
        return &slot.items[static_cast<size_t>(*index < 0 ? *index + size : *index)];
    }

    Slot root_;
    size_t growth_ = 0;  // Items added beyond ends, over all lists.
};

// The part of a dynamic name that descriptions call the key: up to the second delimiter of the
// same kind, for keys and indexes up to its first underscore.
std::string_view DescribedPart(std::string_view name, std::string_view delimiter, bool cut) {
    std::string_view part = name.substr(name.find(delimiter) + delimiter.size());
    part = part.substr(0, part.find(delimiter));
    return cut ? part.substr(0, part.find('_')) : part;
}

}  // namespace

bool IsDynamicPin(std::string_view name) { return FindDelimiter(name) != std::string_view::npos; }

std::string_view BasePinName(std::string_view name) { return name.substr(0, FindDelimiter(name)); }

bool IsToolPin(std::string_view name) { return name == kToolPin || name.starts_with(kToolPrefix); }

std::string_view SanitizedPinName(std::string_view name) {
    std::string_view base = BasePinName(name);
    return IsToolPin(base) ? kToolPin : base;
}

std::string DescribePin(std::string_view name) {
    std::string base(BasePinName(name));
    if (name.find("_#_") != std::string_view::npos) {
        std::string key(DescribedPart(name, "_#_", true));
        return "Dictionary field '" + key + "' for base field '" + base + "' (" + base + "['" +
               key + "'])";
    }
    if (name.find("_$_") != std::string_view::npos) {
        std::string index(DescribedPart(name, "_$_", true));
        return "List item " + index + " for base field '" + base + "' (" + base + "[" + index +
               "])";
    }
    if (name.find("_@_") != std::string_view::npos) {
        std::string attribute(DescribedPart(name, "_@_", false));
        return "Object attribute '" + attribute + "' for base field '" + base + "' (" + base + "." +
               attribute + ")";
    }
    return "Value for " + std::string(name);
}

Result<std::optional<Value>> SelectOutput(std::string_view output_name, const Value& data,
                                          std::string_view selector, const PinTarget& target) {
    if (IsToolPin(selector) && output_name.starts_with(kToolPrefix) &&
        output_name.find(kToolSeparator, kToolPrefix.size()) != std::string_view::npos) {
        if (target.sink_id.empty() || target.sink_pin.empty()) {
            return Invalid("sink_node_id and sink_pin_name must be provided for tool pin routing");
        }
        bool travels =
            IsRoutedTo(output_name, target) && (!data->IsNull() || selector == output_name);
        return travels ? std::optional<Value>(data) : std::nullopt;
    }
    if (selector == output_name) return std::optional<Value>(data);
    if (!selector.starts_with(output_name)) return std::optional<Value>();
    std::optional<Path> path = ParsePath(selector.substr(output_name.size()));
    if (!path) return std::optional<Value>();
    View current = data;
    for (const PathToken& token : *path) {
        std::optional<View> part = TRY(SelectPart(current, token));
        if (!part) return std::optional<Value>();
        current = *part;
    }
    if (current.IsNull()) return std::optional<Value>();
    return std::optional<Value>(data.Share(current));
}

Result<Value> MergeDynamicInputs(View data) {
    Merge merge;
    for (auto [name, value] : data.members()) TRY(merge.Add(name, value));
    return merge.Over(data);
}

}  // namespace yard::model
