#pragma once

#include <string>
#include <string_view>

namespace yard {

// A fresh random (version 4) UUID as 36 lower-case characters. Thread-safe.
std::string NewUuid();

// A fresh version 7 UUID: ids made later sort later (to the millisecond), so that rows added
// together lie together in an index. For what is made by the thousand; tells when it was made.
// Thread-safe.
std::string NewOrderedUuid();

// 8-4-4-4-12 lower-case hexadecimal digits.
bool IsUuid(std::string_view text);

}  // namespace yard
