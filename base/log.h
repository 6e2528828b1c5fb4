// Structured logging: a component, a sentence, and key=value fields. One line per call, on standard
// error. Control characters in any part are escaped, so a value cannot forge a line. Thread-safe.

#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace yard {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

struct LogField {
    std::string_view key;
    std::string value;
};
using LogFields = std::initializer_list<LogField>;

void SetLogLevel(LogLevel level);
bool LogEnabled(LogLevel level);

void Log(LogLevel level, std::string_view component, std::string_view message,
         LogFields fields = {});

inline void LogDebug(std::string_view component, std::string_view message, LogFields fields = {}) {
    if (LogEnabled(LogLevel::kDebug)) Log(LogLevel::kDebug, component, message, fields);
}
inline void LogInfo(std::string_view component, std::string_view message, LogFields fields = {}) {
    Log(LogLevel::kInfo, component, message, fields);
}
inline void LogWarning(std::string_view component, std::string_view message,
                       LogFields fields = {}) {
    Log(LogLevel::kWarning, component, message, fields);
}
inline void LogError(std::string_view component, std::string_view message, LogFields fields = {}) {
    Log(LogLevel::kError, component, message, fields);
}

}  // namespace yard
