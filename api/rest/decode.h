// Decodes documents and parameters as declared, in the lenient way the reference platform's clients
// rely on: "5" is an integer, "yes" a boolean, unknown members are dropped.

#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "api/rest/json_type.h"
#include "base/value.h"

namespace yard::rest {

using Location = std::vector<std::variant<std::string, int64_t>>;

// One entry of a 422 answer's `detail`.
struct ValidationError {
    std::string type;
    Location location;  // Begins with "body", "query" or "path".
    std::string message;
    Value input;
    Value context;  // Object, or null.
};

// Collects the faults of one request; keeps the first hundred.
class ValidationErrors {
public:
    void Add(ValidationError error);
    bool empty() const { return errors_.empty(); }
    // The `detail` array. Inputs are echoed while they fit into 64 KiB altogether; beyond that they
    // are null, so that a large body is not sent back many times over.
    Value ToJson() const;

private:
    std::vector<ValidationError> errors_;
};

// The value as declared: coerced, with defaults filled in (absent members without a default are
// null) and unknown members dropped. Null when a fault was added to `errors`.
Value Decode(const Type& type, View input, Location location, ValidationErrors& errors);

// Parameters of a request, each reported at `location` + its name. `input` is an object.
Value DecodeParameters(const std::vector<Field>& fields, View input, Location location,
                       ValidationErrors& errors);

ValidationError MissingError(Location location, Value input);

}  // namespace yard::rest
