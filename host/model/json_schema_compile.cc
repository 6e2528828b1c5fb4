#include <algorithm>
#include <utility>

#include "host/model/json_schema_rule.h"

namespace yard::model {
namespace {

using Rule = JsonSchema::Rule;
using RulePtr = std::unique_ptr<const Rule>;

constexpr int kDepthMax = 64;

constexpr std::pair<std::string_view, unsigned> kTypes[] = {
    {"null", kSchemaNull},     {"boolean", kSchemaBoolean}, {"integer", kSchemaInteger},
    {"number", kSchemaNumber}, {"string", kSchemaString},   {"array", kSchemaArray},
    {"object", kSchemaObject},
};

Error BadKeyword(std::string_view keyword, std::string_view expected) {
    return Invalid("the schema keyword \"" + std::string(keyword) + "\" must be " +
                   std::string(expected));
}

Result<unsigned> ParseTypeName(View name) {
    for (auto [text, bit] : kTypes) {
        if (name.IsString() && name.AsString() == text) return bit;
    }
    return BadKeyword("type", "the name of a JSON type or a list of them");
}

Result<Ok> CompileTypes(View type, Rule& rule) {
    if (type.IsNull()) return Ok{};
    if (!type.IsArray()) {
        rule.types = TRY(ParseTypeName(type));
        return Ok{};
    }
    for (View name : type.items()) rule.types |= TRY(ParseTypeName(name));
    return Ok{};
}

Result<Ok> ReadNumber(View schema, std::string_view keyword, std::optional<double>& out) {
    View value = schema[keyword];
    if (value.IsNull()) return Ok{};
    if (!value.IsNumber()) return BadKeyword(keyword, "a number");
    out = value.AsDouble();
    return Ok{};
}

Result<Ok> ReadCount(View schema, std::string_view keyword, std::optional<size_t>& out) {
    View value = schema[keyword];
    if (value.IsNull()) return Ok{};
    if (!value.IsNumber() || value.AsDouble() < 0) return BadKeyword(keyword, "a number >= 0");
    out = value.IsUint() ? value.AsUint() : static_cast<size_t>(value.AsDouble());
    return Ok{};
}

Result<RulePtr> CompileRule(View schema, int depth);

Result<Ok> CompileOne(View schema, std::string_view keyword, int depth, RulePtr& out) {
    if (schema.Has(keyword)) out = TRY(CompileRule(schema[keyword], depth));
    return Ok{};
}

Result<Ok> CompileList(View schema, std::string_view keyword, int depth, Rule::Rules& out) {
    View list = schema[keyword];
    if (list.IsNull()) return Ok{};
    if (!list.IsArray()) return BadKeyword(keyword, "a list of schemas");
    for (View item : list.items()) out.push_back(TRY(CompileRule(item, depth)));
    return Ok{};
}

Result<Ok> CompileRequired(View required, Rule& rule) {
    if (required.IsNull()) return Ok{};
    if (!required.IsArray()) return BadKeyword("required", "a list of names");
    for (View item : required.items()) {
        if (!item.IsString()) return BadKeyword("required", "a list of names");
        auto same = [&](const Rule::Property& property) {
            return property.name == item.AsString();
        };
        auto found = std::find_if(rule.properties.begin(), rule.properties.end(), same);
        if (found == rule.properties.end()) {
            found = rule.properties.insert(found, {item.AsString(), nullptr, false});
        }
        rule.required_count += found->required ? 0 : 1;
        found->required = true;
    }
    return Ok{};
}

Result<Ok> CompileProperties(View schema, int depth, Rule& rule) {
    View properties = schema["properties"];
    if (!properties.IsNull() && !properties.IsObject()) {
        return BadKeyword("properties", "an object of schemas");
    }
    for (auto [name, property] : properties.members()) {
        auto compiled = TRY(CompileRule(property, depth));
        rule.properties.push_back({name, std::move(compiled), false});
    }
    TRY(CompileRequired(schema["required"], rule));
    std::sort(rule.properties.begin(), rule.properties.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    TRY(CompileOne(schema, "additionalProperties", depth, rule.additional));
    TRY(ReadCount(schema, "minProperties", rule.properties_min));
    return ReadCount(schema, "maxProperties", rule.properties_max);
}

Result<Ok> CompileItems(View schema, int depth, Rule& rule) {
    TRY(CompileList(schema, "prefixItems", depth, rule.prefix_items));
    TRY(CompileOne(schema, "items", depth, rule.items));
    TRY(ReadCount(schema, "minItems", rule.items_min));
    TRY(ReadCount(schema, "maxItems", rule.items_max));
    rule.unique_items = schema["uniqueItems"].BoolOr(false);
    return Ok{};
}

Result<Ok> CompileEnum(View schema, Rule& rule) {
    rule.has_const = schema.Has("const");
    if (!schema.Has("enum")) return Ok{};
    View choices = schema["enum"];
    if (!choices.IsArray()) return BadKeyword("enum", "a list");
    rule.has_enum = true;
    for (View choice : choices.items()) {
        if (choice.IsString()) rule.enum_strings.push_back(choice.AsString());
    }
    if (rule.enum_strings.size() != choices.size()) rule.enum_strings.clear();
    std::sort(rule.enum_strings.begin(), rule.enum_strings.end());
    return Ok{};
}

Result<Ok> CompileScalars(View schema, Rule& rule) {
    TRY(ReadNumber(schema, "minimum", rule.minimum));
    TRY(ReadNumber(schema, "maximum", rule.maximum));
    TRY(ReadNumber(schema, "exclusiveMinimum", rule.exclusive_minimum));
    TRY(ReadNumber(schema, "exclusiveMaximum", rule.exclusive_maximum));
    TRY(ReadNumber(schema, "multipleOf", rule.multiple_of));
    if (rule.multiple_of && *rule.multiple_of <= 0) return BadKeyword("multipleOf", "positive");
    TRY(ReadCount(schema, "minLength", rule.length_min));
    TRY(ReadCount(schema, "maxLength", rule.length_max));
    if (!schema["pattern"].IsString()) return Ok{};
    rule.pattern = std::make_unique<const RE2>(
        re2::StringPiece(schema["pattern"].AsString().data(), schema["pattern"].AsString().size()),
        RE2::Quiet);
    if (!rule.pattern->ok()) {
        return BadKeyword("pattern", "an RE2 expression: " + rule.pattern->error());
    }
    return Ok{};
}

Result<RulePtr> CompileRule(View schema, int depth) {
    if (depth > kDepthMax) {
        return Error{ErrorKind::kTooLarge,
                     "the schema is nested deeper than " + std::to_string(kDepthMax) + " levels",
                     {}};
    }
    auto rule = std::make_unique<Rule>();
    rule->schema = schema;
    if (schema.IsBool()) {
        rule->never = !schema.AsBool();
        return RulePtr(std::move(rule));
    }
    if (!schema.IsObject()) return Invalid("a schema must be an object, true or false");
    TRY(CompileTypes(schema["type"], *rule));
    TRY(CompileEnum(schema, *rule));
    TRY(CompileScalars(schema, *rule));
    TRY(CompileProperties(schema, depth + 1, *rule));
    TRY(CompileItems(schema, depth + 1, *rule));
    TRY(CompileList(schema, "anyOf", depth + 1, rule->any_of));
    TRY(CompileList(schema, "oneOf", depth + 1, rule->one_of));
    TRY(CompileList(schema, "allOf", depth + 1, rule->all_of));
    TRY(CompileOne(schema, "not", depth + 1, rule->negated));
    return RulePtr(std::move(rule));
}

}  // namespace

JsonSchema::JsonSchema(Value schema, std::unique_ptr<const Rule> root)
    : schema_(std::move(schema)), root_(std::move(root)) {}
JsonSchema::~JsonSchema() = default;

Result<std::shared_ptr<const JsonSchema>> JsonSchema::Compile(View schema) {
    Value owned = Value::Copy(schema);
    RulePtr root = TRY(CompileRule(owned.view(), 0));
    return std::shared_ptr<const JsonSchema>(new JsonSchema(std::move(owned), std::move(root)));
}

}  // namespace yard::model
