#include "host/model/json_schema.h"

#include <algorithm>
#include <cmath>

#include "host/model/json_schema_rule.h"
#include "host/model/python_text.h"

namespace yard::model {
namespace {

using Rule = JsonSchema::Rule;

bool NumberConforms(const Rule& rule, double value) {
    return !(rule.minimum && value < *rule.minimum) && !(rule.maximum && value > *rule.maximum) &&
           !(rule.exclusive_minimum && value <= *rule.exclusive_minimum) &&
           !(rule.exclusive_maximum && value >= *rule.exclusive_maximum) &&
           !(rule.multiple_of && !IsMultipleOf(value, *rule.multiple_of));
}

bool StringConforms(const Rule& rule, std::string_view text) {
    if (rule.length_min || rule.length_max) {
        size_t length = CodePointCount(text);
        if (rule.length_min && length < *rule.length_min) return false;
        if (rule.length_max && length > *rule.length_max) return false;
    }
    return !rule.pattern ||
           RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *rule.pattern);
}

bool ArrayConforms(const Rule& rule, View array) {
    if (rule.items_min && array.size() < *rule.items_min) return false;
    if (rule.items_max && array.size() > *rule.items_max) return false;
    if (rule.items || !rule.prefix_items.empty()) {
        size_t index = 0;
        for (View item : array.items()) {
            const Rule* item_rule = index < rule.prefix_items.size()
                                        ? rule.prefix_items[index].get()
                                        : rule.items.get();
            if (item_rule != nullptr && !Conforms(*item_rule, item)) return false;
            ++index;
        }
    }
    return !rule.unique_items || HasUniqueItems(array);
}

bool ObjectConforms(const Rule& rule, View object, NullMembers nulls) {
    if (rule.properties_min && MemberCount(object, nulls) < *rule.properties_min) return false;
    if (rule.properties_max && MemberCount(object, nulls) > *rule.properties_max) return false;
    if (rule.properties.empty() && !rule.additional) return true;
    size_t required_found = 0;
    for (auto [name, value] : object.members()) {
        if (nulls == NullMembers::kIgnore && value.IsNull()) continue;
        const Rule::Property* property = rule.FindProperty(name);
        if (property != nullptr && property->required) ++required_found;
        const Rule* member_rule =
            property != nullptr && property->rule ? property->rule.get() : rule.additional.get();
        if (member_rule != nullptr && !Conforms(*member_rule, value)) return false;
    }
    return required_found == rule.required_count;
}

bool CombinationsConform(const Rule& rule, View value, NullMembers nulls) {
    auto conforms = [&](const auto& part) { return Conforms(*part, value, nulls); };
    if (!std::all_of(rule.all_of.begin(), rule.all_of.end(), conforms)) return false;
    if (!rule.any_of.empty() && std::none_of(rule.any_of.begin(), rule.any_of.end(), conforms)) {
        return false;
    }
    if (!rule.one_of.empty() &&
        std::count_if(rule.one_of.begin(), rule.one_of.end(), conforms) != 1) {
        return false;
    }
    return !rule.negated || !Conforms(*rule.negated, value, nulls);
}

bool KindConforms(const Rule& rule, View value, NullMembers nulls) {
    switch (value.type()) {
        case Type::kNumber: return NumberConforms(rule, value.AsDouble());
        case Type::kString: return StringConforms(rule, value.AsString());
        case Type::kArray: return ArrayConforms(rule, value);
        case Type::kObject: return ObjectConforms(rule, value, nulls);
        case Type::kNull:
        case Type::kBool:
        case Type::kBytes:
        case Type::kCredential:
        case Type::kFile: return true;
    }
    return true;
}

}  // namespace

const Rule::Property* Rule::FindProperty(std::string_view name) const {
    auto found = std::lower_bound(properties.begin(), properties.end(), name,
                                  [](const Property& p, std::string_view n) { return p.name < n; });
    return found != properties.end() && found->name == name ? &*found : nullptr;
}

unsigned SchemaTypesOf(View value) {
    switch (value.type()) {
        case Type::kNull: return kSchemaNull;
        case Type::kBool: return kSchemaBoolean;
        case Type::kNumber: {
            if (value.IsInteger()) return kSchemaInteger | kSchemaNumber;
            double number = value.AsDouble();
            bool whole = std::isfinite(number) && std::trunc(number) == number;
            return whole ? kSchemaInteger | kSchemaNumber : kSchemaNumber;
        }
        case Type::kString:
        case Type::kBytes:  // Shown to clients as text.
            return kSchemaString;
        case Type::kArray: return kSchemaArray;
        case Type::kObject:
        case Type::kCredential:  // Handles stand for the objects they refer to.
        case Type::kFile: return kSchemaObject;
    }
    return 0;
}

bool MeetsEnum(const Rule& rule, View value) {
    if (value.IsString() && !rule.enum_strings.empty()) {
        return std::binary_search(rule.enum_strings.begin(), rule.enum_strings.end(),
                                  value.AsString());
    }
    for (View choice : rule.schema["enum"].items()) {
        if (Equal(choice, value)) return true;
    }
    return false;
}

bool IsMultipleOf(double value, double factor) {
    double quotient = value / factor;
    return std::isfinite(quotient) && std::trunc(quotient) == quotient;
}

bool HasUniqueItems(View array) {
    for (auto a = array.items().begin(); a != array.items().end(); ++a) {
        auto b = a;
        for (++b; b != array.items().end(); ++b) {
            if (Equal(*a, *b)) return false;
        }
    }
    return true;
}

size_t MemberCount(View object, NullMembers nulls) {
    if (nulls == NullMembers::kCount) return object.size();
    size_t count = 0;
    for (auto [name, value] : object.members()) count += value.IsNull() ? 0 : 1;
    return count;
}

bool Conforms(const Rule& rule, View value, NullMembers nulls) {
    if (rule.never) return false;
    if (rule.types != 0 && (rule.types & SchemaTypesOf(value)) == 0) return false;
    if (rule.has_enum && !MeetsEnum(rule, value)) return false;
    if (rule.has_const && !Equal(rule.schema["const"], value)) return false;
    return KindConforms(rule, value, nulls) && CombinationsConform(rule, value, nulls);
}

std::optional<std::string> JsonSchema::Validate(View value) const {
    if (Conforms(*root_, value)) return std::nullopt;
    return DescribeFault(*root_, value, NullMembers::kCount);
}

std::optional<std::string> JsonSchema::ValidateIgnoringNulls(View value) const {
    if (Conforms(*root_, value, NullMembers::kIgnore)) return std::nullopt;
    return DescribeFault(*root_, value, NullMembers::kIgnore);
}

std::optional<std::string> JsonSchema::ValidateProperty(std::string_view name, View value) const {
    const Rule::Property* property = root_->FindProperty(name);
    if (property == nullptr || !property->rule || Conforms(*property->rule, value)) {
        return std::nullopt;
    }
    return DescribeFault(*property->rule, value, NullMembers::kCount);
}

}  // namespace yard::model
