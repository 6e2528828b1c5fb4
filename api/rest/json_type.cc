#include "api/rest/json_type.h"

namespace yard::rest {

Type IntegerBetween(int64_t minimum, std::optional<int64_t> maximum) {
    Type type = Integer();
    type.minimum = minimum;
    type.maximum = maximum;
    return type;
}

Type Nullable(Type type) {
    type.nullable = true;
    return type;
}

Type ListOf(Type item) {
    Type type = Simple(Type::Kind::kList);
    type.items.push_back(std::move(item));
    return type;
}

Type MapOf(Type value) {
    Type type = Simple(Type::Kind::kMap);
    type.items.push_back(std::move(value));
    return type;
}

Type ObjectOf(const Dto& dto) {
    Type type = Simple(Type::Kind::kDto);
    type.dto = &dto;
    return type;
}

Type OneOf(std::string name, std::vector<std::string> choices) {
    Type type = Simple(Type::Kind::kEnum);
    type.name = std::move(name);
    type.choices = std::move(choices);
    return type;
}

Type LiteralOf(std::vector<std::string> choices) {
    Type type = Simple(Type::Kind::kLiteral);
    type.choices = std::move(choices);
    return type;
}

Type AnyOf(std::vector<Type> members) {
    Type type = Simple(Type::Kind::kUnion);
    type.items = std::move(members);
    return type;
}

Field Required(std::string name, Type type, std::string description) {
    Field field;
    field.name = std::move(name);
    field.type = std::move(type);
    field.required = true;
    field.description = std::move(description);
    return field;
}

Field Optional(std::string name, Type type, Value default_value, std::string description) {
    Field field;
    field.name = std::move(name);
    field.type = std::move(type);
    field.default_value = std::move(default_value);
    field.description = std::move(description);
    return field;
}

}  // namespace yard::rest
