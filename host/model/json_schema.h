// A compiled JSON Schema. Draft 2020-12 semantics for the keywords block schemas use;
// docs/decisions/0004-json-schema-validator.md lists them and says why this is our own code.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/value.h"

namespace yard::model {

// Immutable and thread-safe. A valid value is accepted without allocating memory.
class JsonSchema {
public:
    // kInvalid for a schema whose keywords have values of the wrong kind; kTooLarge beyond the
    // depth limit. Unknown keywords are ignored, `format` is not enforced.
    static Result<std::shared_ptr<const JsonSchema>> Compile(View schema);
    ~JsonSchema();

    // Nothing if the value conforms. Otherwise the best matching fault in the words of the
    // reference platform, for example `'b' is a required property`.
    std::optional<std::string> Validate(View value) const;
    // The same as if the null members of the object `value` were absent.
    std::optional<std::string> ValidateIgnoringNulls(View value) const;
    // Checks `value` against `properties.<name>` alone; nothing if there is no such property.
    std::optional<std::string> ValidateProperty(std::string_view name, View value) const;

    struct Rule;  // The compiled form, in json_schema_rule.h.

private:
    JsonSchema(Value schema, std::unique_ptr<const Rule> root);

    Value schema_;  // The rules point into it.
    std::unique_ptr<const Rule> root_;
};

}  // namespace yard::model
