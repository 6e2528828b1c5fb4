#pragma once

namespace yard {
[[noreturn]] void AssertFailed(const char* expression, const char* file, int line);
}  // namespace yard

// For programmer errors only, never for input. Compiled into every build; logs and aborts.
#define ASSERT(expression) \
    ((expression) ? void(0) : ::yard::AssertFailed(#expression, __FILE__, __LINE__))
