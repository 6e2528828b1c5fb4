// JSON text <-> Value. RapidJSON's SAX reader and writer behind two functions.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/value.h"

namespace yard {

struct JsonError {
    size_t offset = 0;    // Bytes from the start of the text.
    std::string message;  // What was expected, in a few words.
};

// Strict RFC 8259 text in valid UTF-8. Integers of up to 64 bits are exact, other numbers become
// the nearest double; NaN, infinities and numbers beyond a double are refused. The last of several
// equal keys wins. kInvalid for malformed text, kTooLarge over a limit. `where`, if given, gets the
// place of the fault.
Result<Value> ParseJson(std::string_view text, const ValueLimits& limits = {},
                        JsonError* where = nullptr);

// Compact text. NaN and infinities become null, bytes become base64 text, credential and file
// handles null.
std::string WriteJson(View value);
void AppendJson(View value, std::string& out);

// `{"a": 1, "b": [2, 3]}` with spaces after separators and everything but ASCII escaped.
std::string WriteJsonSpaced(View value);

// `text` as a JSON string with its quotes.
std::string JsonQuote(std::string_view text);

}  // namespace yard
