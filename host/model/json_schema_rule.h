// The compiled form behind JsonSchema. For host/model only.

#pragma once

#include <re2/re2.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "host/model/json_schema.h"

namespace yard::model {

// Values as the JSON types a schema names.
enum SchemaType : unsigned {
    kSchemaNull = 1,
    kSchemaBoolean = 2,
    kSchemaInteger = 4,  // 1.0 is one, true is not.
    kSchemaNumber = 8,
    kSchemaString = 16,
    kSchemaArray = 32,
    kSchemaObject = 64,
};

// One schema. Views point into the schema text, which JsonSchema owns.
struct JsonSchema::Rule {
    struct Property {
        std::string_view name;
        std::unique_ptr<const Rule> rule;  // Null for a name that is only required.
        bool required = false;
    };
    using Rules = std::vector<std::unique_ptr<const Rule>>;

    View schema;
    bool never = false;  // The schema `false`.
    unsigned types = 0;  // SchemaType bits; 0 = any.

    bool has_const = false;
    bool has_enum = false;
    std::vector<std::string_view> enum_strings;  // Sorted; used if the enum has only strings.

    std::vector<Property> properties;  // Sorted by name.
    size_t required_count = 0;
    std::unique_ptr<const Rule> additional;
    std::optional<size_t> properties_min, properties_max;

    Rules prefix_items;
    std::unique_ptr<const Rule> items;
    std::optional<size_t> items_min, items_max;
    bool unique_items = false;

    Rules any_of, one_of, all_of;
    std::unique_ptr<const Rule> negated;

    std::optional<double> minimum, maximum, exclusive_minimum, exclusive_maximum, multiple_of;
    std::optional<size_t> length_min, length_max;
    std::unique_ptr<const RE2> pattern;

    const Property* FindProperty(std::string_view name) const;
};

enum class NullMembers { kCount, kIgnore };

unsigned SchemaTypesOf(View value);

// Each is true if `value` meets the keywords of its group. None allocates.
bool Conforms(const JsonSchema::Rule& rule, View value, NullMembers nulls = NullMembers::kCount);
bool MeetsEnum(const JsonSchema::Rule& rule, View value);
bool IsMultipleOf(double value, double factor);
bool HasUniqueItems(View array);
size_t MemberCount(View object, NullMembers nulls);

// The best matching fault of a value that does not conform.
std::string DescribeFault(const JsonSchema::Rule& rule, View value, NullMembers nulls);

}  // namespace yard::model
