// Renders values as Python's repr() and str() do. Clients match on messages that contain such text.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"

namespace yard::model {

// `{'a': [1, 2.0, True, None, 'it']}`
std::string PythonRepr(View value);
void AppendPythonRepr(View value, std::string& out);
void AppendPythonRepr(std::string_view text, std::string& out);
std::string PythonRepr(std::string_view text);

// Like PythonRepr, except that a string at the top is given without quotes.
std::string PythonStr(View value);

// Like json.dumps(): ", " and ": " between values, everything but ASCII escaped.
std::string PythonJson(View value);

// The shortest text that reads back as the same double: "1.0", "1e-07", "inf".
std::string PythonFloat(double value);

// `{'a', 'b'}`; `set()` when empty.
std::string PythonSet(const std::vector<std::string>& items);

// Whether Python's bool() of the value is true: not null, false, 0, "" or empty.
bool PythonTruth(View value);

// Number of code points in valid UTF-8.
size_t CodePointCount(std::string_view text);

}  // namespace yard::model
