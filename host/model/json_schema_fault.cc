// Words for values that do not conform. Not on the hot path: clarity before speed.

#include <algorithm>
#include <tuple>
#include <utility>

#include "host/model/json_schema_rule.h"
#include "host/model/python_text.h"

namespace yard::model {
namespace {

using Rule = JsonSchema::Rule;

// How one keyword failed. `context` has the faults of its alternatives.
struct Fault {
    std::string message;
    size_t depth = 0;  // Members and items entered since the root or the enclosing alternative.
    bool weak = false;
    bool type_matches = false;
    std::vector<Fault> context;

    // Greater is more relevant at the top, less relevant among alternatives.
    auto Relevance() const {
        return std::tuple(-static_cast<int64_t>(depth), !weak, !type_matches);
    }
};

struct Place {
    const Rule& rule;
    View value;
    NullMembers nulls = NullMembers::kCount;
    size_t depth = 0;

    std::string repr() const { return PythonRepr(value); }
    bool IsAbsent(View member) const { return nulls == NullMembers::kIgnore && member.IsNull(); }
};

using Faults = std::vector<Fault>;

void Collect(const Place& place, Faults& out);

void Add(const Place& place, std::string message, Faults& out) {
    Fault fault;
    fault.message = std::move(message);
    fault.depth = place.depth;
    fault.type_matches = (place.rule.types & SchemaTypesOf(place.value)) != 0;
    out.push_back(std::move(fault));
}

// One of "is too short", "should be non-empty".
const char* Shortness(size_t least, const char* otherwise) {
    return least == 1 ? " should be non-empty" : otherwise;
}
const char* Excess(size_t most, const char* otherwise) {
    return most == 0 ? " is expected to be empty" : otherwise;
}

void CheckType(const Place& place, Faults& out) {
    if ((place.rule.types & SchemaTypesOf(place.value)) != 0 || place.rule.types == 0) return;
    View type = place.rule.schema["type"];
    std::string names;
    for (View name : type.items()) {
        if (!names.empty()) names += ", ";
        AppendPythonRepr(name, names);
    }
    if (type.IsString()) names = PythonRepr(type);
    Add(place, place.repr() + " is not of type " + names, out);
}

void CheckChoices(const Place& place, Faults& out) {
    if (MeetsEnum(place.rule, place.value)) return;
    Add(place, place.repr() + " is not one of " + PythonRepr(place.rule.schema["enum"]), out);
}

void CheckConst(const Place& place, Faults& out) {
    View expected = place.rule.schema["const"];
    if (!Equal(expected, place.value)) Add(place, PythonRepr(expected) + " was expected", out);
}

void CheckRequired(const Place& place, Faults& out) {
    if (!place.value.IsObject()) return;
    for (View name : place.rule.schema["required"].items()) {
        bool present =
            place.value.Has(name.AsString()) && !place.IsAbsent(place.value[name.AsString()]);
        if (!present) Add(place, PythonRepr(name) + " is a required property", out);
    }
}

void CheckProperties(const Place& place, Faults& out) {
    if (!place.value.IsObject()) return;
    for (auto [name, schema] : place.rule.schema["properties"].members()) {
        if (!place.value.Has(name) || place.IsAbsent(place.value[name])) continue;
        const Rule& rule = *place.rule.FindProperty(name)->rule;
        Collect({rule, place.value[name], NullMembers::kCount, place.depth + 1}, out);
    }
}

void AddUnexpected(const Place& place, std::vector<std::string> extras, Faults& out) {
    std::sort(extras.begin(), extras.end());
    std::string names;
    for (const std::string& name : extras) {
        if (!names.empty()) names += ", ";
        AppendPythonRepr(name, names);
    }
    Add(place,
        "Additional properties are not allowed (" + names +
            (extras.size() == 1 ? " was unexpected)" : " were unexpected)"),
        out);
}

void CheckAdditional(const Place& place, Faults& out) {
    std::vector<std::string> extras;
    for (auto [name, value] : place.value.members()) {
        const Rule::Property* property = place.rule.FindProperty(name);
        if ((property != nullptr && property->rule) || place.IsAbsent(value)) continue;
        if (place.rule.additional->never) {
            extras.emplace_back(name);
        } else {
            Collect({*place.rule.additional, value, NullMembers::kCount, place.depth + 1}, out);
        }
    }
    if (!extras.empty()) AddUnexpected(place, std::move(extras), out);
}

void CheckItems(const Place& place, Faults& out) {
    size_t index = 0;
    for (View item : place.value.items()) {
        if (index >= place.rule.prefix_items.size()) {
            Collect({*place.rule.items, item, NullMembers::kCount, place.depth + 1}, out);
        }
        ++index;
    }
}

void CheckPrefixItems(const Place& place, Faults& out) {
    size_t index = 0;
    for (View item : place.value.items()) {
        if (index == place.rule.prefix_items.size()) return;
        Collect({*place.rule.prefix_items[index], item, NullMembers::kCount, place.depth + 1}, out);
        ++index;
    }
}

void CheckItemCounts(const Place& place, std::string_view keyword, Faults& out) {
    if (!place.value.IsArray()) return;
    const Rule& rule = place.rule;
    size_t count = place.value.size();
    if (keyword == "minItems" && rule.items_min && count < *rule.items_min) {
        Add(place, place.repr() + Shortness(*rule.items_min, " is too short"), out);
    } else if (keyword == "maxItems" && rule.items_max && count > *rule.items_max) {
        Add(place, place.repr() + Excess(*rule.items_max, " is too long"), out);
    } else if (keyword == "uniqueItems" && rule.unique_items && !HasUniqueItems(place.value)) {
        Add(place, place.repr() + " has non-unique elements", out);
    }
}

void CheckMemberCounts(const Place& place, std::string_view keyword, Faults& out) {
    if (!place.value.IsObject()) return;
    const Rule& rule = place.rule;
    size_t count = MemberCount(place.value, place.nulls);
    if (keyword == "minProperties" && rule.properties_min && count < *rule.properties_min) {
        const char* few = Shortness(*rule.properties_min, " does not have enough properties");
        Add(place, place.repr() + few, out);
    } else if (keyword == "maxProperties" && rule.properties_max && count > *rule.properties_max) {
        Add(place, place.repr() + Excess(*rule.properties_max, " has too many properties"), out);
    }
}

void CheckNumber(const Place& place, std::string_view keyword, Faults& out) {
    if (!place.value.IsNumber()) return;
    const Rule& rule = place.rule;
    double value = place.value.AsDouble();
    const char* fault = nullptr;
    if (keyword == "minimum" && rule.minimum && value < *rule.minimum) {
        fault = " is less than the minimum of ";
    } else if (keyword == "maximum" && rule.maximum && value > *rule.maximum) {
        fault = " is greater than the maximum of ";
    } else if (keyword == "exclusiveMinimum" && rule.exclusive_minimum &&
               value <= *rule.exclusive_minimum) {
        fault = " is less than or equal to the minimum of ";
    } else if (keyword == "exclusiveMaximum" && rule.exclusive_maximum &&
               value >= *rule.exclusive_maximum) {
        fault = " is greater than or equal to the maximum of ";
    } else if (keyword == "multipleOf" && rule.multiple_of &&
               !IsMultipleOf(value, *rule.multiple_of)) {
        fault = " is not a multiple of ";
    }
    if (fault != nullptr) Add(place, place.repr() + fault + PythonRepr(rule.schema[keyword]), out);
}

void CheckString(const Place& place, std::string_view keyword, Faults& out) {
    if (!place.value.IsString()) return;
    const Rule& rule = place.rule;
    std::string_view text = place.value.AsString();
    size_t length = CodePointCount(text);
    if (keyword == "minLength" && rule.length_min && length < *rule.length_min) {
        Add(place, place.repr() + Shortness(*rule.length_min, " is too short"), out);
    } else if (keyword == "maxLength" && rule.length_max && length > *rule.length_max) {
        Add(place, place.repr() + Excess(*rule.length_max, " is too long"), out);
    } else if (keyword == "pattern" && rule.pattern &&
               !RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *rule.pattern)) {
        Add(place, place.repr() + " does not match " + PythonRepr(rule.schema["pattern"]), out);
    }
}

void AddNoAlternative(const Place& place, const Rule::Rules& rules, Faults& out) {
    Add(place, place.repr() + " is not valid under any of the given schemas", out);
    out.back().weak = true;
    Faults context;
    for (const auto& rule : rules) Collect({*rule, place.value, place.nulls, 0}, context);
    out.back().context = std::move(context);
}

void CheckAnyOf(const Place& place, Faults& out) {
    const Rule::Rules& rules = place.rule.any_of;
    bool valid = std::any_of(rules.begin(), rules.end(), [&](const auto& rule) {
        return Conforms(*rule, place.value, place.nulls);
    });
    if (!valid && !rules.empty()) AddNoAlternative(place, rules, out);
}

void CheckOneOf(const Place& place, Faults& out) {
    std::vector<const Rule*> valid;
    for (const auto& rule : place.rule.one_of) {
        if (Conforms(*rule, place.value, place.nulls)) valid.push_back(rule.get());
    }
    if (valid.empty() && !place.rule.one_of.empty()) {
        AddNoAlternative(place, place.rule.one_of, out);
    } else if (valid.size() > 1) {
        // The reference names the first one last.
        std::rotate(valid.begin(), valid.begin() + 1, valid.end());
        std::string names;
        for (const Rule* rule : valid) {
            if (!names.empty()) names += ", ";
            AppendPythonRepr(rule->schema, names);
        }
        Add(place, place.repr() + " is valid under each of " + names, out);
        out.back().weak = true;
    }
}

void CheckNot(const Place& place, Faults& out) {
    if (!Conforms(*place.rule.negated, place.value, place.nulls)) return;
    Add(place, place.repr() + " should not be valid under " + PythonRepr(place.rule.schema["not"]),
        out);
}

// Returns whether the keyword was one of the plain ones.
bool CheckStructureKeyword(const Place& place, std::string_view keyword, Faults& out) {
    if (keyword == "type") {
        CheckType(place, out);
    } else if (keyword == "enum") {
        CheckChoices(place, out);
    } else if (keyword == "const") {
        CheckConst(place, out);
    } else if (keyword == "required") {
        CheckRequired(place, out);
    } else if (keyword == "properties") {
        CheckProperties(place, out);
    } else if (keyword == "additionalProperties") {
        CheckAdditional(place, out);
    } else if (keyword == "items") {
        CheckItems(place, out);
    } else if (keyword == "prefixItems") {
        CheckPrefixItems(place, out);
    } else {
        return false;
    }
    return true;
}

void CheckCombination(const Place& place, std::string_view keyword, Faults& out) {
    if (keyword == "anyOf") {
        CheckAnyOf(place, out);
    } else if (keyword == "oneOf") {
        CheckOneOf(place, out);
    } else if (keyword == "allOf") {
        for (const auto& rule : place.rule.all_of) {
            Collect({*rule, place.value, place.nulls, place.depth}, out);
        }
    } else if (keyword == "not") {
        CheckNot(place, out);
    }
}

void Collect(const Place& place, Faults& out) {
    if (place.rule.never) {
        Add(place, "False schema does not allow " + place.repr(), out);
        return;
    }
    // Keywords in the order of the schema: the first of equally relevant faults is reported.
    for (auto [keyword, unused] : place.rule.schema.members()) {
        if (CheckStructureKeyword(place, keyword, out)) continue;
        CheckNumber(place, keyword, out);
        CheckString(place, keyword, out);
        CheckItemCounts(place, keyword, out);
        CheckMemberCounts(place, keyword, out);
        CheckCombination(place, keyword, out);
    }
}

// Descends into alternatives as long as one fault stands out there.
const Fault& BestMatch(const Faults& faults) {
    auto less = [](const Fault& a, const Fault& b) { return a.Relevance() < b.Relevance(); };
    const Fault* best = &*std::max_element(faults.begin(), faults.end(), less);
    while (!best->context.empty()) {
        auto deepest = std::min_element(best->context.begin(), best->context.end(), less);
        auto ties = std::count_if(best->context.begin(), best->context.end(), [&](const Fault& f) {
            return f.Relevance() == deepest->Relevance();
        });
        if (ties > 1) break;
        best = &*deepest;
    }
    return *best;
}

}  // namespace

std::string DescribeFault(const Rule& rule, View value, NullMembers nulls) {
    Faults faults;
    Collect({rule, value, nulls, 0}, faults);
    return BestMatch(faults).message;
}

}  // namespace yard::model
