// Types of the API's JSON documents. One description per type yields decoding with its validation
// errors (decode.h) and JSON Schema (json_schema_writer.h).

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"

namespace yard::rest {

struct Dto;

// A type without a name of its own. A value; copies share the Dto they point to.
struct Type {
    enum class Kind {
        kAny,
        kString,
        kEmail,     // A string that is an e-mail address; its domain is lower-cased.
        kDateTime,  // ISO 8601 text; answers only.
        kInteger,   // 64 bits.
        kNumber,
        kBoolean,
        kObject,    // Any object.
        kMap,       // An object whose members are all of type items[0].
        kList,      // An array of items[0].
        kDto,       // An object with the fields of *dto.
        kEnum,      // One of `choices`; a component called `name`, if that is not empty.
        kTimezone,  // One of `choices`, all names of the time zone database.
        kLiteral,   // One of `choices`, spelled out where it is used.
        kUnion,     // One of `items`; answers only.
    };

    Kind kind = Kind::kAny;
    bool nullable = false;
    bool null_is_default = false;  // An explicit null stands for the field's default.
    std::vector<Type> items;
    const Dto* dto = nullptr;  // A function-local constant.
    std::vector<std::string> choices;
    std::string name;
    std::vector<std::string> key_choices;  // kMap: the keys allowed, a component called key_name.
    std::string key_name;
    std::optional<int64_t> minimum, maximum;  // kInteger
    size_t length_min = 0;                    // kString: characters.
    std::string pattern;                      // kString: RE2 syntax, anchored.
};

struct Field {
    std::string name;
    Type type;
    bool required = false;
    Value default_value;  // Null: none.
    std::string description;
    std::string title = "";  // Empty: made from the name.
    bool read_only = false;
    Value examples = {};  // Array, or null.
};

// A named object type: a component of the OpenAPI document.
struct Dto {
    std::string name;
    std::vector<Field> fields;
    std::string description = "";
    std::string title = "";    // Empty: the name.
    bool additional = false;   // Whether other members may follow.
    Value schema_extras = {};  // Further members of the schema: an object, or null.
};

inline Type Any() { return {}; }
inline Type Simple(Type::Kind kind) {
    Type type;
    type.kind = kind;
    return type;
}
inline Type Text() { return Simple(Type::Kind::kString); }
inline Type Email() { return Simple(Type::Kind::kEmail); }
inline Type DateTime() { return Simple(Type::Kind::kDateTime); }
inline Type Integer() { return Simple(Type::Kind::kInteger); }
inline Type Number() { return Simple(Type::Kind::kNumber); }
inline Type Boolean() { return Simple(Type::Kind::kBoolean); }
inline Type AnyObject() { return Simple(Type::Kind::kObject); }
Type IntegerBetween(int64_t minimum, std::optional<int64_t> maximum);
Type Nullable(Type type);
Type ListOf(Type item);
Type MapOf(Type value);
Type ObjectOf(const Dto& dto);
Type OneOf(std::string name, std::vector<std::string> choices);
Type LiteralOf(std::vector<std::string> choices);
Type AnyOf(std::vector<Type> members);

Field Required(std::string name, Type type, std::string description = "");
Field Optional(std::string name, Type type, Value default_value = {}, std::string description = "");

}  // namespace yard::rest
