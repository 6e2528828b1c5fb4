// Converts a value to the type a block declares for an input. docs/graphs.md has the rules.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/value.h"

namespace yard::model {

// The type of an input as far as conversion is concerned, read from the JSON Schema of the
// property. Immutable; thread-safe.
struct DeclaredType {
    enum class Kind {
        kAny,     // Never converted: no type, a literal, a model with properties.
        kString,  // String enums too; whether the text is a choice is for the schema to say.
        kInteger,
        kNumber,
        kBoolean,
        kList,
        kObject,
        kTuple,
        kUnion,
    };

    Kind kind = Kind::kAny;
    bool nullable = false;
    // kUnion: the alternatives without null, in order. kList: [element]. kObject: [value].
    // kTuple: one per element. An element type may be missing (then nothing is converted).
    std::vector<DeclaredType> members;

    static DeclaredType FromSchema(View property_schema);

    // True only if Convert would return the value as it is.
    bool Accepts(View value) const;
    std::string PythonName() const;  // `<class 'int'>`, `list[int]`
};

// kInvalid `Failed to convert <value> to <type>`.
Result<Value> Convert(View value, const DeclaredType& type);
// The same into an open builder. On an error the builder's content is undefined.
Result<Ok> AppendConverted(View value, const DeclaredType& type, ValueBuilder& out);

}  // namespace yard::model
