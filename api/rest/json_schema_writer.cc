#include "api/rest/json_schema_writer.h"

#include <cctype>

namespace yard::rest {
namespace {

void AppendSchema(const Type& type, Components& components, ValueBuilder& out);

void AppendReference(const std::string& name, ValueBuilder& out) {
    out.Member("$ref", "#/components/schemas/" + name);
}

void AppendChoices(const Type& type, ValueBuilder& out) {
    out.Member("type", "string").Member("enum", Value::Strings(type.choices));
}

void AddEnum(const std::string& name, const std::vector<std::string>& choices,
             Components& components) {
    components[name] = Value::Object({{"type", Value::String("string")},
                                      {"enum", Value::Strings(choices)},
                                      {"title", Value::String(name)}});
}

void AddDto(const Dto& dto, Components& components) {
    // Reserved first, so that a type that contains itself ends here.
    if (!components.try_emplace(dto.name).second) return;
    ValueBuilder out;
    out.BeginObject().Key("properties").BeginObject();
    for (const Field& field : dto.fields) out.Member(field.name, SchemaOf(field, components));
    out.EndObject();
    if (dto.additional) out.Member("additionalProperties", true);
    out.Member("type", "object");
    std::vector<std::string> required;
    for (const Field& field : dto.fields) {
        if (field.required) required.push_back(field.name);
    }
    if (!required.empty()) out.Member("required", Value::Strings(required));
    out.Member("title", dto.title.empty() ? dto.name : dto.title);
    if (!dto.description.empty()) out.Member("description", dto.description);
    for (auto [key, value] : dto.schema_extras->members()) out.Key(key).Copy(value);
    components[dto.name] = out.EndObject().Take();
}

bool IsReference(const Type& type) {
    return type.kind == Type::Kind::kDto || type.kind == Type::Kind::kEnum;
}

void AppendMap(const Type& type, Components& components, ValueBuilder& out) {
    out.Key("additionalProperties").BeginObject();
    AppendSchema(type.items[0], components, out);
    out.EndObject();
    if (!type.key_name.empty()) {
        AddEnum(type.key_name, type.key_choices, components);
        out.Key("propertyNames").BeginObject();
        AppendReference(type.key_name, out);
        out.EndObject();
    }
    out.Member("type", "object");
}

void AppendUnion(const Type& type, Components& components, ValueBuilder& out) {
    out.Key("anyOf").BeginArray();
    for (const Type& member : type.items) {
        out.BeginObject();
        AppendSchema(member, components, out);
        out.EndObject();
    }
    if (type.nullable) out.BeginObject().Member("type", "null").EndObject();
    out.EndArray();
}

void AppendText(const Type& type, ValueBuilder& out) {
    out.Member("type", "string");
    if (type.kind == Type::Kind::kEmail) out.Member("format", "email");
    if (type.kind == Type::Kind::kDateTime) out.Member("format", "date-time");
    if (type.length_min > 0) out.Member("minLength", static_cast<int64_t>(type.length_min));
    if (!type.pattern.empty()) out.Member("pattern", type.pattern);
}

void AppendInteger(const Type& type, ValueBuilder& out) {
    out.Member("type", "integer");
    if (type.minimum) out.Member("minimum", *type.minimum);
    if (type.maximum) out.Member("maximum", *type.maximum);
}

// Without regard to `nullable`.
void AppendBareSchema(const Type& type, Components& components, ValueBuilder& out) {
    switch (type.kind) {
        case Type::Kind::kAny: return;
        case Type::Kind::kString:
        case Type::Kind::kEmail:
        case Type::Kind::kDateTime: return AppendText(type, out);
        case Type::Kind::kInteger: return AppendInteger(type, out);
        case Type::Kind::kNumber: return void(out.Member("type", "number"));
        case Type::Kind::kBoolean: return void(out.Member("type", "boolean"));
        case Type::Kind::kObject:
            return void(out.Member("additionalProperties", true).Member("type", "object"));
        case Type::Kind::kMap: return AppendMap(type, components, out);
        case Type::Kind::kList:
            out.Key("items").BeginObject();
            AppendSchema(type.items[0], components, out);
            return void(out.EndObject().Member("type", "array"));
        case Type::Kind::kDto:
            AddDto(*type.dto, components);
            return AppendReference(type.dto->name, out);
        case Type::Kind::kEnum:
            AddEnum(type.name, type.choices, components);
            return AppendReference(type.name, out);
        case Type::Kind::kTimezone:
            AppendChoices(type, out);
            return void(out.Member("minLength", 1));
        case Type::Kind::kLiteral: return AppendChoices(type, out);
        case Type::Kind::kUnion: return AppendUnion(type, components, out);
    }
}

void AppendSchema(const Type& type, Components& components, ValueBuilder& out) {
    if (!type.nullable || type.kind == Type::Kind::kUnion) {
        return AppendBareSchema(type, components, out);
    }
    out.Key("anyOf").BeginArray().BeginObject();
    AppendBareSchema(type, components, out);
    out.EndObject().BeginObject().Member("type", "null").EndObject().EndArray();
}

}  // namespace

std::string TitleOf(std::string_view name) {
    std::string title;
    bool start = true;
    for (char c : name) {
        if (c == '_' || c == ' ') {
            title.push_back(' ');
            start = true;
        } else {
            auto byte = static_cast<unsigned char>(c);
            title.push_back(static_cast<char>(start ? std::toupper(byte) : byte));
            start = false;
        }
    }
    return title;
}

Value SchemaOf(const Type& type, std::string_view title, Components& components) {
    ValueBuilder out;
    out.BeginObject();
    AppendSchema(type, components, out);
    if (!title.empty() && !IsReference(type)) out.Member("title", title);
    return out.EndObject().Take();
}

Value SchemaOf(const Field& field, Components& components) {
    ValueBuilder out;
    out.BeginObject();
    AppendSchema(field.type, components, out);
    if (!IsReference(field.type)) {
        out.Member("title", field.title.empty() ? TitleOf(field.name) : field.title);
    }
    if (!field.description.empty()) out.Member("description", field.description);
    if (!field.default_value->IsNull()) out.Member("default", field.default_value);
    if (!field.examples->IsNull()) out.Member("examples", field.examples);
    if (field.read_only) out.Member("readOnly", true);
    return out.EndObject().Take();
}

}  // namespace yard::rest
